"""Weights at each evaluation → their mean, in which earlier ones count less and less: what is judged and kept.

    S_k = a S_{k-1} + (1 - a) W_k,    W̄_k = S_k / (1 - a^k)        S_0 = 0

The mean of points around a minimum lies nearer to it than any of them (Polyak and Juditsky 1992; Izmailov et al. 2018),
and needs no learning rate that falls at the right time. Dividing makes the shares add up to 1 (Kingma and Ba 2015).
"""

from __future__ import annotations

from collections.abc import Mapping

import torch

Tensors = Mapping[str, torch.Tensor]


class WeightAverage:
    """The mean of some weights, which are only read; `decay` is a, and 0 keeps the last ones alone."""

    def __init__(self, weights: Tensors, decay: float) -> None:
        """Begin before the first evaluation."""
        self.weights, self.decay = weights, decay
        self.sums = {name: torch.zeros_like(tensor) for name, tensor in weights.items()} if decay else {}

    def after(self, evaluations: int) -> Tensors:
        """Give the mean as it will be once these weights are counted, as the evaluation of that number (from 1)."""
        if not self.decay:
            return self.weights
        scale = 1 / (1 - self.decay**evaluations)
        return {name: self._grown(name).mul_(scale) for name in self.sums}

    def count(self) -> None:
        """Take the weights in, once they were judged."""
        for name, own in self.sums.items():
            own.copy_(self._grown(name))

    def _grown(self, name: str) -> torch.Tensor:
        return (self.sums[name] * self.decay).add_(self.weights[name], alpha=1 - self.decay)
