"""Weights at each evaluation → their mean, in which earlier ones count less and less: what is evaluated and saved.

    M_k = M_{k-1} + c_k (W_k - M_{k-1}),    c_k = (1 - a) / (1 - a^k)        so M_1 = W_1

The mean of points around a minimum is nearer to it than any of them (Polyak and Juditsky 1992; Izmailov et al. 2018),
and needs no learning rate that falls at the right time. W_i has the share a^(k-i) (1 - a) / (1 - a^k), Adam's corrected
mean (Kingma and Ba 2015); told as a step towards W_k, what never moves keeps all its bits.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch

Tensors = Mapping[str, torch.Tensor]


class WeightEMA:
    """The mean of some weights, which are only read; `decay` is a, and 0 keeps the last ones alone."""

    def __init__(self, weights: Tensors, decay: float) -> None:
        """Begin before the first evaluation."""
        self.weights, self.decay = weights, decay
        self.means = {name: torch.zeros_like(tensor) for name, tensor in weights.items()} if decay else {}

    def eval_weights(self, evaluations: int) -> Tensors:
        """Return the mean as it will be once these weights are counted, as the evaluation of that number (from 1)."""
        if not self.decay:
            return self.weights
        share = self._share(evaluations)
        return {name: mean.lerp(self.weights[name], share) for name, mean in self.means.items()}

    def update(self, evaluations: int) -> None:
        """Take the weights in, once they were evaluated in that evaluation."""
        for name, mean in self.means.items():
            mean.lerp_(self.weights[name], self._share(evaluations))

    def _share(self, evaluations: int) -> float:
        return (1 - self.decay) / (1 - self.decay**evaluations)
