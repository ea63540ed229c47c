"""A damaged file → exactly what `train`, `evaluate` and `predict` say of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Bad = tuple[int, str, str]  # row, its lines, the reason

LATIN = "is not UTF-8 (another encoding? --encoding latin-1)"
QUOTING = "wrong quoting: ',' expected after '\"'"
START = b"text,label\nfine film,good\n"
END = b"dull film,bad\nfine fun,good\ndull fun,bad\n"


@dataclass(frozen=True)
class File:
    """A file, and what is said of it; `{path}` stands for its path."""

    content: bytes | Callable[[Path], object]
    rows: int = 0
    bad: tuple[Bad, ...] = ()  # for all three commands
    without_label: tuple[Bad, ...] = ()  # where labels are wanted
    said: tuple[str, ...] = ()  # by all three
    said_of_labels: tuple[str, ...] = ()  # by train and evaluate
    refused: str = ""  # by all three
    no_training: str = ""  # refused by train alone
    no_labels: str = ""  # refused by train and evaluate
    no_prediction: str = ""  # refused by predict alone
    name: str = "reviews.csv"
    words: tuple[str, ...] = ()


def csv(damage: bytes) -> bytes:
    """Put a damaged place between three rows before and after it: it begins with row 2, in line 3."""
    return START + damage + b"\n" + END


CLEAN = csv(b"fine words,good")
