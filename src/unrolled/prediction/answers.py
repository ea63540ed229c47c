"""Probabilities (texts, classes) → the answer that `predict` writes for each text's row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from unrolled.arrays import Float64Array, FloatArray

Answer = dict[str, Any]


def format_predictions(
    probabilities: FloatArray,
    labels: Sequence[str],
    *,
    top_k: int | None = None,
    all_probabilities: bool = False,
    min_probability: float | Float64Array = 0.0,
) -> list[Answer]:
    """Name each text's likeliest label and its probability; below `min_probability` the label is None.

    `min_probability` is one number, or one for each label: (labels,).
    """
    lowest = np.broadcast_to(min_probability, len(labels)).tolist()
    likeliest, highest = probabilities.argmax(axis=1).tolist(), probabilities.max(axis=1).tolist()
    formatted: list[Answer] = [
        {"label": labels[k] if best >= lowest[k] else None, "probability": best}
        for k, best in zip(likeliest, highest, strict=True)
    ]
    if top_k is not None:
        for answer, top in zip(formatted, _top(probabilities, labels, top_k), strict=True):
            answer["top"] = top
    if all_probabilities:
        for answer, row in zip(formatted, probabilities.tolist(), strict=True):
            answer["probabilities"] = dict(zip(labels, row, strict=True))
    return formatted


def _top(probabilities: FloatArray, labels: Sequence[str], most: int) -> list[list[Answer]]:
    order = np.argsort(-probabilities, axis=1, kind="stable")[:, :most]
    ranked = np.take_along_axis(probabilities, order, axis=1)
    return [
        [{"label": labels[k], "probability": p} for k, p in zip(places, row, strict=True)]
        for places, row in zip(order.tolist(), ranked.tolist(), strict=True)
    ]
