"""Probabilities (classes,) of one text → the answer that `predict` writes for its row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from unrolled.runtime.text_model import Floats


def answer(
    probabilities: Floats,
    labels: Sequence[str],
    *,
    top_k: int | None = None,
    all_probabilities: bool = False,
    min_probability: float = 0.0,
) -> dict[str, Any]:
    """Name the likeliest label and its probability; below `min_probability` the label is None."""
    order = np.argsort(-probabilities, kind="stable")
    best = float(probabilities[order[0]])
    told: dict[str, Any] = {"label": labels[order[0]] if best >= min_probability else None, "probability": best}
    if top_k is not None:
        told["top"] = [{"label": labels[k], "probability": float(probabilities[k])} for k in order[:top_k]]
    if all_probabilities:
        told["probabilities"] = {label: float(p) for label, p in zip(labels, probabilities, strict=True)}
    return told
