"""Long texts, cut in the middle."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unrolled.evaluation.table import width
from unrolled.reports.shortened import shortened

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
FLAG, THUMB, ACCENT = "\U0001f1e9\U0001f1ea", "\U0001f44d\U0001f3fd", "e\u0301"
PIECES = st.sampled_from(["a", " ", "\u4e2d", "\u05d0", FAMILY, FLAG, THUMB, ACCENT])


@given(st.lists(PIECES, max_size=60), st.integers(3, 60))
def test_it_keeps_whole_characters_of_the_beginning_and_the_end_and_fits(pieces: list[str], longest: int) -> None:
    text = "".join(pieces)
    cut = shortened(text, longest)
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
    cut = shortened("b" * 500 + "e" * 500, longest)
    assert len(cut) == longest
    assert cut.count("b") == longest // 3
