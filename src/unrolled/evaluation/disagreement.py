"""Predictions of models (seeds, texts) → what each says most often of a text, and the texts that divide the models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from unrolled.arrays import IntArray


@dataclass(frozen=True, eq=False)
class DisputedText:
    """How many texts at least two models read differently, the first of their rows, and the answers (rows, models)."""

    count: int
    rows: IntArray
    answers: IntArray


def majority(predictions: IntArray) -> IntArray:
    """Return the label that most seeds (seeds, texts) predict → (texts,); of ties the first seed's."""
    votes = np.stack([(predictions == of_seed).sum(axis=0) for of_seed in predictions])
    chosen: IntArray = np.take_along_axis(predictions, votes.argmax(axis=0)[np.newaxis], axis=0)[0]
    return chosen


def most_disputed(predictions: Sequence[IntArray], first: int) -> DisputedText:
    """Find the texts that divide the models most, at most `first` of them: the fewer agree the earlier, then by row."""
    answers = np.stack([majority(of_model) for of_model in predictions], axis=1)
    agreeing = (answers[:, :, np.newaxis] == answers[:, np.newaxis]).sum(axis=2).max(axis=1)
    rows = np.flatnonzero(agreeing < len(predictions))
    shown = rows[np.argsort(agreeing[rows], kind="stable")][:first]
    return DisputedText(len(rows), shown, answers[shown])
