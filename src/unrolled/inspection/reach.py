"""A recurrent network, weights, labelled texts → how much of the gradient is left k steps back, and its half-life.

    r(k) = |dL/dh_{T-k}| / |dL/dh_T|

dL/dh_t is the whole derivative, along every path from h_t to the loss, not the output's direct one, which only the
last state has. It is measured for each text by itself, in float64, without dropout, from the text's true end. The
middle text (the median) stands for all of them, with a band for the texts between 10 and 90 %: in the median no text
counts more than another, however far its gradient has died.

The half-life is log10(2) / -slope of the straight line through log10 r(k), k < 20. Gradient reach is what training can
reach, not what is important for an answer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch

from unrolled.arrays import Float64Array, IntArray
from unrolled.errors import inspection as errors
from unrolled.inspection.replay import Side, replay
from unrolled.model.cross_entropy import cross_entropy
from unrolled.model.text_network import TextNetwork
from unrolled.model.weights import Weights

FITTED = 20  # steps back that the half-life is fitted on


@dataclass(frozen=True)
class GradientReach:
    """What is left of the gradient of one state of one layer and direction."""

    side: str  # layer.direction, as in the weights
    symbol: str  # h, or C of the lstm
    ratios: Float64Array  # (texts, steps): r(k); nan before the text begins

    @property
    def median(self) -> Float64Array:
        """r(k) of the middle text: (steps,)."""
        return self.quantile(0.5)

    def quantile(self, share: float) -> Float64Array:
        """Return the r(k) below which this share of the texts is: (steps,)."""
        return np.asarray(np.nanquantile(self.ratios, share, axis=0))

    @property
    def slope(self) -> float:
        """The change of log10 r(k) a step, fitted on the first 20; nan where fewer than two of them have any."""
        near = self.median[:FITTED]
        steps = np.flatnonzero(near > 0)
        if len(steps) < 2:
            return math.nan
        return float(np.polyfit(steps, np.log10(near[steps]), 1)[0])

    @property
    def half_life(self) -> float:
        """Words in which half of the gradient is lost: 0 where nothing arrives, infinite where it doesn't shrink."""
        slope = self.slope
        if math.isnan(slope):
            return 0.0
        return math.log10(2) / -slope if slope < 0 else math.inf


def reach(
    network: TextNetwork,
    weights: Weights,
    ids: IntArray,
    lengths: IntArray,
    labels: IntArray,
    *,
    steps: int | None = None,
) -> list[GradientReach]:
    """Measure every state of every layer and direction, at most `steps` steps from its end (that one counted).

    Raises a SettingError for an encoder that isn't recurrent, and a DataError where no text has two words, or no
    gradient a norm.
    """
    if lengths.max(initial=0) < 2:
        raise errors.texts_too_short(int(lengths.max(initial=0)))
    run = replay(network, weights, ids, lengths, steps=steps)
    loss = cross_entropy(run.logits, labels)
    return [
        GradientReach(side.name, symbol, _ratios(loss, side, place, lengths, steps))
        for side in run.sides
        for place, symbol in enumerate(side.symbols)
    ]


def _ratios(loss: torch.Tensor, side: Side, place: int, lengths: IntArray, steps: int | None) -> Float64Array:
    states = [found[place] for found in side.found[:steps]]
    gradients = torch.autograd.grad(loss, states, retain_graph=True, materialize_grads=True)
    norms = torch.stack([_norms(g) for g in gradients], dim=1).numpy()
    if not np.isfinite(norms).all():
        raise errors.not_finite(side.name)
    measured = norms[:, 0] > 0  # a text without words has no gradient, nor one whose answer is certain
    if not measured.any():
        raise errors.no_gradient()
    norms, lengths = norms[measured], lengths[measured]
    inside = np.arange(norms.shape[1]) < lengths[:, None]
    ratios = np.where(inside, norms / norms[:, :1], np.nan)
    return np.asarray(ratios[:, : lengths.max()])


def _norms(rows: torch.Tensor) -> torch.Tensor:
    """Measure each row; scaled first, as the squares of 1e-170 are 0."""
    largest = rows.abs().amax(dim=1).clamp_min(torch.finfo(rows.dtype).tiny)
    norms: torch.Tensor = largest * torch.linalg.vector_norm(rows / largest[:, None], dim=1)
    return norms
