"""A number and what it counts → the words of a report: 81.2, −1.0, 1.2M, 4.9 MB, 3.2 min, 9 times."""

from __future__ import annotations

import math
from collections.abc import Sequence

from unrolled.evaluation.bootstrap import Interval

NONE = "–"
_LARGE = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


def percent(share: float | None) -> str:
    """Write a share in percent, without the sign: 81.2."""
    return NONE if share is None else f"{100 * share:.1f}"


def points(difference: float | None) -> str:
    """Write a difference of shares in points: −1.0, +0.3."""
    return NONE if difference is None else _signed(f"{100 * difference:+.1f}")


def points_above(bound: float | None) -> str:
    """Write what a difference of shares surely is above in points, rounded down, so that it is true: −1.1 for −1.04."""
    return points(None if bound is None else math.floor(round(1000 * bound, 6)) / 1000)


def points_of(share: float) -> str:
    """Write a share as points: 1.0 point, 2.5 points."""
    return f"{100 * share:.1f} point{'' if f'{100 * share:.1f}' == '1.0' else 's'}"


def exact_points(share: float) -> str:
    """Write a share that somebody chose as points, not rounded: 1 point, 0.25 points."""
    chosen = f"{100 * share:g}"
    return f"{chosen} point{'' if chosen == '1' else 's'}"


def in_percent(found: Interval) -> Interval:
    """Return an interval of shares as one of percents."""
    return Interval(100 * found.value, 100 * found.low, 100 * found.high)


def interval(found: Interval | None, *, signed: bool = False) -> str:
    """Write a share with its interval: 81.2 [79.9, 82.5]."""
    if found is None:
        return NONE
    write = points if signed else percent
    return f"{write(found.value)} [{write(found.low)}, {write(found.high)}]"


def count(number: float | None) -> str:
    """Write how many, with three digits at most: 950, 1.2k, 12.3M."""
    if number is None:
        return NONE
    for size, name in _LARGE:
        if abs(number) >= 0.9995 * size:
            return f"{_three(number / size)}{name}"
    return _three(number)


def exact_count(number: int | None) -> str:
    """Write how many to the last one: 1,234,567."""
    return NONE if number is None else f"{number:,}"


def size(size_in_bytes: int | None) -> str:
    """Write bytes: 512 B, 4.9 MB, of a million bytes each."""
    if size_in_bytes is None:
        return NONE
    short = count(size_in_bytes)
    return f"{short[:-1]} {short[-1]}B" if short[-1].isalpha() else f"{short} B"


def seconds(time: float | None) -> str:
    """Write a time as one tells it: 0.05 s, 12 s, 3.2 min, 1.5 h."""
    if time is None:
        return NONE
    for unit, name in ((3600, "h"), (60, "min")):
        if time >= 2 * unit:
            return f"{_three(time / unit)} {name}"
    return f"{_three(time)} s"


def milliseconds(time: float | None) -> str:
    """Write thousandths of a second: 0.05 ms."""
    return NONE if time is None else f"{_three(time)} ms"


def times(ratio: float) -> str:
    """Write a ratio above 1: 1.4 times, 9 times, 120 times."""
    return f"{ratio:.2g} times" if ratio < 9.95 else f"{ratio:,.0f} times"


def join_names(names: Sequence[str]) -> str:
    """Join words: a, b and c."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def all_of(names: Sequence[str], one: str, many: str) -> str:
    """Join names with the verb's form for one or for many: a loses; a and b lose."""
    return f"{join_names(names)} {one if len(names) == 1 else many}"


def plural(number: int, thing: str) -> str:
    """Write how many of a thing: 1 model, 3 models."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def _three(number: float) -> str:
    """Write three digits, two behind the point at most, unless the number is small."""
    if abs(number) >= 99.95:
        return f"{number:,.0f}"
    if abs(number) >= 9.995:
        return f"{number:.1f}"
    return f"{number:.2f}" if abs(number) >= 0.995 or number == 0 else f"{number:.2g}"


def _signed(text: str) -> str:
    return "0.0" if text in ("+0.0", "-0.0") else text.replace("-", "−")
