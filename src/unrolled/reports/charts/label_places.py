"""Marks and the sizes of their names → where each name is written: near its mark, inside, and on no other name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

TALL = 13.0  # pixels of a line of words
AWAY = 11.0  # from a mark to its name


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def shared(self, other: Box) -> float:
        """Return the area that two boxes share."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(across, 0.0) * max(down, 0.0)

    def holds(self, other: Box) -> bool:
        """Return whether the other is inside."""
        across = self.left <= other.left and other.right <= self.right
        return across and self.top <= other.top and other.bottom <= self.bottom


def label_places(
    marks: Sequence[tuple[float, float]], widths: Sequence[float], avoided: Sequence[Box], area: Box
) -> list[Box]:
    """Place the names one after another: off the other names, and on as little as there is room for of all avoided.

    `avoided` are the marks themselves, lines and the like. Names that are at most as wide as the area have room as long
    as it is 2 TALL high for each.
    """
    placed: list[Box] = []
    for (x, y), width in zip(marks, widths, strict=True):
        near = [box for box in _around(x, y, width) if area.holds(box)]
        free = [box for box in near if not any(map(box.shared, placed))]
        best = min(free, key=lambda box: sum(map(box.shared, avoided)), default=None)
        placed.append(best or _anywhere(x, y, width, placed, area))
    return placed


def _around(x: float, y: float, width: float) -> Iterator[Box]:
    """Try right, left, above and below, then further and further away."""
    for ring in range(5):
        side, rise = AWAY + 8 * ring, ring * TALL
        for down in (0.0, -rise, rise) if ring else (0.0,):
            yield _box(x + side, y + down, width)
            yield _box(x - side - width, y + down, width)
        for down in (-AWAY - TALL / 2 - rise, AWAY + TALL / 2 + rise):
            yield from (_box(x - share * width, y + down, width) for share in (0.5, 0.1, 0.9))


def _box(left: float, middle: float, width: float) -> Box:
    return Box(left, middle - TALL / 2, left + width, middle + TALL / 2)


def _anywhere(x: float, y: float, width: float, placed: Sequence[Box], area: Box) -> Box:
    """Find the nearest free line at the right or the left edge."""
    lines = int((area.bottom - area.top) // TALL)
    ends = (area.right - width, area.left)
    boxes = [_box(left, area.top + (n + 0.5) * TALL, width) for n in range(lines) for left in ends]
    boxes.sort(key=lambda box: abs(box.top - y) + abs(box.left - x) / 4)
    return next(box for box in boxes if not any(map(box.shared, placed)))
