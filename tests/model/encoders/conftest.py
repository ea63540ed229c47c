"""An encoder → its encodings and gradients in float64, to hold against equations written out in the tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
import pytest
import torch

from unrolled.model.encoder import Encoder, Integers
from unrolled.model.weights import initialise

Arrays: TypeAlias = dict[str, np.ndarray[Any, Any]]
Equation: TypeAlias = Callable[[Arrays, np.ndarray[Any, Any], Integers, Integers], np.ndarray[Any, Any]]


@pytest.fixture
def draw() -> Callable[[Encoder, int], Arrays]:
    """How to draw an encoder's weights in float64, none of them 0."""

    def drawn(encoder: Encoder, seed: int = 0) -> Arrays:
        random = np.random.default_rng(seed)
        return {name: w + random.normal(0, 0.3, w.shape) for name, w in initialise(encoder.weights(), seed).items()}

    return drawn


@pytest.fixture
def encode() -> Callable[[Encoder, Mapping[str, Any], Any, Integers, Integers], Any]:
    """How to encode texts: weights, vectors (words, input_size), ids (texts, length), lengths (texts,)."""

    def encoded(encoder: Encoder, weights: Mapping[str, Any], vectors: Any, ids: Integers, lengths: Integers) -> Any:
        return encoder.read(weights, encoder.project(weights, vectors), ids, lengths)

    return encoded


@pytest.fixture
def largest_error_of_gradients(encode: Callable[..., Any]) -> Callable[..., float]:
    """How far the gradients of all weights and vectors lie from the equation's central differences at most."""

    def largest_error(
        encoder: Encoder, equation: Equation, weights: Arrays, vectors: Any, ids: Integers, lengths: Integers
    ) -> float:
        inputs = {**weights, "vectors": vectors}
        seen = np.random.default_rng(3).normal(size=(len(ids), encoder.output_size))  # makes one number of an encoding

        def number() -> float:
            return float((equation(inputs, inputs["vectors"], ids, lengths) * seen).sum())

        leaves = {name: torch.tensor(value, requires_grad=True) for name, value in inputs.items()}
        result = (encode(encoder, leaves, leaves["vectors"], ids, lengths) * torch.tensor(seen)).sum()
        gradients = torch.autograd.grad(result, list(leaves.values()))
        errors = [
            np.abs(g.numpy() - differences(number, inputs[n])).max() for n, g in zip(leaves, gradients, strict=True)
        ]
        return float(max(errors))

    return largest_error


def differences(function: Callable[[], float], array: np.ndarray[Any, Any], step: float = 1e-6) -> Any:
    """Take central differences of a function with respect to every entry of an array that it reads."""
    found = np.empty_like(array)
    for place in np.ndindex(array.shape):
        kept = array[place]
        array[place] = kept + step
        above = function()
        array[place] = kept - step
        found[place] = (above - function()) / (2 * step)
        array[place] = kept
    return found
