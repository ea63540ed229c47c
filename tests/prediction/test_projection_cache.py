"""Every encoder, a trained network and memory for none, some or all words → the table reads what the network reads."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest

from tests.each import each
from unrolled.kernels.compiled.library import Library, find_library, plain
from unrolled.model.registry import encoder_names, make_encoder
from unrolled.model.text_network import TextNetwork
from unrolled.model.weights import initialize
from unrolled.prediction.projection_cache import ProjectionCache
from unrolled.text.text_config import Channels

WORDS, SIZE = 40, 6
IDS = np.array([[3, 11, 3, 39, 7], [-5, 9, 10**9, 0, 0], [1, 0, 38, 2, 99], [8, 8, 2, 20, 21]])
LENGTHS = np.array([5, 0, 3, 4])

needs_library = pytest.mark.skipif(not isinstance(find_library(), Library), reason="no compiled kernels")


def network(encoder: str, channels: Channels = "tuned") -> tuple[TextNetwork, dict[str, np.ndarray[Any, Any]]]:
    size = SIZE * len(channels.split("+"))
    chain = TextNetwork(WORDS, SIZE, channels, make_encoder(encoder, size, {}), 3)
    drawn = initialize(chain.weights(), 0)
    return chain, {name: array * 20 if name.startswith("embeddings") else array for name, array in drawn.items()}


@each("encoder", encoder_names())
@each("channels", ["tuned", "static+tuned"])
@each("words", [0, 1, 12, WORDS])
def test_it_reads_what_the_network_reads_whatever_it_has_room_for(encoder: str, channels: Channels, words: int) -> None:
    chain, weights = network(encoder, channels)
    expected = chain.read(weights, IDS, LENGTHS)
    size = chain.project_tokens(weights, np.zeros(1, np.int64)).shape[1]
    table = ProjectionCache(chain, weights, memory=words * 4 * size)
    for _ in range(2):  # filling, then filled
        np.testing.assert_allclose(table.logits(IDS, LENGTHS), expected, atol=1e-5)
    for row in range(4):
        np.testing.assert_allclose(
            table.logits(IDS[row : row + 1], LENGTHS[row : row + 1])[0], expected[row], atol=1e-5
        )
    with plain():
        np.testing.assert_allclose(ProjectionCache(chain, weights).logits(IDS, LENGTHS), expected, atol=1e-5)


@needs_library
def test_each_word_is_projected_once_and_only_when_it_is_met(monkeypatch: pytest.MonkeyPatch) -> None:
    chain, weights = network("lstm")
    projected: list[int] = []
    project = TextNetwork.project_tokens

    def noted(self: TextNetwork, weights: Any, words: Any) -> Any:
        projected.extend(words.tolist())
        return project(self, weights, words)

    table = ProjectionCache(chain, weights)
    table.logits(IDS[:1], LENGTHS[:1])
    monkeypatch.setattr(TextNetwork, "project_tokens", noted)
    table.logits(IDS, LENGTHS)
    table.logits(IDS, LENGTHS)
    assert sorted(projected) == [0, 1, 2, 8, 20, 38]


@needs_library
def test_a_full_table_is_emptied_and_never_larger_than_its_memory() -> None:
    chain, weights = network("lstm")
    size = chain.project_tokens(weights, np.zeros(1, np.int64)).shape[1]
    table = ProjectionCache(chain, weights, memory=10 * 4 * size)

    def met(words: list[int]) -> list[int]:
        ids, lengths = np.array([words]), np.array([len(words)])
        np.testing.assert_allclose(table.logits(ids, lengths), chain.read(weights, ids, lengths), atol=1e-5)
        assert table.table is not None
        assert table.table.rows.nbytes <= 10 * 4 * size
        return np.flatnonzero(table.table.places >= 0).tolist()

    assert met([3, 2, 1, 0, 3]) == [0, 1, 2, 3]
    assert met([3, 4, 5, 6, 7]) == list(range(8))
    assert met([8, 9, 3]) == met([3]) == list(range(10))
    assert met(list(range(11))) == list(range(10))  # more than it has room for: no table is used
    assert met([11, 3, 8]) == [3, 8, 11]


@needs_library
@each("held", [WORDS, 20])
@each("encoder", encoder_names())
def test_several_threads_read_at_once(encoder: str, held: int) -> None:
    chain, weights = network(encoder)
    random = np.random.default_rng(0)
    batches = [(random.integers(0, WORDS, (3, 9)), random.integers(0, 10, 3)) for _ in range(40)]
    expected = [chain.read(weights, *batch) for batch in batches]
    size = chain.project_tokens(weights, np.zeros(1, np.int64)).shape[1]
    table, found = ProjectionCache(chain, weights, memory=held * 4 * size), {}

    def read(worker: int) -> None:
        found[worker] = [table.logits(*batch) for batch in batches]

    workers = [threading.Thread(target=read, args=(worker,)) for worker in range(4)]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()
    for answers in found.values():
        for answer, right in zip(answers, expected, strict=True):
            np.testing.assert_allclose(answer, right, atol=1e-5)
    assert len(found) == 4


def test_the_weights_stay_the_callers_and_can_t_be_written_to_here() -> None:
    chain, weights = network("gru")
    table = ProjectionCache(chain, weights)
    assert all(array.flags.writeable for array in weights.values())
    assert not any(array.flags.writeable for array in table.weights.values())
    assert all(np.shares_memory(array, weights[name]) for name, array in table.weights.items())


@needs_library
@each("wrong", [-1, WORDS, 10**12])
@each("encoder", encoder_names())
def test_an_id_that_no_word_has_is_an_index_error(encoder: str, wrong: int) -> None:
    table = ProjectionCache(*network(encoder))
    if encoder == "ngrams" and wrong == WORDS:
        wrong = table.words
    with pytest.raises(IndexError):
        table.logits(np.array([[1, wrong]]), np.array([2]))
