"""Runs of the full table → lines of build/accuracy.jsonl, kept as they end, and read again.

A later line stands for an earlier one of the same data set, model, seed and fold. What was measured of ours with other
defaults than today's is passed over.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.judged_models import MODELS
from benchmarks.real_texts import ROOT
from benchmarks.tutorials.answers import Answers

KEPT = ROOT / "build" / "accuracy.jsonl"
Key = tuple[str, str, int, int | None]  # data, model, seed, fold


@dataclass(frozen=True)
class Record:
    """A run: what it answered, or why it did not; `limit` in processor seconds."""

    data: str
    model: str
    seed: int
    fold: int | None
    limit: float
    settings: str
    machine: str
    versions: dict[str, str]
    answers: Answers | None
    failed: str

    @property
    def key(self) -> Key:
        """Tell runs apart."""
        return self.data, self.model, self.seed, self.fold

    @classmethod
    def of(cls, told: dict[str, Any]) -> Record:
        """Read a record."""
        answers = Answers(**told["answers"]) if told["answers"] else None
        return cls(**{**told, "answers": answers})


def keep(record: Record) -> None:
    """Append a record, a line in one piece."""
    KEPT.parent.mkdir(exist_ok=True)
    with KEPT.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(record)) + "\n")


def kept() -> tuple[dict[Key, Record], int]:
    """Read all records of today's models and defaults, and count those of others."""
    lines = KEPT.read_text(encoding="utf-8").splitlines() if KEPT.exists() else []
    latest = {record.key: record for record in map(Record.of, map(json.loads, lines))}
    settings = {name: model.settings() for name, model in MODELS.items()}
    found = {key: record for key, record in latest.items() if settings.get(record.model) == record.settings}
    return found, len(latest) - len(found)


def versions(records: Sequence[Record]) -> str:
    """List what was computed with, and on what."""
    told: dict[str, set[str]] = {}
    for record in records:
        for package, version in record.versions.items():
            told.setdefault(package, set()).add(version)
    listed = ", ".join(f"{package} {' and '.join(sorted(found))}" for package, found in told.items())
    machines = " and ".join(sorted({record.machine for record in records}))
    return f"Measured on {machines}; {listed}."
