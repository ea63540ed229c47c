"""Why a target precision has no texts that could prove it → what `train` and the model card say of it."""

from __future__ import annotations

from typing import Literal

NoEvidence = Literal[
    "no_new_texts", "base_without_fingerprints", "all_in_dev", "max_length", "vectors", "too_few_texts", "interrupted"
]

REASONS: dict[str, str] = {
    "no_new_texts": "the model or one that it was trained further from has seen every text of TRAIN",
    "base_without_fingerprints": "the model that it was trained further from has no fingerprints of its texts, so any "
    "text may be one of these",
    "all_in_dev": "every text of TRAIN is also a validation text (--dev), so training was stopped by it",
    "max_length": "the models read only the first words of a text, and marks that move this cut make a known text "
    "pass as new",
    "vectors": "word vectors were given to it or to the model that it was trained further from, and they may have been "
    "trained on any text",
    "too_few_texts": "there are too few different texts, or a label has too few, to hold some of them out",
    "interrupted": "training ended before thresholds could be chosen",
}
STEPS: dict[str, str] = {
    "no_new_texts": "Add new texts to TRAIN.",
    "base_without_fingerprints": "Train a model from the beginning, without --base-model and --no-fingerprints.",
    "all_in_dev": "Give --dev other texts than TRAIN, or leave it out.",
    "max_length": "Train a model from the beginning, or one that reads whole texts.",
    "vectors": "Train a model from the beginning, without vectors.",
    "too_few_texts": "Give more texts.",
    "interrupted": "Train to the end.",
}
