"""Elements, whole pictures and stacks of them, read again as XML."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

from unrolled.reports.charts.svg import DARK, LIGHT, Drawing, element, picture, stacked, words

SVG = "{http://www.w3.org/2000/svg}"


def test_what_a_user_wrote_stays_text() -> None:
    drawing = Drawing(90, 20, words('<script>"&', 1, 12) + element("g", data_name='"<'), "<title> & more")
    root = ElementTree.fromstring(picture(drawing, styled=True))
    assert [node.text for node in root.iter(f"{SVG}text")] == ['<script>"&']
    assert [node.text for node in root.iter(f"{SVG}title")] == ["<title> & more"]
    assert [node.get("data-name") for node in root.iter(f"{SVG}g")] == ['"<']
    assert not list(root.iter(f"{SVG}script"))


def test_alone_a_picture_brings_its_style_and_paper_for_light_and_dark() -> None:
    drawing = Drawing(90, 20, "", "nothing")
    alone = picture(drawing, styled=True)
    assert all(colour in alone for colour in (*LIGHT, *DARK))
    assert "prefers-color-scheme:dark" in alone
    assert "<style" not in picture(drawing, styled=False)


def test_stacked_pictures_lie_under_each_other() -> None:
    both = stacked([Drawing(90, 20, words("a", 0, 12), "A."), Drawing(50, 30, words("b", 0, 12), "B.")])
    assert (both.width, both.height, both.title) == (90, 50, "A. B.")
    moved = ElementTree.fromstring(picture(both, styled=False)).findall(f"{SVG}g")
    assert [node.get("transform") for node in moved] == ["translate(0 0)", "translate(0 20)"]


def test_light_and_dark_have_as_many_colours_each_once() -> None:
    assert len(set(LIGHT)) == len(LIGHT) == len(set(DARK)) == len(DARK)
