"""Texts that are longer than an encoder reads by default."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from unrolled.checks.findings.finding import Finding
from unrolled.checks.profile.dataset_profile import DatasetProfile
from unrolled.checks.profile.encoder_limits import encoder_limits

ORDER = 9  # among findings that are as serious


def check(profile: DatasetProfile) -> Iterator[Finding]:
    """Find texts that an encoder cuts."""
    for read in encoder_limits():
        rows = np.flatnonzero(profile.corpus.lengths > read.max_length) if read.max_length else ()
        if len(rows):
            yield Finding(
                kind="longer_than_read",
                severity="note",
                count=len(rows),
                of=len(profile),
                meaning=f"These texts are longer than the {read.max_length} words that '{read.encoder}' reads.",
                advice=f"For --encoder {read.encoder}, choose a larger --max-length; the others read whole texts.",
                details=(f"the longest has {int(profile.corpus.lengths.max()):,} words",),
            )
