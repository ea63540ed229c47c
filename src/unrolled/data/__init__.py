"""Files → rows, labelled texts, and a split: the names that a user imports, each loaded when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from unrolled.data.labelled import Labelled, read_labelled, usable_pairs
    from unrolled.data.labelled_corpus import LabelledCorpus, gather
    from unrolled.data.read import read_rows
    from unrolled.data.rows import BadRow, Row
    from unrolled.data.split import split_off

__all__ = [
    "BadRow",
    "Labelled",
    "LabelledCorpus",
    "Row",
    "gather",
    "read_labelled",
    "read_rows",
    "split_off",
    "usable_pairs",
]
_FILES = ("labelled", "labelled_corpus", "read", "rows", "split")


def __getattr__(name: str) -> Any:
    """Import a name's file: who predicts needs only that of the rows, and is not kept waiting for the others."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    files = (import_module(f"{__name__}.{file}") for file in _FILES)
    return next(getattr(file, name) for file in files if name in vars(file))
