"""A word that names no part of the lecture → the error that names the nearest."""

from __future__ import annotations

from collections.abc import Iterable

from unrolled.errors.kinds import SettingError, nearest


def unknown_part(name: str, known: Iterable[str]) -> SettingError:
    """Make the error of a part that doesn't exist."""
    return SettingError(f"the lecture has no part '{name}'", nearest(name, known), where="PART")
