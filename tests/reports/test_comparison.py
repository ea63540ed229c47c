"""The whole page of a comparison, parsed, searched, and every picture looked at."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

from tests.each import each
from tests.reports.many_compared import TEXTS, all_kinds, compared
from unrolled.comparison.result import Model, Recommendation
from unrolled.reports.charts.svg import picture
from unrolled.reports.comparison import figures, html
from unrolled.reports.page import Figure

KINDS = all_kinds()
PAGES = {kind: html(found) for kind, found in KINDS.items()}
SVG = "{http://www.w3.org/2000/svg}"


def parsed(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(re.sub(r"(<meta[^>]*)>", r"\1/>", text.removeprefix("<!DOCTYPE html>\n")).encode())


class Balanced(HTMLParser):
    """Reads as a browser does, and remembers what is open and what a browser would run or fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@each("kind", KINDS)
def test_it_runs_nothing_and_asks_nobody(kind: str) -> None:
    reader = Balanced()
    reader.feed(PAGES[kind])
    assert reader.open == []
    assert not reader.tags & {
        "script",
        "link",
        "img",
        "image",
        "iframe",
        "object",
        "embed",
        "use",
        "video",
        "audio",
        "base",
    }
    for name, value in reader.attributes:
        assert not name.startswith("on"), name
        assert name not in ("src", "href", "xlink:href", "srcset", "style")
        assert name == "xmlns" or "//" not in value or name == "aria-label"
    assert not re.search(r"@import|url\(|@font-face", PAGES[kind])


@each("kind", KINDS)
def test_it_can_be_written_as_utf_8_and_read_as_xml_with_its_language_and_title(kind: str) -> None:
    root = parsed(PAGES[kind])
    assert root.get("lang") == "en"
    assert root.findtext("head/title") == root.findtext("body/main/h1")
    assert re.search(r"prefers-color-scheme:dark", PAGES[kind])
    assert "width=device-width" in PAGES[kind]
    headings = [node.text for node in root.iter("h2")]
    assert len(set(headings)) == len(headings)


@each("kind", KINDS)
def test_every_picture_has_a_name_a_finding_and_its_table(kind: str) -> None:
    shown = figures(KINDS[kind])
    found = list(parsed(PAGES[kind]).iter("figure"))
    assert len(found) == len(shown)
    for node, figure in zip(found, shown, strict=True):
        pictures = list(node.iter(f"{SVG}svg"))
        assert len(pictures) == isinstance(figure, Figure)
        assert all(one.get("role") == "img" and one.get("aria-label") for one in pictures)
        caption = node.find("figcaption")
        assert caption is not None
        assert len(caption) == len(figure.findings) >= 1
        assert len(list(node.iter("table"))) == 1
        assert all(len(row) == len(next(node.iter("tr"))) for row in node.iter("tr"))
        if isinstance(figure, Figure):
            assert figure.table.rows
            assert node.find("details/summary") is not None


DRAWN = [
    (kind, n) for kind, found in KINDS.items() for n, shown in enumerate(figures(found)) if isinstance(shown, Figure)
]


@each(("kind", "number"), DRAWN)
def test_nothing_lies_outside_of_a_picture_and_no_text_on_another(kind: str, number: int, look: Any) -> None:
    figure = figures(KINDS[kind])[number]
    assert isinstance(figure, Figure)
    look(figure.drawing)
    assert not re.search(r"nan|inf\b", re.sub(r">[^<]*<", "><", figure.drawing.body), re.IGNORECASE)
    ElementTree.fromstring(picture(figure.drawing, styled=True).encode())


def test_a_caption_never_only_names_what_is_drawn() -> None:
    for kind, found in KINDS.items():
        for figure in figures(found):
            first = figure.findings[0]
            assert first.endswith("."), (kind, first)
            assert re.search(r"\d|\bno\b|No ", first) or "Against" in first or "McNemar" in first, (kind, first)


def test_texts_of_users_are_shown_and_never_obeyed() -> None:
    words = "".join(parsed(PAGES["whole"]).itertext())
    assert TEXTS[0] in words
    assert TEXTS[3] in words  # emoji of several code points, whole
    assert "\\x202eesrever\\x202c" in words
    assert "\\xd800 surrogate" in words
    assert "recursive <b>&\u05d0\u05d1" in words
    assert "<script" not in PAGES["whole"]


def test_the_verdict_stands_first_and_the_conditions_below_it() -> None:
    root = parsed(PAGES["mixed"])
    main = root.find("body/main")
    assert main is not None
    assert main[0].text == "Take ngrams"
    assert (main[1].text or "").startswith("Take ngrams: it is the smallest and fastest of the models")
    facts = {name.text: fact.text for name, fact in zip(root.iter("dt"), root.iter("dd"), strict=True)}
    assert facts["Trained on"] == "mr.train.csv, 9,596 texts"
    assert facts["Tested on"] == "mr.test.csv, 1,066 texts"
    assert facts["Budget"] == "10.0 min"
    assert facts["Margin"] == "1 point of accuracy: a smaller loss counts as none"
    assert facts["Machine"] == "Linux, x86_64, 2 cores"
    assert parsed(PAGES["nothing"]).findtext("body/main/h1") == "No model can be recommended"


def test_models_that_are_equal_on_validation_are_named_with_the_selected_one() -> None:
    found = compared(3)
    equal = [replace(one, validation_accuracy=0.8) for one in found.models]
    (said,) = [one.findings[1] for one in figures(replace(found, models=equal)) if one.heading == "All models"]
    assert "ngrams was selected on validation" in said
    assert "as is that of average and logistic, which come later" in said


def test_where_the_test_texts_are_too_few_it_says_how_many_would_do() -> None:
    assert "about 5,400 texts would do" in PAGES["few texts"]


def test_who_is_not_finished_is_named_with_the_reason() -> None:
    (figure,) = [one for one in figures(KINDS["mixed"]) if one.heading == "Not finished"]
    assert [row[0] for row in figure.table.rows] == [  # type: ignore[attr-defined]
        "lstm --bidirectional", "transformer", "rnn", "gru --bidirectional", "gru --layers 3",
    ]  # fmt: skip
    root = parsed(PAGES["mixed"])
    assert "failed: expected a finite loss, got NaN in step 12 <b>." in "".join(root.itertext())
    assert [cell.get("class") for cell in list(root.iter("table"))[1].iter("td")] == ["text"] * 5


def test_the_unfinished_are_never_called_worse() -> None:
    unfinished = {model.name for model in KINDS["mixed"].models if model.state == "unfinished"}
    allowed = ("Unfinished, so that nothing is said against them", "Cut off before")
    for figure in figures(KINDS["mixed"]):
        for finding in figure.findings:
            named = [name for name in unfinished if re.search(rf"(?<!\S){re.escape(name)}(?=[\s,.;])", finding)]
            assert not named or finding.startswith(allowed) or figure.heading == f"Confusion matrix of {named[0]}"


def test_only_the_confusions_of_the_recommended_and_of_the_selected_are_open() -> None:
    shown = [one for one in figures(KINDS["whole"]) if one.heading.startswith("Confusion")]
    assert [one.heading for one in shown if not one.folded] == ["Confusion matrix of ngrams", "Confusion matrix of cnn"]
    assert len(shown) == 15


def test_two_models_whose_long_names_differ_in_the_middle_are_told_apart_in_every_picture() -> None:
    found = compared(2)
    names = [f"cnn --learning-rate {rate} --dropout 0.5 --max-epochs 2" for rate in ("0.002", "0.02")]
    models = [replace(one, name=name) for one, name in zip(found.models, names, strict=True)]
    take = Recommendation(names[1], "it is.")
    for figure in figures(replace(found, models=models, selected=names[1], recommendation=take)):
        if isinstance(figure, Figure) and not figure.heading.startswith("Confusion"):
            shown = {node.text for node in ElementTree.fromstring(picture(figure.drawing, styled=True)).iter()}
            cut = [text for text in shown if text and text.startswith("cnn") and "…" in text]
            many = 1 if figure.heading == "Distance from the selected model" else 2
            assert len(cut) == many, (figure.heading, shown)


def test_seeds_that_the_clock_had_no_time_for_are_told() -> None:
    found = KINDS["whole"]
    many, one = ([replace(model, runs=[model.runs[0]] * count) for model in found.models] for count in (found.seeds, 1))

    def told(models: list[Model]) -> str:
        facts = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", html(replace(found, models=models))))
        return str(facts["Seeds"])

    assert told(many) == f"{found.seeds} each"
    assert told(one) == f"1 of {found.seeds}"
    assert told([one[0], *many[1:]]) == f"1 to {found.seeds} of {found.seeds}"
