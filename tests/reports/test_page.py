"""A page that stands alone: parsed, and searched for what it may not have."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from typing import Any

from unrolled.reports.charts.svg import Drawing, words
from unrolled.reports.page import Figure, Listing, page
from unrolled.reports.table import Table

FIGURE = Figure(Drawing(90, 20, words("a", 1, 12), "A line"), ["It falls <fast>."], Table(["k", "r"], [["0", "1"]]))


def parsed(text: str) -> Any:
    text = re.sub(r"(<meta[^>]*)>", r"\1/>", text.removeprefix("<!DOCTYPE html>\n"))
    return ElementTree.fromstring(text)


def test_every_picture_has_its_finding_and_its_table() -> None:
    root = parsed(page("Reach & more", ["Of <60> words."], [FIGURE, FIGURE]))
    figures = list(root.iter("figure"))
    assert len(figures) == 2
    for figure in figures:
        assert len(list(figure.iter("{http://www.w3.org/2000/svg}svg"))) == 1
        assert [p.text for p in figure.find("figcaption")] == ["It falls <fast>."]
        assert [[cell.text for cell in row] for row in figure.iter("tr")] == [["k", "r"], ["0", "1"]]
    assert root.find("head/title").text == root.find("body/main/h1").text == "Reach & more"


def test_it_runs_nothing_and_asks_no_other_host() -> None:
    text = page("t", [], [FIGURE])
    hosts = set(re.findall(r"https?://[^\s\"'<>]+", text))
    assert hosts == {"http://www.w3.org/2000/svg"}  # a name, not an address that is asked
    assert not re.search(r"<script|<link|<img|@import|url\(|\son\w+=", text)


def test_it_is_for_light_and_dark_and_says_its_language() -> None:
    text = page("t", [], [])
    assert "color-scheme:light dark" in text
    assert '<html lang="en">' in text


def test_a_listing_shows_its_table_and_folds_what_is_asked_for() -> None:
    table = Table(["k"], [["0"]])
    root = parsed(page("t", [], [Listing(["All."], table, "Open"), Listing(["All."], table, "Folded", folded=True)]))
    opened, folded = root.iter("figure")
    assert opened.find("details") is None
    assert opened.findtext("h2") == "Open"
    assert root.findtext("body/main/details/summary") == "Folded"
    assert folded.find("h2") is None


def test_facts_are_names_with_what_they_are() -> None:
    root = parsed(page("t", [], [], [("Machine", "<2> cores")]))
    assert (root.findtext("body/main/dl/dt"), root.findtext("body/main/dl/dd")) == ("Machine", "<2> cores")


def test_what_is_wide_is_scrolled_by_keys_too_and_has_a_name() -> None:
    wide = [node for node in parsed(page("t", [], [FIGURE])).iter("div") if node.get("class") == "wide"]
    assert len(wide) == 2
    assert all(node.get("tabindex") == "0" and node.get("aria-label") for node in wide)


def test_words_of_another_direction_turn_nothing_around_in_sentences_and_facts() -> None:
    said = "“\u0627”: 3 of 18."
    table = Table(["k", "\u05d0, % [95 %]"], [["\u05d0, 0", "1"]])
    text = page("t", [said], [Listing([said], table, "Open")], [("Trained on", "\u05d0, 480 texts")])
    assert text.count("<p>“<bdi>\u0627</bdi>”: 3 of 18.</p>") == 2
    assert "<dd><bdi>\u05d0</bdi>, 480 texts</dd>" in text
    assert '>k</th><th scope="col"><bdi>\u05d0</bdi>, % [95 %]</th>' in text
    assert "<bdi>\u05d0</bdi>, 0</th>" in text
