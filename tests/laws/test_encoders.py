"""Every encoder with each option alone, and with any options together → laws 1 to 8 of `unrolled.model.encoder`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
import pytest
import safetensors.numpy
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.laws.each_case import crossed, plainly, trained
from unrolled.model.registry import encoder_names, encoder_options
from unrolled.model.text_network import restrict
from unrolled.model.weights import initialize, merge
from unrolled.text.text_config import Channels
from unrolled.training.state import StepState
from unrolled.training.training_config import TrainingConfig

if TYPE_CHECKING:
    from tests.laws.conftest import Case

Arrays = Mapping[str, np.ndarray[Any, Any]]
JUNK_IDS = np.array([-1, -7, 10**9, 2, 0])
JUNK_NUMBERS = np.array([np.nan, np.inf, -np.inf, 1e30, -3.0])


def with_junk(ids: np.ndarray[Any, Any], lengths: np.ndarray[Any, Any], columns: int) -> np.ndarray[Any, Any]:
    wide = np.pad(ids, ((0, 0), (0, columns)))
    padding = np.arange(wide.shape[1]) >= lengths[:, None]
    wide[padding] = np.resize(JUNK_IDS, padding.sum())
    return wide


@crossed
def test_padding_changes_nothing_whatever_stands_in_it(case: Case) -> None:
    ids, lengths = case.batch
    expected = case.read(ids, lengths)
    for columns in (0, 1, 9):
        assert case.agree(case.read(with_junk(ids, lengths, columns), lengths), expected)


@crossed
def test_junk_vectors_in_the_padding_change_nothing(case: Case) -> None:
    ids, lengths = case.batch
    for columns in (0, 4):
        vectors = case.table[np.pad(ids, ((0, 0), (0, columns)))]
        padding = np.arange(vectors.shape[1]) >= lengths[:, None]
        vectors[padding] = np.resize(JUNK_NUMBERS, (padding.sum(), vectors.shape[2]))
        assert case.agree(case.encode(vectors, lengths), case.read(ids, lengths))


@crossed
def test_company_changes_nothing(case: Case) -> None:
    ids, lengths = case.batch
    together = case.read(ids, lengths)
    alone = [replace(case, texts=(text,)).batch for text in case.texts]
    assert case.agree(np.concatenate([case.read(*text) for text in alone]), together)
    order = np.random.default_rng(1).permutation(len(lengths))
    assert case.agree(case.read(ids[order], lengths[order]), together[order])


@crossed
def test_the_shape_is_as_announced(case: Case) -> None:
    ids, lengths = case.batch
    for texts in (0, 1, len(lengths)):
        assert case.read(ids[:texts], lengths[:texts]).shape == (texts, case.encoder.output_size)
    assert {name: w.shape for name, w in case.encoder.weights().items()} == {
        n: w.shape for n, w in case.weights.items()
    }


@crossed
def test_the_encoding_has_the_precision_of_the_weights(case: Case) -> None:
    assert case.read(*case.batch).dtype == case.dtype


@crossed
def test_a_text_without_words_gives_the_stated_vector(case: Case) -> None:
    weights = {name: np.asarray(value, np.float64) for name, value in case.weights.items()}
    expected = np.asarray(case.encoder.empty_encoding(weights), case.dtype)
    only_empty = case.read(np.zeros((3, 4), np.int64), np.zeros(3, np.int64))
    mixed = replace(case, texts=((), *case.texts, ())).batch
    assert case.agree(only_empty, np.stack([expected] * 3))
    assert case.agree(case.read(*mixed)[[0, -1]], np.stack([expected] * 2))


@crossed
def test_order_matters_exactly_as_declared(case: Case) -> None:
    random = np.random.default_rng(2)
    texts = np.stack([random.permutation(case.words)[:7] for _ in range(20)])
    shuffled = random.permuted(texts, axis=1)

    def agree(seed: int) -> bool:
        both = (replace(case, texts=tuple(map(tuple, some)), seed=seed) for some in (texts, shuffled))
        before, after = (one.read(*one.batch) for one in both)
        assert np.isfinite([before, after]).all()
        return case.agree(after, before)

    # layers of a single rectified unit are dead with most weights; order matters if it does with any
    tries = 100 if case.encoder.order_sensitive else 5
    assert all(agree(seed) for seed in range(tries)) != case.encoder.order_sensitive


@crossed
def test_numpy_and_torch_agree(case: Case) -> None:
    other = replace(case, kind="numpy" if case.kind == "torch" else "torch")
    assert case.agree(other.read(*case.batch), case.read(*case.batch))


@crossed
def test_saved_and_loaded_it_is_the_same_function(case: Case) -> None:
    network, batch = case.network(), case.batch
    arrays = {name: value.astype(case.dtype) for name, value in initialize(network.weights(), 3).items()}
    loaded = safetensors.numpy.load(safetensors.numpy.save(arrays))
    before, after = (
        np.asarray(network.logits({name: case.array(value) for name, value in weights.items()}, *batch))
        for weights in (arrays, loaded)
    )
    assert before.tobytes() == after.tobytes()


@plainly
def test_the_same_seed_gives_the_same_first_weights(plain_case: Case) -> None:
    declared = merge(encoder=plain_case.encoder.weights(), again=plain_case.network().weights())
    first, second, other = (initialize(declared, seed) for seed in (1, 1, 2))
    assert {name: w.tobytes() for name, w in first.items()} == {name: w.tobytes() for name, w in second.items()}
    assert any(not np.array_equal(first[name], other[name]) for name in first)


def plan(**changed: Any) -> TrainingConfig:
    return TrainingConfig(**{"dropout": 0.0, "embedding_dropout": 0.0, "weight_decay": 0.0, **changed})


def state_of(case: Case, channels: Channels = "tuned", seed: int = 4, **changed: Any) -> StepState:
    network = case.network(channels)
    return StepState(network, initialize(network.weights(), seed), plan(**changed))


@trained
def test_a_step_moves_every_trainable_tensor_and_of_the_words_the_batch_alone(trained_case: Case) -> None:
    for channels in get_args(Channels):
        only_the_batch_moves(trained_case, channels)


def only_the_batch_moves(trained_case: Case, channels: Channels) -> None:
    # every word also stands alone, so that no maximum over time can pass it by
    ids, lengths = replace(trained_case, texts=((4,), (9,), (1,), (1, 4, 9, 4, 1, 9), (), (9, 1))).batch

    def moved(seed: int) -> dict[str, set[int]]:
        state = state_of(trained_case, channels, seed)
        before = state.copy()
        state.step(0, ids, lengths, np.array([0, 1, 0, 1, 0, 1]), 0.01, None)
        after = state.copy()
        for name in before.keys() - {"embeddings.tuned", "embeddings.static"}:
            assert not np.array_equal(before[name], after[name]), name
        tables = [name for name in before if name.startswith("embeddings.")]
        return {name: {*np.flatnonzero((before[name] != after[name]).any(axis=1)).tolist()} for name in tables}

    first, second = moved(4), moved(5)  # all rectified units may be dead for a text with some weights
    own = {*ids[np.arange(ids.shape[1]) < lengths[:, None]].tolist()}
    expected = {"embeddings.tuned": own, "embeddings.static": set()}
    assert {name: first[name] | second[name] for name in first} == {name: expected[name] for name in first}


@trained
def test_the_same_step_gives_the_same_bits(trained_case: Case) -> None:
    def stepped() -> tuple[float, dict[str, bytes]]:
        state = state_of(trained_case, dropout=0.5, embedding_dropout=0.2)
        loss = state.step(7, *trained_case.batch, np.arange(len(trained_case.texts)) % 2, 0.01, None)
        return loss, {name: value.tobytes() for name, value in state.copy().items()}

    assert stepped() == stepped()


@trained
def test_ten_texts_are_learnt_to_a_loss_near_zero(trained_case: Case) -> None:
    random = np.random.default_rng(0)
    drawn = (tuple(random.integers(0, trained_case.words, length)) for length in (2, 7, 3, 5, 1, 6, 4, 7, 2, 5))
    ids, lengths = replace(trained_case, texts=tuple(drawn)).batch
    labels, state = np.arange(10) % 2, state_of(trained_case)
    losses = (state.step(number, ids, lengths, labels, 0.03, None) for number in range(60))
    assert any(loss < 0.05 for loss in losses)


@trained
def test_texts_without_words_can_be_learnt_from(trained_case: Case) -> None:
    state = state_of(trained_case)
    before = state.copy()
    loss = state.step(0, np.zeros((2, 1), np.int64), np.zeros(2, np.int64), np.array([1, 1]), 0.01, None)
    after = state.copy()
    assert loss == pytest.approx(np.log(2), abs=1)
    assert not np.array_equal(before["classifier.b"], after["classifier.b"])
    assert np.array_equal(before["embeddings.tuned"], after["embeddings.tuned"])
    assert all(np.isfinite(value).all() for value in after.values())


@plainly
def test_the_gradients_in_a_batch_with_empty_and_short_texts_are_finite(plain_case: Case) -> None:
    case = replace(plain_case, kind="torch", dtype="f8")
    weights = {
        name: case.array(value).requires_grad_() for name, value in initialize(case.network().weights(), 1).items()
    }
    small, ids, _ = restrict(weights, *case.batch)
    loss = case.network().logits(small, ids, case.batch[1]).square().sum()
    gradients = torch.autograd.grad(loss, list(weights.values()), materialize_grads=True)
    assert all(bool(torch.isfinite(gradient).all()) for gradient in gradients)


ANY_OPTIONS = (
    test_padding_changes_nothing_whatever_stands_in_it,
    test_junk_vectors_in_the_padding_change_nothing,
    test_company_changes_nothing,
    test_the_shape_is_as_announced,
    test_the_encoding_has_the_precision_of_the_weights,
    test_a_text_without_words_gives_the_stated_vector,
    test_order_matters_exactly_as_declared,
    test_numpy_and_torch_agree,
    test_saved_and_loaded_it_is_the_same_function,
    test_the_same_seed_gives_the_same_first_weights,
    test_the_same_step_gives_the_same_bits,
    test_the_gradients_in_a_batch_with_empty_and_short_texts_are_finite,
)


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_all_of_it_holds_for_any_options_together(
    draw_case: Callable[[st.DataObject], Case],
    draw_way: Callable[[st.DataObject], AbstractContextManager[None]],
    data: st.DataObject,
) -> None:
    case = draw_case(data)
    with draw_way(data):
        for law in ANY_OPTIONS:
            law.law(case)


def test_each_option_of_each_encoder_is_varied(every_case: list[Case]) -> None:
    for name in encoder_names():
        for option in encoder_options(name).values():
            values = {case.options.get(option.name, option.default) for case in every_case if case.name == name}
            assert len(values) > 1, (name, option.name)
