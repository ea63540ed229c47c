"""Fingerprints of a file's texts and of a model's → how many rows taught the model, and its accuracy on the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from unrolled.arrays import FloatArray
from unrolled.evaluation.bootstrap import Interval
from unrolled.evaluation.evaluation import evaluate
from unrolled.text.fingerprints import Fingerprints, TextFingerprints


@dataclass(frozen=True)
class SeenTexts:
    """Rows, and distinct texts, that the model was trained on; other ones that chose its epoch or threshold.

    `unseen_accuracy` is that on the rows that did neither, where there are such rows and others.
    """

    rows: int
    texts: int
    selection_rows: int
    selection_texts: int
    unseen_rows: int
    unseen_accuracy: Interval | None

    @property
    def seen_rows(self) -> int:
        """Rows that taught the model in any way."""
        return self.rows + self.selection_rows

    def as_json(self) -> dict[str, Any]:
        """Return the same as plain Python values, with the keys that `evaluate --json` has."""
        return asdict(self)


def count_seen(
    known: TextFingerprints | None,
    own: Fingerprints,
    labels: Sequence[str],
    probabilities: FloatArray,
    classes: Sequence[str],
) -> SeenTexts | None:
    """Count the rows by their fingerprints (rows,); None for a model that has none of its own."""
    if known is None:
        return None
    trained, chose = known.in_training(own), known.in_selection(own)
    unseen = np.flatnonzero(~(trained | chose))
    accuracy = None
    if 0 < len(unseen) < len(own):
        accuracy = evaluate([labels[row] for row in unseen.tolist()], probabilities[unseen], classes).accuracy
    texts = (len(np.unique(own[rows])) for rows in (trained, chose))
    return SeenTexts(int(trained.sum()), next(texts), int(chose.sum()), next(texts), len(unseen), accuracy)
