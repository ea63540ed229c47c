"""A case → laws of what training does to an encoder's weights."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import numpy as np

from unrolled.encoder_laws.case import Case, require
from unrolled.model.weights import initialize
from unrolled.text.text_config import Channels
from unrolled.training.state import StepState
from unrolled.training.training_config import TrainingConfig


def learning(case: Case) -> None:
    """A step moves every trainable tensor, and of the words those of the batch alone."""
    for channels in get_args(Channels):
        _only_the_batch_moves(case, channels)


def _only_the_batch_moves(case: Case, channels: Channels) -> None:
    # every word also stands alone, so that no maximum over time can pass it by
    ids, lengths = replace(case, texts=((4,), (9,), (1,), (1, 4, 9, 4, 1, 9), (), (9, 1))).batch

    def moved(seed: int) -> dict[str, set[int]]:
        state = _state(case, channels, seed)
        before = state.copy()
        state.step(0, ids, lengths, np.array([0, 1, 0, 1, 0, 1]), 0.01, None)
        after = state.copy()
        for name in before.keys() - {"embeddings.tuned", "embeddings.static"}:
            require(not np.array_equal(before[name], after[name]), f"a step doesn't move {name}")
        tables = [name for name in before if name.startswith("embeddings.")]
        return {name: {*np.flatnonzero((before[name] != after[name]).any(axis=1)).tolist()} for name in tables}

    first, second = moved(4), moved(5)  # all rectified units may be dead for a text with some weights
    own = {*ids[np.arange(ids.shape[1]) < lengths[:, None]].tolist()}
    expected = {"embeddings.tuned": own, "embeddings.static": set[int]()}
    for name in first:
        found = first[name] | second[name]
        words = f"moves the vectors of the words {sorted(found)}, expected {sorted(expected[name])}"
        require(found == expected[name], f"a step on {name} {words}")


def _state(case: Case, channels: Channels = "tuned", seed: int = 4, **changed: Any) -> StepState:
    network, plain = case.network(channels), {"dropout": 0.0, "embedding_dropout": 0.0, "weight_decay": 0.0}
    return StepState(network, initialize(network.weights(), seed), TrainingConfig(**plain | changed))


def repeatable(case: Case) -> None:
    """The same step, with the same dropout, gives the same bits."""

    def stepped() -> tuple[float, dict[str, bytes]]:
        state = _state(case, dropout=0.5, embedding_dropout=0.2)
        loss = state.step(7, *case.batch, np.arange(len(case.texts)) % 2, 0.01, None)
        return loss, {name: value.tobytes() for name, value in state.copy().items()}

    require(stepped() == stepped(), "the same step gives other bits")


def overfitting(case: Case) -> None:
    """Ten texts are learnt to a loss near zero."""
    random = np.random.default_rng(0)
    drawn = (tuple(random.integers(0, case.words, length)) for length in (2, 7, 3, 5, 1, 6, 4, 7, 2, 5))
    ids, lengths = replace(case, texts=tuple(drawn)).batch
    labels, state, lowest = np.arange(10) % 2, _state(case), np.inf
    for number in range(60):
        lowest = min(lowest, state.step(number, ids, lengths, labels, 0.03, None))
        if lowest < 0.05:
            return
    require(False, f"60 steps on ten texts reach a loss of {lowest:.2g}, expected less than 0.05")


def empty_texts(case: Case) -> None:
    """Texts without words can be learnt from."""
    state = _state(case)
    before = state.copy()
    loss = state.step(0, np.zeros((2, 1), np.int64), np.zeros(2, np.int64), np.array([1, 1]), 0.01, None)
    after = state.copy()
    require(abs(loss - np.log(2)) <= 1, f"the first loss of texts without words is {loss:.2g}, expected about 0.69")
    require(not np.array_equal(before["classifier.b"], after["classifier.b"]), "texts without words teach no bias")
    same = np.array_equal(before["embeddings.tuned"], after["embeddings.tuned"])
    require(same, "texts without words move vectors of words")
    for name, value in after.items():
        require(np.isfinite(value).all(), f"texts without words make {name} not finite")
