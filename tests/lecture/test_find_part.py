"""The parts that are found → the ten sections of the lecture, in its order; a wrong name is told with the nearest."""

from __future__ import annotations

import pytest

from tests.each import each
from unrolled.errors import SettingError
from unrolled.lecture.find_part import contents, find_part, part_names


def test_every_section_of_the_lecture_is_told_by_a_part() -> None:
    assert {find_part(name).section for name in part_names()} == set(range(1, 11))


def test_parts_stand_in_the_lecture_s_order() -> None:
    assert part_names() == [
        "framework",
        "average",
        "concatenate",
        "language_model",
        "ngrams",
        "cnn",
        "rnn",
        "backpropagation",
        "lstm",
        "gru",
        "stacked",
        "bidirectional",
    ]


def test_the_contents_name_every_part_with_its_section_and_title() -> None:
    lines = list(contents())
    for name in part_names():
        part = find_part(name)
        (line,) = [line for line in lines if line.split()[:2] == [f"{part.section}.", name]]
        assert line.endswith(part.title)


@each("name", ["cnm", "", "CNN", "../cnn", "__init__", "cnn.py"])
def test_an_unknown_part_is_refused(name: str) -> None:
    with pytest.raises(SettingError, match=r"Did you mean|Use one of: average"):
        find_part(name)
