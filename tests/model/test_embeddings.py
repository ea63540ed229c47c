"""Tables of word vectors: where given ones stand, what the others get, and how channels are joined."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pytest
import torch

from tests.each import each
from unrolled.model import embeddings
from unrolled.model.weights import initialize
from unrolled.text.text_config import Channels

VOCABULARY = ["<unk>", *(f"w{number}" for number in range(400))]
VECTORS = {f"w{number}": np.full(50, number) + np.arange(50) / 7 for number in range(0, 400, 3)}


@pytest.mark.parametrize("seed", [0, 1])
def test_given_vectors_land_on_their_words_rows(seed: int) -> None:
    table = embeddings.given(VOCABULARY, {**VECTORS, "not a word": np.zeros(50)}, 50, seed)
    assert table.shape == (401, 50)
    assert table.dtype == np.float32
    for word, vector in VECTORS.items():
        assert np.array_equal(table[VOCABULARY.index(word)], vector.astype("f4"))


def test_words_without_a_vector_get_random_ones_of_the_same_spread() -> None:
    table = embeddings.given(VOCABULARY, VECTORS, 50, 0)
    others = np.array([table[row] for row, word in enumerate(VOCABULARY) if row and word not in VECTORS])
    assert others.std() == pytest.approx(np.std(list(VECTORS.values())), rel=0.05)
    assert abs(others.mean()) < 0.05 * others.std()
    assert len(np.unique(others, axis=0)) == len(others)


def test_the_unknown_word_begins_at_zero() -> None:
    assert not embeddings.given(VOCABULARY, VECTORS, 50, 0)[0].any()
    drawn = initialize(embeddings.weights(30, 4, "static+tuned"), 0)
    for table in drawn.values():
        assert not table[0].any()
        assert table[1:].any(axis=1).all()


def test_the_same_seed_gives_the_same_table_and_another_seed_another() -> None:
    first, again, other = (embeddings.given(VOCABULARY, VECTORS, 50, seed) for seed in (3, 3, 4))
    assert first.tobytes() == again.tobytes()
    assert not np.array_equal(first, other)


def test_without_a_single_known_word_all_are_random() -> None:
    table = embeddings.given(VOCABULARY, {}, 50, 0)
    assert np.isfinite(table).all()
    assert table[1:].any(axis=1).all()


def test_rows_behind_the_words_get_random_vectors_of_the_same_spread_and_the_words_keep_theirs() -> None:
    table = embeddings.given(VOCABULARY, VECTORS, 50, 0, rows=1000)
    assert table.shape == (1000, 50)
    for word, vector in VECTORS.items():
        assert np.array_equal(table[VOCABULARY.index(word)], vector.astype("f4"))
    assert table[401:].std() == pytest.approx(np.std(list(VECTORS.values())), rel=0.05)
    assert len(np.unique(table[401:], axis=0)) == 599


@each("channels", get_args(Channels))
@each("kind", [np.asarray, torch.tensor])
def test_the_channels_stand_side_by_side_in_the_order_of_their_names(channels: Channels, kind: Any) -> None:
    drawn = initialize(embeddings.weights(6, 4, channels), 0)
    assert list(drawn) == channels.split("+")
    joined = np.asarray(embeddings.embed({name: kind(table) for name, table in drawn.items()}, channels))
    assert joined.shape == (6, 4 * len(drawn))
    for place, name in enumerate(channels.split("+")):
        assert np.array_equal(joined[:, 4 * place : 4 * place + 4], drawn[name])
