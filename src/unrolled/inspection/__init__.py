"""A network, its weights and some texts → what back-propagation does in it: through time and through layers."""

from unrolled.environment.packages import TORCH

TORCH.require("looking inside networks")  # before the imports, which would fail with less to say

from unrolled.inspection.layers import LayerNorms, layer_norms
from unrolled.inspection.reach import GradientReach, reach
from unrolled.inspection.replay import Replay, replay
from unrolled.inspection.terms import blocks, norms, shares, terms_through_time

__all__ = [
    "GradientReach",
    "LayerNorms",
    "Replay",
    "blocks",
    "layer_norms",
    "norms",
    "reach",
    "replay",
    "shares",
    "terms_through_time",
]
