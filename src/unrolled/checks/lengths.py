"""Lengths of texts in words → their percentiles, and what each encoder reads of them by default."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from unrolled.arrays import IntArray
from unrolled.checks.finding import Finding
from unrolled.model.encoder import HasMaxLength
from unrolled.model.registry import encoder_names, make_encoder

if TYPE_CHECKING:
    from unrolled.checks.profile import DatasetProfile

PERCENTILES = (0, 25, 50, 75, 90, 99, 100)


class EncoderLimits(NamedTuple):
    """What an encoder reads with its defaults: the first words only, or so many in a row together; None for all."""

    encoder: str
    max_length: int | None
    receptive_field: int | None


def percentiles(lengths: IntArray) -> dict[str, int]:
    """Give the lengths that so many in a hundred texts don't exceed."""
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


def lengths(look: DatasetProfile) -> Iterator[Finding]:
    """Find texts that an encoder cuts."""
    for read in encoder_limits():
        rows = np.flatnonzero(look.corpus.lengths > read.max_length) if read.max_length else ()
        if len(rows):
            yield Finding(
                kind="longer_than_read",
                severity="note",
                count=len(rows),
                of=len(look),
                meaning=f"These texts are longer than the {read.max_length} words that '{read.encoder}' reads.",
                advice=f"For --encoder {read.encoder}, choose a larger --max-length; the others read whole texts.",
                details=(f"the longest has {int(look.corpus.lengths.max()):,} words",),
            )
