"""Texts aligned at their ends, against slices written by hand."""

from __future__ import annotations

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from unrolled.inspection.alignment import Alignment


@given(st.lists(st.integers(0, 6), min_size=1, max_size=5))
def test_every_text_ends_at_the_last_slot_turned_or_not(lengths: list[int]) -> None:
    aligned, width = Alignment(np.array(lengths)), max(1, *lengths)
    ids = np.array([[10 * row + place for place in range(width)] for row in range(len(lengths))])
    table = torch.arange(1.0, 61.0)[:, None]
    found = aligned.look_up(table, ids)
    for row, length in enumerate(lengths):
        words = [float(number + 1) for number in ids[row][:length]]
        nothing = [0.0] * (width - length)
        assert found[row, :, 0].tolist() == nothing + words
        assert aligned.mirrored(found)[row, width - length :, 0].tolist() == words[::-1]
        assert aligned.from_the_left(found)[row, :length, 0].tolist() == words
