"""Which texts a model has right, or what it predicts → its scores on texts drawn with replacement, seed by seed.

All columns of one call are scored on the same draws: that is what pairs models. Accuracy is a sum over the texts, so a
draw is a product with how often each text was drawn. Macro F1 needs counts by class: texts that are the same to all
seeds of a model, in truth and predictions, are one cell, and as in `bootstrap.py` cells are drawn, which is exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from unrolled.arrays import BoolArray, Float32Array, Float64Array, IntArray
from unrolled.evaluation.bootstrap import AT_ONCE, by_class
from unrolled.evaluation.scores import Counts, summary

MACRO_F1 = 1  # its place in `summary`


def drawn_accuracies(right: BoolArray, generator: np.random.Generator, resamples: int) -> Float64Array:
    """Draw the texts of right (columns, texts) → the accuracy of each column (resamples, columns)."""
    columns = right.astype(np.float32)  # counts are exact in float32 up to 2**24 texts
    drawn = [columns @ times.T for times in _times(right.shape[1], generator, resamples)]
    shares: Float64Array = np.concatenate(drawn, axis=1).T.astype(np.float64) / right.shape[1]
    return shares


def _times(texts: int, generator: np.random.Generator, resamples: int) -> Iterator[Float32Array]:
    """How often each text is drawn, in blocks (draws, texts) of limited size."""
    at_once = max(1, AT_ONCE // texts)
    for start in range(0, resamples, at_once):
        size = min(at_once, resamples - start)
        rows = generator.integers(0, texts, size=(size, texts))
        rows += texts * np.arange(size)[:, np.newaxis]
        yield np.bincount(rows.ravel(), minlength=size * texts).reshape(size, texts).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Cells:
    """Groups of texts that are the same to all seeds of a model: classes in truth, by each seed, how many texts."""

    true: NDArray[np.intp]  # (cells,)
    predicted: NDArray[np.intp]  # (seeds, cells)
    texts: IntArray  # (cells,)
    classes: int  # how many


def cells_of(truth: IntArray, predictions: IntArray) -> Cells:
    """Group the texts by their true class and what a model's seeds (seeds, texts) predict."""
    rows = np.concatenate([truth[np.newaxis], predictions])
    labels, classes = np.unique(rows, return_inverse=True)
    cells, texts = np.unique(classes.reshape(rows.shape), axis=1, return_counts=True)
    return Cells(cells[0], cells[1:], texts.astype(np.int64), len(labels))


def macro_f1s(cells: Cells) -> Float64Array:
    """Score each seed of a model → (seeds,), over the classes that occur, as `evaluate` does."""
    (scores,) = _scores(cells, cells.texts[np.newaxis])
    return np.asarray(scores)


def drawn_macro_f1s(cells: Cells, generator: np.random.Generator, resamples: int) -> Float64Array:
    """Draw the texts and score each seed of a model → (resamples, seeds)."""
    texts, at_once = cells.texts.sum(), max(1, AT_ONCE // max(len(cells.texts), cells.classes))
    sizes = [min(at_once, resamples - start) for start in range(0, resamples, at_once)]
    return np.concatenate(
        [_scores(cells, generator.multinomial(texts, cells.texts / texts, size=size)) for size in sizes]
    )


def _scores(cells: Cells, drawn: IntArray) -> Float64Array:
    """Macro F1 (draws, seeds) of how often each cell was drawn (draws, cells)."""
    support, scores = by_class(drawn, cells.true, cells.classes), []
    for predicted in cells.predicted:
        right = cells.true == predicted
        true_positives = by_class(drawn[:, right], predicted[right], cells.classes)
        counts = Counts(true_positives, support, by_class(drawn, predicted, cells.classes))
        scores.append(summary(counts)[:, MACRO_F1])
    return np.stack(scores, axis=1)
