"""Walks from both ends against each text read alone, forwards and backwards."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from unrolled.model.layers.bidirectional import bidirectional
from unrolled.model.layers.packing import pack
from unrolled.model.layers.scan import State


def decaying(factor: float) -> Any:
    def step(x: Any, state: State) -> State:
        return (factor * state[0] + x,)

    return step


def read(text: Any, factor: float) -> list[Any]:
    h, states = np.zeros(2), []
    for x in text:
        h = factor * h + x
        states.append(h)
    return states


@pytest.mark.parametrize("kind", [np.asarray, torch.from_numpy])
@settings(deadline=None)
@given(lengths=st.lists(st.integers(0, 5), min_size=1, max_size=5))
def test_the_second_direction_reads_every_text_from_its_own_end(kind: Any, lengths: list[int]) -> None:
    packing, width = pack(np.array(lengths), 6), 6
    texts = np.random.default_rng(1).normal(size=(len(lengths), width, 2))
    inputs = kind(texts.reshape(-1, 2)[packing.flat])
    found = np.asarray(bidirectional([decaying(0.5), decaying(-0.25)], [inputs, 3 * inputs], packing, 2, 1))
    assert found.shape == (sum(lengths), 4)
    for row, length in enumerate(lengths):
        own = found[packing.padded[row, :length]]
        text = texts[row, :length]
        assert own[:, :2] == pytest.approx(np.reshape(read(text, 0.5), (length, 2)))
        assert own[:, 2:] == pytest.approx(np.reshape(read(3 * text[::-1], -0.25)[::-1], (length, 2)))


@pytest.mark.parametrize("kind", [np.asarray, torch.from_numpy])
def test_texts_without_words_have_no_states(kind: Any) -> None:
    packing = pack(np.zeros(3, np.int64), 2)
    assert bidirectional([decaying(0.5)], [kind(np.zeros((0, 2)))], packing, 2, 1).shape == (0, 2)
