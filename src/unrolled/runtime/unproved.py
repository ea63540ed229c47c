"""Why a target precision has no texts that could prove it → what `train` and the model card say of it."""

from __future__ import annotations

from typing import Literal

Unproved = Literal["no_new_texts", "base_without_fingerprints"]

REASONS: dict[str, str] = {
    "no_new_texts": "the model or one that it was trained further from has seen every text that could be held out",
    "base_without_fingerprints": "the model that it was trained further from has no fingerprints of its texts, so any "
    "text may be one of these",
}
STEPS: dict[str, str] = {
    "no_new_texts": "Give texts that are new to both, in TRAIN or --dev FILE.",
    "base_without_fingerprints": "Train a model from the beginning, without --start-from and --no-fingerprints.",
}
