"""A case in float64 → laws of its equation: gradients are the slopes, and it equals NumPy written by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
import torch

from unrolled.arrays import AnyArray, Float64Array
from unrolled.encoder_laws.case import Case, require
from unrolled.model.encoder import Encoder
from unrolled.model.text_network import restrict
from unrolled.model.weights import initialize

# The encoder with its options, its weights, one text's word vectors (length, input_size) → (output_size,)
Equation: TypeAlias = Callable[[Encoder, dict[str, Float64Array], Float64Array], AnyArray]
STEP = 1e-6


def finite_gradients(case: Case) -> None:
    """The gradients of a batch with empty and short texts are finite."""
    for name, gradient in _gradients(replace(case, kind="torch", dtype="f8")).items():
        require(np.isfinite(gradient).all(), f"the gradient of {name} is not finite")


def gradients(case: Case) -> None:
    """In float64 the gradient of every tensor is the slope along a random direction (central differences)."""
    case = replace(case, kind="torch", dtype="f8")
    weights, found, random = _weights(case), _gradients(case), np.random.default_rng(3)
    largest = case.largest(*found.values())
    for name, gradient in found.items():
        direction = random.normal(size=gradient.shape) / np.sqrt(max(1, gradient.size))
        forward, backward = (
            float(_loss(case, {**weights, name: weights[name] + step * case.array(direction)}))
            for step in (STEP, -STEP)
        )
        slope, expected = float((gradient * direction).sum()), (forward - backward) / (2 * STEP)
        wrong = f"the gradient of {name} says a slope of {slope:.6g}, central differences {expected:.6g}"
        require(abs(slope - expected) <= 1e-6 * largest, wrong)


def _weights(case: Case) -> dict[str, torch.Tensor]:
    """Draw weights none of which is 0, where a rectifier has two slopes."""
    random, drawn = np.random.default_rng(2), initialize(case.network().weights(), 1)
    return {name: torch.as_tensor(case.array(v + random.normal(0, 0.1, v.shape))) for name, v in drawn.items()}


def _gradients(case: Case) -> dict[str, Float64Array]:
    leaves = {name: value.requires_grad_() for name, value in _weights(case).items()}
    found = torch.autograd.grad(_loss(case, leaves), list(leaves.values()), materialize_grads=True)
    return {name: gradient.numpy() for name, gradient in zip(leaves, found, strict=True)}


def _loss(case: Case, weights: dict[str, torch.Tensor]) -> torch.Tensor:
    small, ids, _ = restrict(weights, *case.batch)
    loss: torch.Tensor = case.network().logits(small, ids, case.batch[1]).square().sum()
    return loss


def equals(equation: Equation) -> Callable[[Case], None]:
    """Make the law that the encoder equals an equation to 1e-10, text by text."""

    def law(case: Case) -> None:
        case = replace(case, kind="numpy", dtype="f8")
        weights: dict[str, Any] = case.weights
        ids, lengths = case.batch
        texts = [case.table[row[:length]] for row, length in zip(ids, lengths, strict=True)]
        expected = np.stack([np.asarray(equation(case.encoder, weights, x), np.float64) for x in texts])
        found = case.encode(ids, lengths)
        require(found.shape == expected.shape, f"the equation gives {expected.shape[1:]}, not {found.shape[1:]}")
        farthest = float(np.abs(found - expected).max(initial=0))
        require(farthest <= 1e-10 * case.largest(expected), f"the encoder differs from the equation by {farthest:.2g}")

    return law
