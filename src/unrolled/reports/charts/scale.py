"""What every scale can do: place numbers on a stretch of pixels, and name some of them."""

from __future__ import annotations

from typing import Protocol


class Scale(Protocol):
    """The smallest number stands at pixel `bottom`, the largest at pixel `top`, be it above or to the right of it."""

    @property
    def bottom(self) -> float:
        """Return the pixel of the smallest number."""

    @property
    def top(self) -> float:
        """Return the pixel of the largest number."""

    def place(self, value: float) -> float:
        """Return the pixel of a number; what is beyond the scale stands at its end."""

    def ticks(self) -> list[tuple[float, str]]:
        """Return the pixels and the words of some numbers."""
