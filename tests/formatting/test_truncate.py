"""Long texts, cut in the middle."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unrolled.formatting.truncate import truncate, truncate_distinct, width

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
FLAG, THUMB, ACCENT = "\U0001f1e9\U0001f1ea", "\U0001f44d\U0001f3fd", "e\u0301"
PIECES = st.sampled_from(["a", " ", "\u4e2d", "\u05d0", FAMILY, FLAG, THUMB, ACCENT])


@given(st.lists(PIECES, max_size=60), st.integers(3, 60))
def test_it_keeps_whole_characters_of_the_beginning_and_the_end_and_fits(pieces: list[str], longest: int) -> None:
    text = "".join(pieces)
    cut = truncate(text, longest)
    assert width(cut) <= longest
    if width(text) <= longest:
        assert cut == text
        return
    beginning, end = cut.split("…")
    starts = {"".join(pieces[:n]) for n in range(len(pieces) + 1)}
    ends = {"".join(pieces[n:]) for n in range(len(pieces) + 1)}
    assert beginning in starts
    assert end in ends


@pytest.mark.parametrize("longest", [10, 31, 400])
def test_of_plain_letters_it_uses_all_the_room(longest: int) -> None:
    cut = truncate("b" * 500 + "e" * 500, longest)
    assert len(cut) == longest
    assert cut.count("b") == longest // 3


def test_what_would_look_alike_keeps_the_word_in_which_it_differs() -> None:
    names = [f"cnn --learning-rate {rate} --max-epochs 2" for rate in ("0.002", "0.02")]
    assert [truncate(name, 22) for name in names] == ["cnn --l…--max-epochs 2"] * 2
    assert truncate_distinct([*names, "cnn", names[0]], 22) == [
        "cnn … 0.002 …", "cnn … 0.02 …", "cnn", "cnn … 0.002 …",
    ]  # fmt: skip


def test_of_a_grid_of_options_every_name_keeps_what_is_its_own() -> None:
    names = [
        f"cnn --learning-rate {rate} --layers {layers} --dropout 0.5 --feature-maps {maps} --max-epochs 12"
        for rate in ("0.002", "0.02")
        for layers, maps in ((2, 3), (3, 2))
    ]
    assert truncate_distinct(names, 24) == [
        "cnn … 0.002 … 2 … 3 …",
        "cnn … 0.002 … 3 … 2 …",
        "cnn … 0.02 … 2 … 3 …",
        "cnn … 0.02 … 3 … 2 …",
    ]


def test_what_no_words_tell_apart_is_numbered() -> None:
    names = [f"cnn --file {'a' * 40}{middle}{'b' * 40} --max-epochs 2" for middle in "xyz"]
    assert [short[:6] for short in truncate_distinct(names, 22)] == ["1 cnn ", "2 cnn ", "3 cnn "]


@given(
    st.sets(st.lists(PIECES | st.characters(categories=["L", "N"]), max_size=60).map("".join)),
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=6, unique=True),
    st.integers(12, 60),
)
def test_different_texts_stay_different_and_fit(texts: set[str], numbers: list[tuple[int, int]], longest: int) -> None:
    grid = [f"begin --{'x' * 60} {one} --{'y' * 60} {other} --{'z' * 60}" for one, other in numbers]
    cut = truncate_distinct([*texts, *grid], longest)
    assert len(set(cut)) == len(cut)
    assert all(width(short) <= longest for short in cut)
