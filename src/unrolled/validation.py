"""Texts and labels as a Python user gives them → lists of strings, checked, and the classes as they were given."""

from __future__ import annotations

import numbers
from collections.abc import Sequence
from typing import Any

import numpy as np

from unrolled.arrays import AnyArray
from unrolled.errors import texts as errors

_BOOLEANS = bool | np.bool_


def check_texts(texts: Sequence[str]) -> list[str]:
    """List the texts; raises a DataError for what isn't a list of strings."""
    if not _is_list(texts):
        raise errors.no_list("texts", type(texts).__name__)
    for position, text in enumerate(listed := list(texts)):
        if not isinstance(text, str):
            raise errors.not_texts(position, text)
    return [str(text) for text in listed]


def check_X_y(texts: Sequence[str], labels: Sequence[Any]) -> tuple[list[str], list[str]]:  # noqa: N802  scikit-learn's name
    """List texts and labels as strings; raises a DataError unless they pair up and the labels are of one kind."""
    listed = check_texts(texts)
    if not _is_list(labels) or not hasattr(labels, "__len__"):
        raise errors.no_list("labels", type(labels).__name__)
    if len(listed) != len(labels):
        raise errors.different_lengths(len(listed), len(labels))
    formatted = [_formatted(position, label) for position, label in enumerate(labels)]
    unique_labels(labels)
    return listed, formatted


def unique_labels(labels: Sequence[Any]) -> AnyArray:
    """List the classes as they were given, sorted: (classes,), of objects where NumPy has no exact type for them."""
    kinds = {str if isinstance(label, str) else bool if isinstance(label, _BOOLEANS) else int for label in labels}
    if len(kinds) > 1:
        raise errors.mixed_labels()
    if isinstance(labels, np.ndarray) and labels.dtype.kind in "biu":
        return np.unique(labels)
    classes = sorted({label if isinstance(label, _BOOLEANS | str) else int(label) for label in labels})
    large = int in kinds and any(not -(2**63) <= int(label) < 2**63 for label in classes)
    return np.array(classes, dtype=object if large or str in kinds else None)


def _is_list(value: Any) -> bool:
    return hasattr(value, "__iter__") and not isinstance(value, str | bytes) and getattr(value, "ndim", 1) != 0


def _formatted(position: int, label: Any) -> str:
    whole = isinstance(label, _BOOLEANS | numbers.Integral)
    if whole or (isinstance(label, str) and label and _can_be_written(label)):
        return str(label)
    raise errors.unusable_label(position, label)


def _can_be_written(label: str) -> bool:
    """Lone surrogates are no UTF-8: an answer that names them could not be written."""
    return label.encode(errors="replace").decode() == label
