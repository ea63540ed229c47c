"""A title, some words and figures → one HTML page that needs nothing else: pictures, findings, tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from unrolled.reports.charts.svg import STYLE, Drawing, picture
from unrolled.reports.markup import markup, sentence
from unrolled.reports.table import Table

_STYLE = (
    ":root{color-scheme:light dark}body{max-width:74rem;margin:2rem auto;padding:0 1rem;line-height:1.5;"
    "font-family:system-ui,'DejaVu Sans',sans-serif;color:#1a1a1a;background:#fff;overflow-wrap:anywhere}"
    "h1{line-height:1.2}p,dl{max-width:50rem}h2{margin:0 0 .5rem;font-size:1.25rem}"
    "figure{margin:2.5rem 0}.wide{overflow-x:auto}"
    "svg{display:block;max-width:100%;height:auto}@media (max-width:42rem){svg{max-width:none;width:38rem}}"
    "figcaption{margin:.5rem 0}figcaption p{margin:.4rem 0}figcaption p:first-child{font-weight:bold}"
    "table{border-collapse:collapse;font-size:.85rem;font-variant-numeric:tabular-nums;overflow-wrap:normal}"
    "th,td{padding:.15rem .45rem;text-align:right;border-bottom:1px solid #c9c9c9;font-weight:normal}"
    # A table that is wider than the words above it may use what the window has to the right of them.
    "@media (min-width:78rem){.wide:has(>table){margin-right:calc(39rem - 50vw)}}"
    "td{white-space:nowrap}tbody th{min-width:8rem}.text,.read td{white-space:normal}"
    "th:first-child,.text{text-align:left}thead th{font-weight:bold;vertical-align:bottom}summary{cursor:pointer}"
    ".read td{vertical-align:top;overflow-wrap:anywhere;min-width:6rem}.read .passage{min-width:15rem;max-width:26rem}"
    ".read tbody th{min-width:0;vertical-align:top}"
    "@media (max-width:36rem){.read th,.read td{padding:.15rem .3rem}.read td{min-width:4rem}"
    ".read .passage{min-width:8rem}}"
    ".read ul{list-style:none;margin:0;padding:0}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{font-weight:bold}dd{margin:0}"
    "@media (max-width:30rem){dl{display:block}dd{margin:0 0 .4rem}}"
    "@media (prefers-color-scheme:dark){body{color:#e8e8e8;background:#16181c}th,td{border-color:#4a4d55}}"
)


class Tabular(Protocol):
    """What can be written as a table."""

    def as_html(self) -> str:
        """Write the table."""


@dataclass(frozen=True)
class Figure:
    """A picture, the sentences that say what is seen in it, the first the finding, and its numbers.

    What is `folded` shows nothing but its heading until one asks for it.
    """

    drawing: Drawing
    findings: Sequence[str]
    table: Table
    heading: str = ""
    folded: bool = False


@dataclass(frozen=True)
class Listing:
    """A table that is looked at itself, and the sentences that say what it shows; `opened` from the start or not."""

    findings: Sequence[str]
    table: Tabular
    heading: str
    opened: bool = True
    folded: bool = False


Shown = Figure | Listing


def page(title: str, paragraphs: Sequence[str], figures: Sequence[Shown], facts: Sequence[tuple[str, str]] = ()) -> str:
    """Write the page; facts are names with what they are, a line each."""
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{markup(title)}</title><style>{STYLE}{_STYLE}</style>"
    )
    paragraphs_html = "".join(f"<p>{sentence(paragraph)}</p>" for paragraph in paragraphs)
    facts_html = "".join(f"<dt>{markup(name)}</dt><dd>{sentence(fact)}</dd>" for name, fact in facts)
    shown = "".join(map(_figure, figures))
    body = f"<main><h1>{markup(title)}</h1>{paragraphs_html}{f'<dl>{facts_html}</dl>' if facts else ''}{shown}</main>"
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head><body>{body}</body></html>\n'


def _figure(figure: Shown) -> str:
    findings = "".join(f"<p>{sentence(finding)}</p>" for finding in figure.findings)
    table = _scrolled(figure.table.as_html(), f"Table: {figure.heading}")
    if isinstance(figure, Figure) or not figure.opened:
        table = f"<details><summary>The numbers</summary>{table}</details>"
    drawn = picture(figure.drawing, styled=False) if isinstance(figure, Figure) else ""
    svg = _scrolled(drawn, f"Picture: {figure.heading}") if drawn else ""
    heading = markup(figure.heading)
    above = f"<h2>{heading}</h2>" if heading and not figure.folded else ""
    whole = f"<figure>{above}{svg}<figcaption>{findings}</figcaption>{table}</figure>"
    return f"<details><summary>{heading}</summary>{whole}</details>" if figure.folded else whole


def _scrolled(inside: str, name: str) -> str:
    """Make what is wider than the page scrollable, by keys too."""
    return f'<div class="wide" role="group" aria-label="{markup(name)}" tabindex="0">{inside}</div>'
