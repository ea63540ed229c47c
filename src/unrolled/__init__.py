"""Labelled texts in, a trained text classifier out: every network of the lecture, on an ordinary CPU."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from unrolled.estimator import TextClassifier

__all__ = ["TextClassifier"]


def __getattr__(name: str) -> Any:
    """Import the classifier when it is first asked for, so that `unrolled --help` needn't wait for NumPy."""
    if name in __all__:
        from unrolled.estimator import TextClassifier

        return TextClassifier
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
