"""A picture → the places of its texts and shapes, read from its XML."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from unrolled.formatting.truncate import width as columns
from unrolled.reports.charts.svg import Drawing, picture

SVG = "{http://www.w3.org/2000/svg}"
CHARACTER, TALL = 6.8, 12  # pixels that a column is wide on average (DejaVu Sans at 12 pixels has 6.4), and high


@dataclass(frozen=True)
class Box:
    """Where something lies."""

    left: float
    top: float
    right: float
    bottom: float
    what: str

    def meets(self, other: Box) -> bool:
        """Say whether two boxes share a place."""
        apart = self.right <= other.left or other.right <= self.left
        return not apart and not (self.bottom <= other.top or other.bottom <= self.top)


def boxes(drawing: Drawing) -> tuple[list[Box], list[Box]]:
    """Find the boxes of texts and of shapes."""
    texts, shapes = [], []
    for node in ElementTree.fromstring(picture(drawing, styled=False)).iter():
        tag, given = node.tag.removeprefix(SVG), node.attrib
        if tag == "text":
            texts.append(_text(given, node.text or ""))
        elif tag == "rect":
            x, y, width, height = (float(given[name]) for name in ("x", "y", "width", "height"))
            shapes.append(Box(x, y, x + width, y + height, given["class"]))
        elif tag == "circle":
            x, y, radius = (float(given[name]) for name in ("cx", "cy", "r"))
            shapes.append(Box(x - radius, y - radius, x + radius, y + radius, given["class"]))
        elif tag == "path":
            points = [tuple(map(float, pair.split())) for pair in re.split("[MLZ]", given["d"]) if pair]
            xs, ys = zip(*points, strict=True)
            shapes.append(Box(min(xs), min(ys), max(xs), max(ys), given["class"]))
    return texts, shapes


def _text(given: dict[str, str], text: str) -> Box:
    x, y, width = float(given["x"]), float(given["y"]), CHARACTER * columns(text)
    left = {"start": x, "middle": x - width / 2, "end": x - width}[given["text-anchor"]]
    return Box(left, y - TALL, left + width, y, text)


@pytest.fixture(scope="session")
def look() -> Callable[[Drawing], Any]:
    """How to look at a picture: nothing is outside of it, and no text on another; gives its texts and shapes."""

    def looked(drawing: Drawing) -> Any:
        texts, shapes = boxes(drawing)
        for box in (*texts, *shapes):
            assert 0 <= box.left <= box.right <= drawing.width, box
            assert 0 <= box.top <= box.bottom <= drawing.height, box
        for number, text in enumerate(texts):
            assert not [other for other in texts[:number] if text.meets(other)], text
        return texts, shapes

    return looked
