"""Models with their predictions, and the truth → scores of each, differences from the selected model, McNemar's tests.

A model that the clock ended is compared with nothing: it is not worse, it is unfinished. Its own scores still need to
know how much seeds vary, which its two or three tell too little about: all models that were trained are scored together
once more, and of that the unfinished keep their intervals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from unrolled.arrays import BoolArray, IntArray
from unrolled.comparison.run_results import ModelResult
from unrolled.evaluation.mcnemar import McNemar, mcnemar_tables
from unrolled.evaluation.paired_bootstrap import PairedBootstrap, Scores, paired_bootstrap


@dataclass(frozen=True, eq=False)
class AgainstSelected:
    """What is known of each model that has a seed."""

    scores: dict[ModelResult, Scores] = field(default_factory=dict)
    mcnemar: dict[ModelResult, list[McNemar]] = field(default_factory=dict)
    seeds_known: bool = False


def against_selected(models: Sequence[ModelResult], selected: ModelResult, truth: IntArray) -> AgainstSelected:
    """Score all, and compare with the selected model those that are finished; truth (texts,) numbers the classes."""
    trained = [model for model in models if model.records]
    compared = [model for model in trained if model.state == "finished" or model is selected]
    found = _scored(compared, selected, truth)
    together = found if compared == trained else _scored(trained, selected, truth)
    scores = dict(zip(compared, found.models, strict=True))
    for model, own in zip(trained, together.models, strict=True):
        if model.state != "finished":
            scores[model] = replace(own, difference=None)
    others = [model for model in compared if model is not selected]
    tables = mcnemar_tables(_right(selected, truth), [_right(model, truth) for model in others])
    return AgainstSelected(scores, dict(zip(others, tables, strict=True)), together.seeds_known)


def _scored(models: Sequence[ModelResult], selected: ModelResult, truth: IntArray) -> PairedBootstrap:
    return paired_bootstrap([model.predictions for model in models], truth, best=models.index(selected))


def _right(model: ModelResult, truth: IntArray) -> dict[int, BoolArray]:
    return dict(zip(model.records, model.predictions == truth, strict=True))
