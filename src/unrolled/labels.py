"""Texts and labels as a Python user gives them → lists of strings, checked, and the classes as they were given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from unrolled.errors import texts as errors

Labels = np.ndarray[Any, Any]


def checked_texts(texts: Sequence[str]) -> list[str]:
    """List the texts; raises a DataError for what isn't a string."""
    if isinstance(texts, str):
        raise errors.one_string()
    listed = list(texts)
    for position, text in enumerate(listed):
        if not isinstance(text, str):
            raise errors.not_texts(position, text)
    return [str(text) for text in listed]


def checked_pairs(texts: Sequence[str], labels: Sequence[Any]) -> tuple[list[str], list[str]]:
    """List texts and labels as strings; raises a DataError unless they pair up."""
    listed = checked_texts(texts)
    if len(listed) != len(labels):
        raise errors.different_lengths(len(listed), len(labels))
    return listed, [_spelt(position, label) for position, label in enumerate(labels)]


def given_classes(labels: Sequence[Any]) -> Labels:
    """List the classes as they were given, sorted: (classes,), of objects where they are strings."""
    kinds = {str if isinstance(label, str) else int for label in labels}
    if len(kinds) > 1:
        raise errors.mixed_labels()
    return np.unique(np.array(list(labels), dtype=object if str in kinds else None))


def _spelt(position: int, label: Any) -> str:
    whole = isinstance(label, bool | np.bool_) or hasattr(label, "__index__")
    if (isinstance(label, str) and label) or whole:
        return str(label)
    raise errors.unusable_label(position, label)
