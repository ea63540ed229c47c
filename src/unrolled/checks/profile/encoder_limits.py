"""Lengths of texts in words → their percentiles, and what each encoder reads of them by default."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from unrolled.arrays import IntArray
from unrolled.model.encoder import HasMaxLength
from unrolled.model.registry import encoder_names, make_encoder

PERCENTILES = (0, 25, 50, 75, 90, 99, 100)


class EncoderLimits(NamedTuple):
    """What an encoder reads with its defaults: the first words only, or this many in a row together; None for all."""

    encoder: str
    max_length: int | None
    receptive_field: int | None


def percentiles(lengths: IntArray) -> dict[str, int]:
    """Return percentiles of the lengths."""
    if not len(lengths):
        return {}
    found = np.percentile(lengths, PERCENTILES, method="inverted_cdf")
    return {str(rank): int(length) for rank, length in zip(PERCENTILES, found, strict=True)}


def encoder_limits() -> list[EncoderLimits]:
    """Ask every encoder there is."""
    made = {name: make_encoder(name, 1, {}) for name in encoder_names()}
    return [
        EncoderLimits(name, encoder.max_length if isinstance(encoder, HasMaxLength) else None, encoder.receptive_field)
        for name, encoder in made.items()
    ]
