"""Steps of small networks → NumPy's own gradients and dense AdamW, torch's loss and torch's clipping."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.each import each
from unrolled.model.registry import make_encoder
from unrolled.model.text_network import TextNetwork
from unrolled.model.weights import initialize
from unrolled.text.text_config import Channels
from unrolled.text.vocabulary import pad
from unrolled.training.state import StepState, clip
from unrolled.training.training_config import TrainingConfig

Floats = np.ndarray[Any, np.dtype[np.float64]]
Batch = tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]
WORDS, CLASSES = 12, 3
OPTIONS: dict[str, dict[str, Any]] = {
    "average": {"hidden_size": 6},
    "cnn": {"filter_sizes": (1, 2), "num_filters": 4},
    "lstm": {"hidden_size": 5},
}
ENCODERS = sorted(OPTIONS)
EXACT: dict[str, Any] = {"dropout": 0.0, "embedding_dropout": 0.0, "max_grad_norm": 1e9}


@pytest.fixture(autouse=True, scope="module")
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def network_of(encoder: str, channels: Channels = "tuned", **options: Any) -> TextNetwork:
    made = make_encoder(encoder, 8 * len(channels.split("+")), OPTIONS[encoder] | options)
    return TextNetwork(WORDS, 8, channels, made, CLASSES)


def batch_of(seed: int, texts: int = 6) -> Batch:
    random = np.random.default_rng(seed)
    ids, lengths = pad([random.integers(0, WORDS, random.integers(1, 7)) for _ in range(texts)])
    return ids, lengths, random.integers(0, CLASSES, texts)


def state_of(network: TextNetwork, **plan: Any) -> StepState:
    return StepState(network, initialize(network.weights(), 0), TrainingConfig(**plan))


def gradients_of_average(weights: dict[str, Floats], batch: Batch, class_weight: Floats, smoothing: float) -> Any:
    """Derive the loss of softmax(mean(E[text]) W + b) by hand: the error of the logits, then the chain rule."""
    ids, lengths, labels = batch
    share = np.zeros((len(ids), WORDS))
    for row, text in enumerate(ids):
        for word in text[: lengths[row]]:
            share[row, word] += 1 / lengths[row]
    means = share @ weights["embeddings.tuned"]
    logits = means @ weights["classifier.W"] + weights["classifier.b"]
    probability = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    y = np.eye(CLASSES)[labels] * (1 - smoothing) + smoothing / CLASSES
    total = class_weight[labels].sum()
    target = y * class_weight / total
    loss = -(target * np.log(probability)).sum()
    error = probability * target.sum(1, keepdims=True) - target
    found = {"embeddings.tuned": share.T @ (error @ weights["classifier.W"].T)}
    return loss, found | {"classifier.W": means.T @ error, "classifier.b": error.sum(0)}, share.any(0)


def test_ten_steps_equal_numpys_own_gradients_clipping_and_dense_adamw_in_float64() -> None:
    network, class_weight = network_of("average", num_layers=0), np.array([0.5, 1, 3])
    decay, smoothing, most = 0.4, 0.1, 0.75
    first = {name: array.astype("f8") for name, array in initialize(network.weights(), 0).items()}
    plan = TrainingConfig(weight_decay=decay, label_smoothing=smoothing, **EXACT | {"max_grad_norm": most})
    state, clipped = StepState(network, first, plan), 0
    weights = {name: array.copy() for name, array in first.items()}
    m, v = ({name: np.zeros_like(array) for name, array in first.items()} for _ in range(2))
    n = {name: np.zeros((len(array), *[1] * (array.ndim - 1))) for name, array in first.items()}
    for number in range(10):
        batch, rate = batch_of(number, texts=2), 0.05 / (1 + number)
        loss = state.step(number, *batch, rate, class_weight)
        wanted, gradients, seen = gradients_of_average(weights, batch, class_weight, smoothing)
        assert loss == pytest.approx(wanted, rel=1e-12)
        norm = math.sqrt(sum(float((gradient**2).sum()) for gradient in gradients.values()))
        clipped += norm > most
        for name, gradient in gradients.items():
            g, here = gradient * min(1, most / norm), seen if name == "embeddings.tuned" else slice(None)
            weights[name] *= 1 - rate * decay
            n[name][here] += 1
            m[name][here] = 0.9 * m[name][here] + 0.1 * g[here]
            v[name][here] = 0.999 * v[name][here] + 0.001 * g[here] ** 2
            up, down = m[name][here] / (1 - 0.9 ** n[name][here]), v[name][here] / (1 - 0.999 ** n[name][here])
            weights[name][here] -= rate * up / (np.sqrt(down) + 1e-8)
    assert 0 < clipped < 10
    for name, array in state.copy().items():
        np.testing.assert_allclose(array, weights[name], rtol=1e-9, atol=1e-10, err_msg=name)


@each("encoder", ENCODERS)
@each("smoothing", [0.0, 0.3])
@each("weighted", [False, True])
def test_the_loss_is_torchs_with_class_weights_and_label_smoothing(
    encoder: str, smoothing: float, weighted: bool
) -> None:
    state, (ids, lengths, labels) = state_of(network_of(encoder), label_smoothing=smoothing, **EXACT), batch_of(1)
    weight = np.array([0.25, 1.0, 4.0]) if weighted else None
    logits = torch.from_numpy(state.logits(ids, lengths)).double()
    wanted = torch.nn.functional.cross_entropy(
        logits, torch.from_numpy(labels), torch.from_numpy(weight) if weighted else None, label_smoothing=smoothing
    )
    assert state.step(0, ids, lengths, labels, 0.01, weight) == pytest.approx(wanted.item(), rel=1e-5)


@pytest.mark.parametrize("encoder", ENCODERS)
def test_reading_drops_nothing_and_equals_the_network_in_numpy(encoder: str) -> None:
    network, (ids, lengths, labels) = network_of(encoder), batch_of(2)
    state = state_of(network, dropout=0.9, embedding_dropout=0.9)
    state.step(0, ids, lengths, labels, 0.01, None)
    wanted = network.logits(state.copy(), ids, lengths)
    np.testing.assert_allclose(state.logits(ids, lengths), wanted, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("setting", ["dropout", "embedding_dropout"])
def test_what_is_dropped_is_a_pure_function_of_seed_and_step(setting: str) -> None:
    def loss(number: int, seed: int) -> float:
        state = state_of(network_of("average"), **EXACT | {setting: 0.5}, random_state=seed)
        torch.rand(number)  # the world's own stream doesn't matter
        return state.step(number, *batch_of(3), 0.01, None)

    found = {(number, seed): loss(number, seed) for number in range(3) for seed in range(3)}
    assert len(set(found.values())) == len(found)
    assert all(loss(*key) == value for key, value in reversed(found.items()))


@pytest.mark.parametrize("encoder", ENCODERS)
def test_a_step_moves_every_trainable_weight_and_of_the_embeddings_only_the_batchs_rows(encoder: str) -> None:
    network, (ids, lengths, labels) = network_of(encoder, "static+tuned"), batch_of(4, texts=2)
    state, before = state_of(network, **EXACT, weight_decay=0.0), initialize(network.weights(), 0)
    state.step(0, ids, lengths, labels, 0.01, None)
    seen = np.unique(np.concatenate([text[:length] for text, length in zip(ids, lengths, strict=True)]))
    assert len(seen) < WORDS
    for name, array in state.copy().items():
        moved = np.flatnonzero((array != before[name]).reshape(len(array), -1).any(1))
        if name == "embeddings.static":
            assert not len(moved)
        elif name == "embeddings.tuned":
            assert len(moved) > 0
            assert set(moved) <= set(seen)  # a word that wins no filter's maximum has no gradient
        else:
            assert len(moved), name


@pytest.mark.parametrize("channels", ["static", "static+tuned"])
def test_static_embeddings_stay_bit_for_bit_whatever_the_decay(channels: Channels) -> None:
    network = network_of("cnn", channels)
    state, before = state_of(network, weight_decay=5.0), initialize(network.weights(), 0)
    for number in range(5):
        state.step(number, *batch_of(number), 0.05, None)
    after = state.copy()
    np.testing.assert_array_equal(after["embeddings.static"], before["embeddings.static"])
    assert (after["classifier.W"] != before["classifier.W"]).all()


def test_a_copy_has_all_decay_and_is_not_moved_by_later_steps() -> None:
    state = state_of(network_of("average"), **EXACT, weight_decay=0.5)
    before, (ids, lengths, labels) = state.copy(), batch_of(0)
    ids = ids % 3  # words from 3 on are in no batch: all that reaches them is decay
    for number in range(4):
        state.step(number, ids, lengths, labels, 0.1, None)
    copied = state.copy()
    kept = {name: array.copy() for name, array in copied.items()}
    np.testing.assert_allclose(copied["embeddings.tuned"][3:], before["embeddings.tuned"][3:] * 0.95**4, rtol=1e-6)
    state.step(4, ids, lengths, labels, 0.1, None)
    for name, array in copied.items():
        np.testing.assert_array_equal(array, kept[name])


def test_the_weights_given_are_not_changed() -> None:
    network = network_of("average")
    given_weights, untouched = (initialize(network.weights(), 0) for _ in range(2))
    StepState(network, given_weights, TrainingConfig()).step(0, *batch_of(0), 0.1, None)
    for name, array in given_weights.items():
        np.testing.assert_array_equal(array, untouched[name])


@each("poison", [math.inf, -math.inf, math.nan])
@each("name", ["classifier.W", "encoder.0.W", "embeddings.tuned"])
def test_a_loss_that_is_not_finite_moves_nothing(name: str, poison: float) -> None:
    network = network_of("average")
    weights = initialize(network.weights(), 0)
    weights[name][:] = poison
    state = StepState(network, weights, TrainingConfig())
    with np.errstate(all="ignore"):
        assert not math.isfinite(state.step(0, *batch_of(0), 0.1, None))
    for key, array in state.copy().items():
        np.testing.assert_array_equal(array, weights[key])


@pytest.mark.parametrize("encoder", ENCODERS)
def test_a_batch_of_texts_without_words_is_a_step_like_any_other(encoder: str) -> None:
    state = state_of(network_of(encoder), **EXACT)
    before = state.copy()
    nothing = np.zeros((2, 1), np.int64), np.zeros(2, np.int64), np.array([0, 1])
    assert math.isfinite(state.step(0, *nothing, 0.01, None))
    assert (state.copy()["classifier.b"] != before["classifier.b"]).any()


@pytest.mark.parametrize("encoder", ["average", "cnn"])
def test_a_batch_without_words_changes_the_moments_of_no_row(encoder: str) -> None:
    state = state_of(network_of(encoder), **EXACT)
    state.step(0, *batch_of(0), 0.01, None)
    moments = state.optimizer.tables["embeddings.tuned"].moments
    before = [part.clone() for part in (moments.m, moments.v, moments.n)]
    state.step(1, np.zeros((2, 1), np.int64), np.zeros(2, np.int64), np.array([0, 1]), 0.01, None)
    for part, old in zip((moments.m, moments.v, moments.n), before, strict=True):
        assert torch.equal(part, old)


@settings(deadline=None)
@given(st.integers(0, 1000), st.floats(1e-3, 1e3), st.integers(-4, 4))
def test_clipping_bounds_the_joint_norm_and_keeps_the_direction_as_torch_does(
    seed: int, most: float, magnitude: int
) -> None:
    stream = torch.Generator().manual_seed(seed)
    shapes = ((3, 4), (5,), (2, 2, 2))
    drawn = [torch.randn(shape, generator=stream, dtype=torch.float64) * 10.0**magnitude for shape in shapes]
    theirs = [torch.zeros_like(gradient).requires_grad_() for gradient in drawn]
    for parameter, gradient in zip(theirs, drawn, strict=True):
        parameter.grad = gradient.clone()
    norm = torch.nn.utils.clip_grad_norm_(theirs, most)
    ours = {str(number): gradient.clone() for number, gradient in enumerate(drawn)}
    clip(ours, norm.item(), most)
    joined = torch.cat([gradient.flatten() for gradient in ours.values()])
    assert joined.norm().item() <= most * (1 + 1e-12)
    for gradient, parameter in zip(ours.values(), theirs, strict=True):
        # torch divides by norm + 1e-6
        torch.testing.assert_close(gradient, parameter.grad, rtol=2e-6 / min(norm.item(), 1.0), atol=0)


def test_the_plans_norm_reaches_the_optimizer() -> None:
    network, batch = network_of("average"), batch_of(0)
    free, bound = (state_of(network, **EXACT | {"max_grad_norm": most}) for most in (1e9, 1e-3))
    for state in (free, bound):
        state.step(0, *batch, 0.01, None)

    def joined(state: StepState) -> torch.Tensor:
        moments = [state.optimizer.moments, *(rows.moments for rows in state.optimizer.tables.values())]
        return torch.cat([part.m.flatten() for part in moments]) / 0.1  # after one step m is a tenth of the gradient

    assert joined(free).norm() > 0.1
    assert joined(bound).norm().item() == pytest.approx(1e-3, rel=1e-5)
    assert torch.cosine_similarity(joined(free), joined(bound), dim=0).item() == pytest.approx(1, abs=1e-6)
