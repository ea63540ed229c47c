"""An encoder → its encodings and gradients in float64, to hold against equations written out in the tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
import pytest
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from unrolled.arrays import IntArray
from unrolled.model.encoder import Encoder
from unrolled.model.weights import initialize, select

Arrays: TypeAlias = dict[str, np.ndarray[Any, Any]]
States: TypeAlias = Callable[[Arrays, list[Any]], list[Any]]
Equation: TypeAlias = Callable[[Arrays, np.ndarray[Any, Any], IntArray, IntArray], np.ndarray[Any, Any]]


@pytest.fixture
def draw() -> Callable[[Encoder, int], Arrays]:
    """How to draw an encoder's weights in float64, none of them 0."""

    def drawn(encoder: Encoder, seed: int = 0) -> Arrays:
        random = np.random.default_rng(seed)
        return {name: w + random.normal(0, 0.3, w.shape) for name, w in initialize(encoder.weights(), seed).items()}

    return drawn


@pytest.fixture
def encode() -> Callable[[Encoder, Mapping[str, Any], Any, IntArray, IntArray], Any]:
    """How to encode texts: weights, vectors (words, input_size), ids (texts, length), lengths (texts,)."""

    def encoded(encoder: Encoder, weights: Mapping[str, Any], vectors: Any, ids: IntArray, lengths: IntArray) -> Any:
        return encoder.encode(weights, encoder.project_tokens(weights, vectors), ids, lengths)

    return encoded


@pytest.fixture
def largest_error_of_gradients(encode: Callable[..., Any]) -> Callable[..., float]:
    """How far the gradients of all weights and vectors lie from the equation's central differences at most."""

    def largest_error(
        encoder: Encoder, equation: Equation, weights: Arrays, vectors: Any, ids: IntArray, lengths: IntArray
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


@pytest.fixture
def layered() -> Callable[[States, str], Equation]:
    """How to read texts layer by layer and both ways, given the states of one layer and direction, and pool them."""

    def equation_of(states: States, pooling: str) -> Equation:
        def equation(weights: Arrays, x: Any, ids: IntArray, lengths: IntArray) -> Any:
            return np.array([one_text(weights, [x[word] for word in w[:T]]) for w, T in zip(ids, lengths, strict=True)])

        def one_text(weights: Arrays, x: list[Any]) -> Any:
            layer = 0
            while f"{layer}.forward.W" in weights:
                sides = [states(select(weights, f"{layer}.forward"), x)]
                if f"{layer}.backward.W" in weights:
                    sides.append(states(select(weights, f"{layer}.backward"), x[::-1])[::-1])
                x = [np.concatenate(both) for both in zip(*sides, strict=True)]
                layer += 1
            if not x:
                return np.zeros(len(sides) * len(weights["0.forward.W"]))
            ends = [sides[0][-1], *(side[0] for side in sides[1:])]  # where each direction has read the whole text
            return {"last": np.concatenate(ends), "mean": sum(x) / len(x), "max": np.max(x, axis=0)}[pooling]

        return equation

    return equation_of


@pytest.fixture
def far_from_torch(encode: Callable[..., Any]) -> Callable[..., float]:
    """How far encodings, and the gradients of all weights and vectors, lie from those of a network of torch at most.

    `mapped` turns the weights of one layer and direction into torch's: weight_ih, weight_hh, bias_ih, bias_hh.
    """

    def farthest(
        encoder: Any,
        network: torch.nn.RNNBase,
        mapped: Callable[[Mapping[str, Any]], Mapping[str, Any]],
        weights: Arrays,
        vectors: Any,
        ids: IntArray,
        lengths: IntArray,
    ) -> float:
        known = lengths > 0  # torch packs no empty texts
        ids, lengths = np.minimum(ids[known], len(vectors) - 1), lengths[known]
        leaves = {name: torch.tensor(w, requires_grad=True) for name, w in {**weights, "vectors": vectors}.items()}
        own = {
            f"{name}_l{layer}{end}": tensor
            for layer in range(encoder.num_layers)
            for direction, end in (("forward", ""), ("backward", "_reverse"))[: 1 + encoder.bidirectional]
            for name, tensor in mapped(select(leaves, f"{layer}.{direction}")).items()
        }
        packed = pack_padded_sequence(
            leaves["vectors"][torch.tensor(ids)], torch.tensor(lengths), batch_first=True, enforce_sorted=False
        )
        output, last = torch.func.functional_call(network, own, (packed,))
        padded = pad_packed_sequence(output, batch_first=True)[0]
        rows = [row[:T] for row, T in zip(padded, lengths, strict=True)]
        h = last[0] if isinstance(last, tuple) else last
        theirs = {
            "last": torch.cat([*(h[-2:] if encoder.bidirectional else h[-1:])], dim=1),
            "mean": torch.stack([row.mean(dim=0) for row in rows]),
            "max": torch.stack([row.amax(dim=0) for row in rows]),
        }[encoder.pooling]
        ours = encode(encoder, leaves, leaves["vectors"], ids, lengths)
        seen = torch.tensor(np.random.default_rng(4).normal(size=tuple(ours.shape)))
        one, other = (torch.autograd.grad((y * seen).sum(), [*leaves.values()]) for y in (ours, theirs))
        distances = [(a - b).abs().max() for a, b in zip([ours, *one], [theirs, *other], strict=True)]
        return torch.stack(distances).max().item()

    return farthest


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
