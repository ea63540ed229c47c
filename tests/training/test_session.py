"""Small networks on generated texts → where a run stops, what it keeps, and that it repeats itself bit for bit."""

from __future__ import annotations

import math
import threading
from dataclasses import astuple, replace
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.metrics import accuracy_score, log_loss
from sklearn.utils.class_weight import compute_class_weight

from tests.trained_network import train_network
from unrolled.model.classifier import softmax
from unrolled.model.registry import make_encoder
from unrolled.model.text_network import TextNetwork
from unrolled.model.weights import initialize
from unrolled.text.text_config import Channels
from unrolled.training.callback import EpochRecord, Message, StepMessage
from unrolled.training.examples import Examples
from unrolled.training.result import TrainingResult
from unrolled.training.training_config import TrainingConfig

WORDS, CLASSES = 60, 3
OPTIONS: dict[str, dict[str, Any]] = {
    "average": {"hidden_size": 6},
    "cnn": {"filter_sizes": (1, 2), "num_filters": 4},
    "lstm": {"hidden_size": 5},
}
ENCODERS = sorted(OPTIONS)


def network_of(encoder: str = "average", channels: Channels = "tuned") -> TextNetwork:
    made = make_encoder(encoder, 8 * len(channels.split("+")), OPTIONS[encoder])
    return TextNetwork(WORDS, 8, channels, made, CLASSES)


def examples_of(seed: int, texts: int, noise: float) -> Examples:
    """Texts that begin with a word for their class, the rest chance; a share of the labels is chance, too."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, CLASSES, texts)
    ids = [np.array([1 + label, *random.integers(4, WORDS, random.integers(1, 8))]) for label in labels]
    noisy = np.where(random.random(texts) < noise, random.integers(0, CLASSES, texts), labels)
    return Examples.of(ids, noisy, np.array([len(text) for text in ids]))


# half of the training labels are noise: what is learnt first holds on dev, what is learnt by heart later doesn't
NOISY, DEV = examples_of(1, 60, 0.5), examples_of(2, 40, 0.0)
OVERFIT: dict[str, Any] = {
    "max_epochs": 14,
    "patience": 14,
    "batch_size": 16,
    "learning_rate": 0.05,
    "ema_decay": 0.0,
    "dropout": 0.0,
    "embedding_dropout": 0.0,
}
SHORT: dict[str, Any] = {"max_epochs": 3, "batch_size": 8, "learning_rate": 0.01, "schedule": "linear"}


def run(network: TextNetwork | None = None, *, plan: dict[str, Any] = SHORT, **more: Any) -> TrainingResult:
    network = network or network_of()
    settings = {key: more.pop(key) for key in list(more) if key in TrainingConfig.__dataclass_fields__}
    return train_network(
        network, initialize(network.weights(), 0), NOISY, DEV, TrainingConfig(**plan | settings), **more
    )


def assert_same_bits(one: Any, other: Any) -> None:
    assert one.keys() == other.keys()
    for name in one:
        np.testing.assert_array_equal(one[name].view("i4"), other[name].view("i4"), err_msg=name)


def timeless(history: list[EpochRecord]) -> list[Any]:
    return [astuple(replace(record, seconds=0.0, words_per_second=0.0)) for record in history]


@pytest.mark.parametrize("encoder", ENCODERS)
def test_the_best_weights_are_restored_where_the_last_are_not_the_best(encoder: str) -> None:
    outcome = run(network_of(encoder), plan=OVERFIT)
    scores = [(record.dev_accuracy, -(record.dev_loss or 0.0)) for record in outcome.history]
    best = scores.index(max(scores))
    assert 0 < best < len(scores) - 1
    assert scores[-1] < scores[best]
    assert outcome.best_step == outcome.history[best].step < outcome.steps
    as_it_was = run(network_of(encoder), plan=OVERFIT, max_steps=outcome.best_step)
    assert (as_it_was.steps, as_it_was.stopped) == (outcome.best_step, "max_steps")
    assert_same_bits(outcome.weights, as_it_was.weights)


@pytest.mark.parametrize("encoder", ENCODERS)
def test_the_score_of_the_best_is_the_score_of_the_weights_kept_all_decay_applied(encoder: str) -> None:
    network = network_of(encoder)
    outcome = run(network, plan=OVERFIT | {"weight_decay": 2.0})
    ids, lengths, labels = DEV.batch(np.arange(len(DEV)))
    probability = softmax(network.logits({k: w.astype("f8") for k, w in outcome.weights.items()}, ids, lengths))
    (best,) = (record for record in outcome.history if record.step == outcome.best_step)
    assert best.dev_loss == pytest.approx(log_loss(labels, probability), rel=1e-5)
    assert best.dev_accuracy == pytest.approx(accuracy_score(labels, probability.argmax(1)))


def test_dev_labels_that_training_contradicts_make_the_first_evaluation_the_best() -> None:
    network = network_of()
    plan = TrainingConfig(**OVERFIT | {"patience": 3, "max_epochs": 50})
    clean = replace(NOISY, labels=np.array(NOISY.ids[NOISY.starts[:-1]] - 1, np.int64))
    contradicting = replace(clean, labels=(clean.labels + 1) % CLASSES)
    outcome = train_network(network, initialize(network.weights(), 0), clean, contradicting, plan)
    assert [record.best for record in outcome.history] == [True, False, False, False]
    assert (outcome.stopped, outcome.best_step, outcome.steps) == ("patience", 4, 16)


@pytest.mark.parametrize("patience", [1, 2, 5])
def test_patience_ends_the_run_after_so_many_epochs_without_a_better_score(patience: int) -> None:
    history = run(plan=OVERFIT | {"weight_decay": 0.0}).history
    scores = [(record.dev_accuracy, -(record.dev_loss or 0.0)) for record in history]
    age = [number - scores.index(max(scores[: number + 1])) for number in range(len(scores))]
    end = age.index(patience) + 1
    outcome = run(plan=OVERFIT | {"weight_decay": 0.0}, patience=patience)
    assert (outcome.stopped, len(outcome.history)) == ("patience", end)
    assert timeless(outcome.history) == timeless(history[:end])


@pytest.mark.parametrize(("max_epochs", "batch_size"), [(1, 8), (4, 16), (2, 100)])
def test_without_another_end_a_run_takes_all_epochs(max_epochs: int, batch_size: int) -> None:
    outcome = run(max_epochs=max_epochs, batch_size=batch_size)
    per_epoch = math.ceil(len(NOISY) / batch_size)
    assert (outcome.stopped, outcome.steps) == ("max_epochs", max_epochs * per_epoch)
    assert [record.step for record in outcome.history] == [per_epoch * epoch for epoch in range(1, max_epochs + 1)]


def test_max_steps_ends_in_the_middle_of_an_epoch_and_evaluates_there() -> None:
    outcome = run(max_steps=11)
    assert (outcome.stopped, outcome.steps) == ("max_steps", 11)
    assert [(record.epoch, record.step) for record in outcome.history] == [(1, 8), (2, 11)]


@pytest.mark.parametrize("encoder", ENCODERS)
def test_the_same_seed_gives_the_same_bits_twice_and_another_seed_others(encoder: str) -> None:
    outcomes: list[TrainingResult] = []
    for seed in (0, 0, 1):
        np.random.seed(len(outcomes))  # the world's own random streams don't matter
        torch.manual_seed(len(outcomes))
        outcomes.append(run(network_of(encoder), random_state=seed))
    one, again, other = outcomes
    assert_same_bits(one.weights, again.weights)
    assert timeless(one.history) == timeless(again.history)
    assert (one.stopped, one.steps, one.best_step) == (again.stopped, again.steps, again.best_step)
    assert (one.weights["classifier.W"] != other.weights["classifier.W"]).any()
    assert timeless(one.history) != timeless(other.history)


@pytest.mark.parametrize(
    ("encoder", "options"),
    [("average", {"hidden_size": 128}), ("cnn", {"num_filters": 64}), ("lstm", {"hidden_size": 64})],
)
def test_two_threads_give_the_same_bits_twice_where_torch_shares_the_work(
    encoder: str, options: dict[str, Any]
) -> None:
    random = np.random.default_rng(0)
    # 64 texts of 12 words of 64 numbers are more than torch gives to one thread at once (32,768)
    ids = [random.integers(0, 500, 12) for _ in range(128)]
    texts = Examples.of(ids, random.integers(0, CLASSES, 128), np.full(128, 12))
    network = TextNetwork(500, 64, "tuned", make_encoder(encoder, 64, options), CLASSES)
    plan = TrainingConfig(max_epochs=1, batch_size=64, threads=2)
    one, again = (train_network(network, initialize(network.weights(), 0), texts, DEV, plan) for _ in range(2))
    assert_same_bits(one.weights, again.weights)
    assert timeless(one.history) == timeless(again.history)


def test_a_run_computes_with_its_own_number_of_threads_and_gives_back_the_programs() -> None:
    before = torch.get_num_threads()
    for threads in (1, 2):
        seen: list[int] = []
        run(threads=threads, report=lambda _, seen=seen: seen.append(torch.get_num_threads()))
        assert (set(seen), torch.get_num_threads()) == ({threads}, before)


def test_a_run_in_another_thread_is_the_same_run() -> None:
    found: list[TrainingResult] = []
    thread = threading.Thread(target=lambda: found.append(run()))
    thread.start()
    thread.join()
    assert_same_bits(found[0].weights, run().weights)


@pytest.mark.parametrize("class_weight", ["none", "balanced"])
@pytest.mark.parametrize("label_smoothing", [0.0, 0.2])
def test_class_weights_and_label_smoothing_reach_the_loss(class_weight: str, label_smoothing: float) -> None:
    network = network_of()
    losses: list[Message] = []
    texts = replace(NOISY, labels=np.repeat([0, 1, 2], [45, 12, 3]))
    plan = TrainingConfig(
        batch_size=60,
        max_epochs=1,
        class_weight=class_weight,  # type: ignore[arg-type]
        label_smoothing=label_smoothing,
        dropout=0.0,
        embedding_dropout=0.0,
    )
    weights = initialize(network.weights(), 0)
    weights["classifier.W"] *= 20
    outcome = train_network(network, weights, texts, DEV, plan, report=losses.append)
    ids, lengths, labels = texts.batch(np.arange(60))
    balanced = compute_class_weight("balanced", classes=np.arange(CLASSES), y=labels)
    wanted = torch.nn.functional.cross_entropy(
        torch.from_numpy(network.logits(weights, ids, lengths)).double(),
        torch.from_numpy(labels),
        torch.from_numpy(balanced) if class_weight == "balanced" else None,
        label_smoothing=label_smoothing,
    )
    assert isinstance(losses[0], StepMessage)
    assert losses[0].loss == pytest.approx(wanted.item(), rel=1e-5)
    assert outcome.history[0].loss == losses[0].loss


@pytest.mark.parametrize("channels", ["static", "static+tuned"])
def test_static_embeddings_stay_bit_for_bit(channels: Channels) -> None:
    network = network_of("cnn", channels)
    outcome = run(network, weight_decay=5.0)
    assert outcome.best_step > 0
    first = initialize(network.weights(), 0)["embeddings.static"]
    assert_same_bits({"static": outcome.weights["embeddings.static"]}, {"static": first})


def test_the_report_gets_each_step_and_each_evaluation_in_order() -> None:
    heard: list[Message] = []
    outcome = run(report=heard.append)
    messages = [message for message in heard if isinstance(message, StepMessage)]
    assert [message.step for message in messages] == list(range(1, 25))
    assert [message.epoch for message in messages] == [1] * 8 + [2] * 8 + [3] * 8
    assert {message.planned_steps for message in messages} == {24}
    assert [heard[8], heard[17], heard[26]] == outcome.history
    for end, record in zip((7, 15, 23), outcome.history, strict=True):
        assert record.loss == messages[end].loss
        assert record.learning_rate == pytest.approx(0.01 * (1 - (record.step - 1) / 24), abs=1e-15)
        assert record.words_per_second > 0
    assert all(math.isfinite(message.seconds_left) and message.seconds_left >= 0 for message in messages)
    assert messages[-1].seconds_left == 0
    assert [record.seconds for record in outcome.history] == sorted(record.seconds for record in outcome.history)


def test_an_epochs_loss_is_that_of_its_own_steps_each_before_the_weights_move() -> None:
    network, plan = (
        network_of(),
        TrainingConfig(**OVERFIT | {"batch_size": 60, "max_epochs": 6}),
    )  # an epoch is one step
    history = train_network(network, initialize(network.weights(), 0), NOISY, NOISY, plan).history
    assert [later.loss for later in history[1:]] == pytest.approx(
        [record.dev_loss for record in history[:-1]], rel=1e-5
    )
