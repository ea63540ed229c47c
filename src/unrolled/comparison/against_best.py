"""Models with their predictions, and the truth → scores of each, differences from the best, McNemar's tests.

A model that the clock ended is scored by itself and compared with nothing: it is not worse, it is unfinished.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from unrolled.comparison.judged import Judged
from unrolled.evaluation.mcnemar import McNemar, mcnemar_tables
from unrolled.evaluation.paired_bootstrap import Scores, paired_bootstrap
from unrolled.evaluation.text_draws import Bools, Integers


@dataclass(frozen=True, eq=False)
class AgainstBest:
    """What is known of each model that has a seed."""

    scores: dict[Judged, Scores] = field(default_factory=dict)
    mcnemar: dict[Judged, list[McNemar]] = field(default_factory=dict)
    seeds_known: bool = False


def against_best(models: Sequence[Judged], best: Judged, truth: Integers) -> AgainstBest:
    """Score all, and compare with the best those that are finished; truth (texts,) numbers the classes."""
    alone = [model for model in models if model.records and model.state != "finished" and model is not best]
    compared = [model for model in models if model.state == "finished" or model is best]
    found = paired_bootstrap([model.predictions for model in compared], truth, best=compared.index(best))
    scores = dict(zip(compared, found.models, strict=True))
    for model in alone:
        scores[model] = paired_bootstrap([model.predictions], truth, best=0).models[0]
    others = [model for model in compared if model is not best]
    tables = mcnemar_tables(_right(best, truth), [_right(model, truth) for model in others])
    return AgainstBest(scores, dict(zip(others, tables, strict=True)), found.seeds_known)


def _right(model: Judged, truth: Integers) -> dict[int, Bools]:
    return dict(zip(model.records, model.predictions == truth, strict=True))
