"""A walk over packed texts against each text walked alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from unrolled.model.layers.scan import State, scan


def step(x: Any, state: State) -> State:
    """Go on such that the order of the words and both parts of the state matter, and give a gate beside them."""
    h, c = state
    c = 0.5 * c + x
    return 0.25 * h + c * c, c, x * x


@pytest.mark.parametrize("kind", [np.asarray, torch.from_numpy])
@settings(deadline=None)
@given(lengths=st.lists(st.integers(1, 6), min_size=1, max_size=5).map(lambda found: sorted(found, reverse=True)))
def test_each_text_goes_as_far_as_it_is_long(kind: Any, lengths: list[int]) -> None:
    random = np.random.default_rng(0)
    texts = [random.normal(size=(length, 2)) for length in lengths]
    start = random.normal(size=(2, len(texts), 2))
    places = [(t, row) for t in range(max(lengths)) for row in range(len(lengths)) if t < lengths[row]]
    expected = {}
    for row, text in enumerate(texts):
        state: State = (start[0, row], start[1, row])
        for t, x in enumerate(text):
            state = step(x, state)[:2]
            expected[t, row] = state[0]
    active = [sum(length > t for length in lengths) for t in range(max(lengths))]
    packed = np.array([texts[row][t] for t, row in places])
    found = scan(step, kind(packed), active, (kind(start[0]), kind(start[1])))
    assert np.asarray(found) == pytest.approx(np.array([expected[place] for place in places]), abs=1e-12)
