"""A benchmark and where its results lie → its command line, and its report, printed or written there."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.real_texts import ROOT

FOLDER = ROOT / "benchmarks"


def command_line(description: str | None, *results: Path) -> argparse.ArgumentParser:
    """Begin a command line, which has `--write` where there are files to write."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    if results:
        names = " and ".join(str(path.relative_to(ROOT)) for path in results)
        parser.add_argument("--write", action="store_true", help=f"write {names}")
    return parser


def tell(report: str, results: Path, *, write: bool) -> None:
    """Write the report, or print it."""
    if write:
        results.write_text(report, encoding="utf-8")
    else:
        print(report)
