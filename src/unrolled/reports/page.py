"""A title, some words and figures → one HTML page that needs nothing else: pictures, findings, tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from unrolled.reports.svg import STYLE, Drawing, picture
from unrolled.reports.table import Table

_STYLE = (
    ":root{color-scheme:light dark}body{max-width:50rem;margin:2rem auto;padding:0 1rem;line-height:1.5;"
    "font-family:system-ui,'DejaVu Sans',sans-serif;color:#1a1a1a;background:#fff}figure{margin:2.5rem 0}"
    "svg{max-width:100%;height:auto}figcaption{margin:.5rem 0}.wide{overflow-x:auto}"
    "table{border-collapse:collapse;font-size:.85rem;font-variant-numeric:tabular-nums}"
    "th,td{padding:.15rem .7rem;text-align:right;border-bottom:1px solid #c9c9c9;font-weight:normal}"
    "th:first-child{text-align:left}thead th{font-weight:bold}summary{cursor:pointer}"
    "@media (prefers-color-scheme:dark){body{color:#e8e8e8;background:#16181c}th,td{border-color:#4a4d55}}"
)


@dataclass(frozen=True)
class Figure:
    """A picture, the sentences that say what is seen in it, and its numbers."""

    drawing: Drawing
    findings: Sequence[str]
    table: Table


def page(title: str, paragraphs: Sequence[str], figures: Sequence[Figure]) -> str:
    """Write the page."""
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}{_STYLE}</style>"
    )
    said = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    shown = "".join(map(_figure, figures))
    body = f"<main><h1>{escape(title)}</h1>{said}{shown}</main>"
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head><body>{body}</body></html>\n'


def _figure(figure: Figure) -> str:
    findings = "".join(f"<p>{escape(finding)}</p>" for finding in figure.findings)
    table = f'<details><summary>The numbers</summary><div class="wide">{figure.table.as_html()}</div></details>'
    svg = f'<div class="wide">{picture(figure.drawing, styled=False)}</div>'
    return f"<figure>{svg}<figcaption>{findings}</figcaption>{table}</figure>"
