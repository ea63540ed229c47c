"""Every index array of a packing against a plain loop over steps and texts."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from unrolled.model.layers.packing import pack

LENGTHS = st.lists(st.integers(0, 6), min_size=1, max_size=7)


def walked(lengths: list[int]) -> list[tuple[int, int]]:
    """Go step by step, within a step the longest text first, equal ones as they come: (text, step) of every word."""
    order = sorted(range(len(lengths)), key=lambda text: -lengths[text])
    return [(text, step) for step in range(max(lengths)) for text in order if step < lengths[text]]


@settings(deadline=None)
@given(LENGTHS, st.integers(0, 3))
def test_every_index_equals_a_plain_loop(lengths: list[int], more: int) -> None:
    width = max(1, max(lengths) + more)
    packing, words = pack(np.array(lengths), width), walked(lengths)
    place = {word: number for number, word in enumerate(words)}
    nothing = len(words)
    assert packing.active.tolist() == [sum(length > step for length in lengths) for step in range(max(lengths))]
    assert packing.flat.tolist() == [text * width + step for text, step in words]
    assert packing.mirror.tolist() == [place[text, lengths[text] - 1 - step] for text, step in words]
    assert packing.padded.tolist() == [
        [place.get((text, step), nothing) for step in range(width)] for text in range(len(lengths))
    ]
    assert packing.first.tolist() == [place.get((text, 0), nothing) for text in range(len(lengths))]
    assert packing.last.tolist() == [place.get((text, n - 1), nothing) for text, n in enumerate(lengths)]


@settings(deadline=None)
@given(LENGTHS)
def test_the_mirror_of_the_mirror_is_the_text(lengths: list[int]) -> None:
    mirror = pack(np.array(lengths), max(1, *lengths, 1)).mirror
    assert mirror[mirror].tolist() == list(range(len(mirror)))


def test_no_texts_have_no_words() -> None:
    packing = pack(np.zeros(0, np.int64), 1)
    assert (packing.active.tolist(), packing.flat.tolist(), packing.padded.shape) == ([], [], (0, 1))
