"""What one kind of look at the data found: what it is, how serious, in which rows, and what to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np

from unrolled.arrays import Float64Array, IntArray
from unrolled.data.rows import BadRow

Severity: TypeAlias = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


def _none() -> IntArray:
    return np.empty(0, np.int64)


@dataclass(frozen=True, eq=False, kw_only=True)
class Finding:
    """One kind of problem; its rows are places in the look's arrays, the files standing one behind another."""

    kind: str
    severity: Severity
    count: int
    of: int  # what the count is a share of
    meaning: str  # one sentence
    advice: str  # what to do
    suggestion: str = ""  # what to do with one of the rows
    details: tuple[str, ...] = ()  # what else there is to say, such as the labels or words it is about
    rows: IntArray = field(default_factory=_none)
    others: IntArray | None = None  # (rows,) the row that each is compared with
    similarity: Float64Array | None = None  # (rows,) how much both are alike, by `near_duplicates`
    bad_rows: tuple[tuple[str, BadRow], ...] = ()  # file and row, of those that can't be read

    @property
    def share(self) -> float:
        """Return how much of the data it concerns."""
        return self.count / self.of if self.of else 0.0


def serious(share: float, *, above: float, severity: Severity = "warning", else_: Severity = "note") -> Severity:
    """Grade a finding by its share of the data."""
    return severity if share >= above else else_
