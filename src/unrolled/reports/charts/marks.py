"""What is special about a thing, and a place → a mark that shape and filling tell apart, not colour alone."""

from __future__ import annotations

from dataclasses import dataclass

from unrolled.reports.charts.svg import element, path

HALF = 5.0  # half the size of a mark, in pixels

# Corners around the middle; a circle has none.
SHAPES: dict[str, list[tuple[float, float]]] = {
    "circle": [],
    "square": [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)],
    "left": [(-1.4, 0.0), (1.0, -1.2), (1.0, 1.2)],
    "diamond": [(0.0, -1.4), (1.4, 0.0), (0.0, 1.4), (-1.4, 0.0)],
}


@dataclass(frozen=True)
class Mark:
    """A shape of `SHAPES`, a colour by number, and a word for it; hollow says that something is not finished."""

    shape: str = "circle"
    colour: int = 0
    hollow: bool = False
    word: str = ""


PLAIN = Mark()


def mark(x: float, y: float, drawn: Mark, half: float = HALF) -> str:
    """Draw the mark around a place."""
    around = [(x + half * across, y + half * down) for across, down in SHAPES[drawn.shape]]
    inside = "paper" if drawn.hollow else f"fill{drawn.colour}"
    style = f"{inside} edge line{drawn.colour}"
    return path(around, style, closed=True) if around else element("circle", cx=x, cy=y, r=half, class_=style)


def reach(half: float = HALF) -> float:
    """Return how far a mark reaches from its middle."""
    return 1.4 * half
