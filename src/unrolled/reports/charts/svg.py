"""Names, attributes and contents → SVG for a light and a dark page, in colours that the colour-blind tell apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from unrolled.reports.markup import markup

# Okabe and Ito's palette; on dark paper its lighter colours come first. A line is also labelled, never colour alone.
LIGHT = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
DARK = ("#56b4e9", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#f0e442")
COLOURS = len(LIGHT)
NAMESPACE = "http://www.w3.org/2000/svg"
CHARACTER = 6.8  # pixels that a column of words is wide on average, and a little more: fonts differ


def _rules(colours: Sequence[str], paper: str, ink: str, rule: str) -> str:
    own = "".join(
        f".line{n}{{stroke:{c}}}.fill{n}{{fill:{c}}}.ink{n}{{fill:{ink};stroke:{c}}}" for n, c in enumerate(colours)
    )
    return f".paper{{fill:{paper}}}.ink{{fill:{ink}}}.rule{{stroke:{rule}}}{own}"


STYLE = (
    "text{font:12px system-ui,'DejaVu Sans',sans-serif}.title{font-weight:bold}.line{fill:none;stroke-width:2}"
    ".thin{stroke-width:1.2}.dashed{stroke-dasharray:5 3}.band{opacity:.16;stroke:none}.edge{stroke-width:2}"
    ".grey{stroke:#8c8c8c}"
    + _rules(LIGHT, "#ffffff", "#1a1a1a", "#c9c9c9")
    + f"@media (prefers-color-scheme:dark){{{_rules(DARK, '#16181c', '#e8e8e8', '#4a4d55')}}}"
)


@dataclass(frozen=True)
class Drawing:
    """A picture: its size in pixels, what is in it, and what it shows in a sentence."""

    width: int
    height: int
    body: str
    title: str


def element(name: str, *inside: str, **attributes: object) -> str:
    """Write one element; attributes are spelled with _ for - and class_ for class; what is inside is SVG already."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{markup(_attribute(value))}"' for key, value in attributes.items()
    )
    return f"<{name}{given}>{''.join(inside)}</{name}>" if inside else f"<{name}{given}/>"


def words(text: str, x: float, y: float, *, anchor: str = "start", class_: str = "ink") -> str:
    """Write a text; `anchor` says whether it starts, has its middle or ends at x."""
    return element("text", markup(text), x=x, y=y, text_anchor=anchor, class_=class_)


def path(points: Sequence[tuple[float, float]], class_: str, *, closed: bool = False) -> str:
    """Draw straight lines from point to point."""
    d = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + ("Z" if closed else "")
    return element("path", d=d, class_=class_)


def picture(drawing: Drawing, *, styled: bool) -> str:
    """Write a whole SVG; `styled` where it stands alone and not in a page that has the style."""
    title = element("title", markup(drawing.title))
    style = element("style", STYLE) if styled else ""
    paper = element("rect", width=drawing.width, height=drawing.height, class_="paper") if styled else ""
    spoken = {"role": "img", "aria_label": drawing.title}
    size = {"viewBox": f"0 0 {drawing.width} {drawing.height}", "width": drawing.width, "height": drawing.height}
    return element("svg", title, style, paper, drawing.body, xmlns=NAMESPACE, **spoken, **size)


def stacked(drawings: Sequence[Drawing]) -> Drawing:
    """Stack pictures vertically."""
    placed, y = [], 0
    for drawing in drawings:
        placed.append(element("g", drawing.body, transform=f"translate(0 {y})"))
        y += drawing.height
    title = " ".join(drawing.title for drawing in drawings)
    return Drawing(max(drawing.width for drawing in drawings), y, "".join(placed), title)


def _attribute(value: object) -> str:
    return f"{value:.1f}" if isinstance(value, float) else str(value)
