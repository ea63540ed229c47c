"""The recorded mutants, one a line of `mutants.tsv`: what was mutated, how to find it again, and what became of it."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TABLE, MOVED = HERE / "mutants.tsv", HERE / "moved.toml"
MARK = "\t"


@dataclass(frozen=True)
class Row:
    """One mutant. `outcome` is killed, survived or timeout, or empty before it was run."""

    area: str
    module: str
    function: str
    kind: str
    ordinal: int
    fingerprint: str
    statement: str
    within: int
    line_number: int
    line: str
    edit: str
    outcome: str = ""
    test: str = ""
    tests_run: int = 0
    seconds: float = 0.0

    @property
    def key(self) -> str:
        """Return the name of this mutant."""
        return f"{self.module}:{self.function}#{self.kind}#{self.ordinal}"

    def with_outcome(self, outcome: str, test: str, tests_run: int, seconds: float) -> Row:
        """Return this row with what became of the mutant."""
        return replace(self, outcome=outcome, test=test, tests_run=tests_run, seconds=round(seconds, 1))


def write(rows: Iterable[Row], path: Path = TABLE) -> None:
    """Write the table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [one.name for one in fields(Row)], delimiter=MARK, lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(row) for row in rows)


def read(path: Path = TABLE) -> list[Row]:
    """Read the table."""
    if not path.is_file():
        raise SystemExit(f"{path.name} doesn't exist. Run `python -m tests.mutants draw` first.")
    with path.open(encoding="utf-8", newline="") as file:
        return [_row(line) for line in csv.DictReader(file, delimiter=MARK)]


def _row(line: Mapping[str, str]) -> Row:
    numbers: dict[str, Any] = {"ordinal": int, "within": int, "line_number": int, "tests_run": int, "seconds": float}
    return Row(**{name: numbers.get(name, str)(value) for name, value in line.items()})


def read_moved(path: Path = MOVED) -> dict[str, str]:
    """Read the map, kept by hand, from functions or mutants of the record to those of today."""
    return tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}
