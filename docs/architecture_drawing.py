"""The tables of docs/architecture.md → docs/architecture.svg: two ways side by side, the model folder between them.

`make docs` runs it. Functions that both call are blue; a bracket joins what is done for each row, step or chunk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

PAGE = Path(__file__).with_name("architecture.md")
DRAWING = PAGE.with_suffix(".svg")
ROW = re.compile(r"^\| ([\w ]+) \| (.+) \| `([\w/]+\.py)` \| `([\w.]+)` \|$", re.MULTILINE)
LEFT, WIDTH, HEIGHT, GAP, TOP = (36, 530), 430, 44, 12, 56
SHEET = """
  text { font: 13px system-ui, sans-serif; fill: #1d2433; } .file { font: 12px ui-monospace, monospace; fill: #55607a; }
  .title { font-size: 18px; font-weight: 600; } .when { font-size: 12px; fill: #55607a; }
  .paper { fill: #ffffff; } .box { fill: #f3f4f7; stroke: #c3c8d4; } .both { fill: #dceafd; stroke: #6ea0e4; }
  path { fill: none; stroke: #7b859b; stroke-width: 1.5; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e4e8f1; } .file, .when { fill: #a7b0c4; } .paper { fill: #16181c; }
    .box { fill: #23262e; stroke: #454b5a; } .both { fill: #1b3454; stroke: #4f83c6; } path { stroke: #8b94a8; }
  }
"""


class Step(NamedTuple):
    """A row of a table."""

    when: str
    what: str
    file: str  # within src/unrolled
    function: str


def ways(page: str) -> dict[str, list[Step]]:
    """Read the tables: of each command, its steps in their order."""
    sections = re.findall(r"^## .*?`(\w+)`$(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    return {name: [Step(*row) for row in ROW.findall(section)] for name, section in sections}


def drawing(page: str) -> str:
    """Draw the ways from top to bottom, in as many columns."""
    found = ways(page)
    both = set.intersection(*({step[2:] for step in way} for way in found.values()))
    height = TOP + max(map(len, found.values())) * (HEIGHT + GAP)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 980 {height}" width="980" height="{height}">',
        f"<style>{SHEET}</style>",
        '<defs><marker id="tip" markerWidth="8" markerHeight="8" refX="6" refY="4" orient="auto">'
        '<path d="M1 1 6 4 1 7"/></marker></defs>',
        f'<rect class="paper" width="980" height="{height}" rx="6"/>',
    ]
    for left, (name, way) in zip(LEFT, found.items(), strict=True):
        lines += [f'<text class="title" x="{left}" y="34">unrolled {name}</text>', *_column(left, way, both)]
    return "\n".join([*lines, *_folder(found), "</svg>\n"])


def _column(left: int, way: list[Step], both: set[tuple[str, str]]) -> Iterator[str]:
    for place, step in enumerate(way):
        y = _y(place)
        kind = "box both" if step[2:] in both else "box"
        yield f'<rect class="{kind}" x="{left}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="5"/>'
        yield f'<text x="{left + 12}" y="{y + 18}">{escape(step.what)}</text>'
        yield f'<text class="file" x="{left + 12}" y="{y + 35}">{step.file}  {step.function}</text>'
        if place:
            yield f'<path d="M{left + WIDTH // 2} {y - GAP} v{GAP - 1}" marker-end="url(#tip)"/>'
    for when, group in groupby(enumerate(way), lambda one: one[1].when):
        places = [place for place, _ in group]
        if when != "once":
            top, bottom = _y(places[0]) + 4, _y(places[-1]) + HEIGHT - 4
            yield f'<path d="M{left - 4} {bottom} h-8 V{top} h8"/>'
            yield from _turned(when, left - 18, (top + bottom) // 2)


def _folder(found: dict[str, list[Step]]) -> Iterator[str]:
    """Draw the arrow from where a model folder is written to where it is read."""
    written, read = ([step.function for step in way] for way in found.values())
    out, into = _y(written.index("write_folder")) + HEIGHT // 2, _y(read.index("load")) + HEIGHT // 2
    yield f'<path d="M{LEFT[0] + WIDTH} {out} h12 V{into} H{LEFT[1] - 3}" marker-end="url(#tip)"/>'
    yield from _turned("model folder", LEFT[0] + WIDTH + 26, (out + into) // 2)


def _turned(text: str, x: int, y: int) -> Iterator[str]:
    yield f'<text class="when" x="{x}" y="{y}" text-anchor="middle" transform="rotate(-90 {x} {y})">{text}</text>'


def _y(place: int) -> int:
    return TOP + place * (HEIGHT + GAP)


if __name__ == "__main__":
    DRAWING.write_text(drawing(PAGE.read_text("utf-8")), "utf-8")
