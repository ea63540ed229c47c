"""Texts and answers as a table, read again as XML."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unrolled.reports.answers_table import LONGEST, RIGHT, WRONG, Answered, AnswersTable

ANY = st.text(st.characters(exclude_categories=()), max_size=40)


def parsed(*texts: Answered) -> ElementTree.Element:
    return ElementTree.fromstring(AnswersTable(texts).as_html().encode())


def words(node: ElementTree.Element) -> str:
    return "".join(node.itertext())


@given(ANY, ANY, st.dictionaries(st.sampled_from(["cnn", "rnn", "<gru>"]), ANY))
def test_any_text_label_and_answer_is_text(text: str, label: str, answers: dict[str, str]) -> None:
    root = parsed(Answered(7, text, label, answers))
    assert {node.tag for node in root.iter()} <= {
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "bdi",
        "ul",
        "li",
        "span",
    }
    assert [cell.get("scope") for cell in root.iter("th")] == ["col"] * 4 + ["row"]


def test_models_of_one_answer_stand_together_and_a_sign_says_who_is_right() -> None:
    root = parsed(Answered(3, "fine", "pos", {"cnn": "neg", "rnn": "pos", "gru": "neg", "lstm": "pos"}))
    assert [words(item) for item in root.iter("li")] == [f"{RIGHT} pos: rnn, lstm", f"{WRONG} neg: cnn, gru"]
    assert [sign.get("aria-label") for sign in root.iter("span")] == ["right", "wrong"]


def test_a_label_that_nobody_says_has_no_line() -> None:
    root = parsed(Answered(3, "fine", "pos", {"cnn": "neg"}))
    assert [words(item) for item in root.iter("li")] == [f"{WRONG} neg: cnn"]


@pytest.mark.parametrize("text", ["\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd", "hello"])
def test_a_text_is_set_in_its_own_direction_and_words_do_not_turn_others_around(text: str) -> None:
    root = parsed(Answered(1, text, text, {"cnn": text}))
    (cell,) = [cell for cell in root.iter("td") if cell.get("dir")]
    assert cell.get("dir") == "auto"
    assert [node.text for node in root.iter("bdi")] == [text, text]


def test_a_long_text_loses_its_middle_and_line_breaks_are_spaces() -> None:
    (cell,) = [cell for cell in parsed(Answered(1, "a\n" * 9 + "b" * 999, "x", {})).iter("td") if cell.get("dir")]
    assert len(words(cell)) <= LONGEST
    assert words(cell).startswith("a a a")
    assert "…bbb" in words(cell).replace("b…", "…")
