"""The contents of compare.json and what is wrong with them → the error that says so in one line."""

from __future__ import annotations

from unrolled.errors.told import DataError

_AGAIN = "The file is damaged or of another program: compare again, or take the file that `unrolled compare` wrote."


def other_format(where: str, version: object, known: int) -> DataError:
    """Make the error of a format_version that this program doesn't read."""
    newer = isinstance(version, int) and version > known
    step = "Install a newer unrolled to read it." if newer else _AGAIN
    return DataError(f"a comparison of format_version {known}", f"{version!r:.80}", step, where=where)


def wrong_value(where: str, key: str, expected: str, value: object) -> DataError:
    """Make the error of a value that isn't what its key must have."""
    place = f"{where}, {key}" if key else where
    return DataError(expected, f"{value!r:.80}", _AGAIN, where=place)
