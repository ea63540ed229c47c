"""Labelled texts → averaged n-grams trained text by text: learnt, repeated, stopped in time, recorded truly."""

from __future__ import annotations

import math
import signal
from typing import Any

import numpy as np
import pytest

import unrolled.training.learners.hogwild as hogwild_learner
from tests.fitted_texts import OPINIONS, Clock, bits, fit, labelled
from unrolled import TextClassifier
from unrolled.errors import SettingError
from unrolled.kernels.compiled import hogwild
from unrolled.kernels.compiled.library import plain
from unrolled.model.cross_entropy import cross_entropy
from unrolled.training.callback import EpochRecord, StepMessage, no_callback
from unrolled.training.data_config import examples
from unrolled.training.deadline import monotonic
from unrolled.training.fit import FitResult
from unrolled.training.resolve_config import resolve_config, settings_for


def fitted_with(
    encoder: str = "ngrams",
    *,
    report: Any = no_callback,
    started: float | None = None,
    clock: Any = monotonic,
    **settings: Any,
) -> FitResult:
    given = {"embedding_dim": 10, "max_epochs": 10, "patience": 10, **settings, "optimizer": "hogwild"}
    run_config = resolve_config(encoder, None, given)
    return fit(
        run_config, labelled(90), labelled(30, seed=1), list(OPINIONS), report=report, started=started, clock=clock
    )


def accuracy(found: FitResult) -> float:
    texts, labels = labelled(60, seed=2)
    predicted = found.model.logits(texts).argmax(axis=1)
    return float(np.mean([list(OPINIONS)[k] == label for k, label in zip(predicted, labels, strict=True)]))


@pytest.fixture
def short_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """An epoch of 4 steps."""
    monkeypatch.setattr(hogwild_learner, "ROWS_OF_A_STEP", 400)


@pytest.mark.parametrize("encoder", ["average", "ngrams"])
@pytest.mark.parametrize("threads", [1, 2])
def test_it_is_learnt(encoder: str, threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hogwild, "WORTH_A_THREAD", 0)
    found = fitted_with(encoder, threads=threads, max_epochs=30)
    assert accuracy(found) > 0.9
    assert found.training["repeatable"] == (threads == 1)


def test_the_record_tells_the_run(short_steps: None) -> None:
    messages: list[EpochRecord | StepMessage] = []
    found = fitted_with(report=messages.append)
    record = found.training
    assert (record["stopped"], record["steps"]) == ("max_epochs", 40)
    assert [line["step"] for line in found.history] == list(range(4, 41, 4))
    assert set(record["settings"]) == set(settings_for("ngrams", "hogwild")) - {"tokens", "lowercase", "embedding_dim"}
    assert not {"torch", "scikit-learn"} & set(record["versions"])
    steps = [message for message in messages if isinstance(message, StepMessage)]
    assert [(step.epoch, step.step, step.planned_steps) for step in steps] == [
        (k // 4 + 1, k + 1, 40) for k in range(40)
    ]
    losses = [line["loss"] for line in found.history]
    assert math.log(3) > losses[0] > losses[-1]
    rates = [line["learning_rate"] for line in found.history]
    assert rates == pytest.approx([0.25 * (1 - (90 * epoch - 1) / 900) for epoch in range(1, 11)], rel=1e-5)
    (best,) = (line for line in found.history if line["step"] == record["best_step"])
    assert best == [line for line in found.history if line["best"]][-1]


@pytest.mark.parametrize("right", [(15, 27, 26, 24, 25, 21), (21, 18, 28, 27, 29, 28, 30, 29)])
def test_the_last_epoch_is_kept_whose_dev_accuracy_is_within_a_standard_error_of_the_best_so_far(
    right: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    told, classes = iter(right), np.array([list(OPINIONS).index(label) for label in labelled(30, seed=1)[1]])

    def answers(*_: Any) -> Any:
        return np.eye(3, dtype="f4")[np.where(np.arange(30) < next(told), classes, (classes + 1) % 3)]

    monkeypatch.setattr(hogwild_learner, "logits", answers)
    found = fitted_with(max_epochs=len(right))
    near = []
    for epoch, own in enumerate(right):
        most = max(right[: epoch + 1])
        near.append(own / 30 >= most / 30 - np.std([1] * most + [0] * (30 - most)) / 30**0.5)
    assert [line["best"] for line in found.history] == near
    assert 1 < sum(near) < len(near)
    assert found.training["best_step"] == found.history[max(np.flatnonzero(near))]["step"]


@pytest.mark.parametrize("max_epochs", [1, 7, 30])
def test_the_best_weights_are_kept(max_epochs: int) -> None:
    found = fitted_with(max_epochs=max_epochs, learning_rate=3.0, ngram_range=(1, 3), buckets=50)
    texts, labels = labelled(30, seed=1)
    truth = np.array([list(OPINIONS).index(label) for label in labels])
    logits = found.model.logits(texts).astype("f8")
    (best,) = (line for line in found.history if line["step"] == found.training["best_step"])
    assert float(cross_entropy(logits, truth)) == pytest.approx(best["dev_loss"], rel=1e-4)
    assert np.mean(logits.argmax(1) == truth) == best["dev_accuracy"]


def test_patience_ends_the_run_and_the_best_epoch_before_is_kept() -> None:
    found = fitted_with(max_epochs=200, patience=3, learning_rate=4.0)
    best = max(line["epoch"] for line in found.history if line["best"])
    assert (found.training["stopped"], len(found.history)) == ("patience", best + 3)
    again = fitted_with(max_epochs=200, patience=3, learning_rate=4.0, max_steps=found.training["best_step"])
    assert bits(found) == bits(again)


def test_an_n_gram_that_was_never_seen_counts_as_nothing() -> None:
    found = fitted_with(buckets=1000)
    table = found.model.weights["embeddings.tuned"]
    assert table.shape[1] == 10
    assert 0 < np.count_nonzero(table.any(axis=1)) < 500
    np.testing.assert_allclose(found.model.logits(["unheard"]), found.model.logits([""]), atol=1e-6)


def test_a_run_is_repeated_bit_for_bit_by_its_seed_and_by_its_steps(short_steps: None) -> None:
    assert bits(fitted_with()) == bits(fitted_with())
    assert bits(fitted_with()) != bits(fitted_with(random_state=1))
    stopped = fitted_with(max_steps=6)
    assert (stopped.training["stopped"], stopped.training["steps"]) == ("max_steps", 6)
    assert [line["step"] for line in stopped.history] == [4, 6]
    assert stopped.history[0]["dev_loss"] == fitted_with().history[0]["dev_loss"]


def test_n_grams_are_left_out_anew_in_every_epoch_as_the_setting_says(monkeypatch: pytest.MonkeyPatch) -> None:
    drops, seeds, quick = [], [], hogwild.sgd_epoch

    def noted(*given: Any, drop: float, seed: int) -> float:
        drops.append(drop)
        seeds.append(seed)
        return quick(*given, drop=drop, seed=seed)

    monkeypatch.setattr(hogwild_learner, "sgd_epoch", noted)
    fitted_with(embedding_dropout=0.3)
    fitted_with(embedding_dropout=0.3, random_state=1)
    assert drops == [0.3] * 20
    assert len(set(seeds)) == 20


def test_with_n_grams_left_out_training_sees_less_of_long_texts() -> None:
    first, last = [], []
    for drop in (0.0, 0.9):
        history = fitted_with(embedding_dropout=drop, ngram_range=(1, 6), max_epochs=30).history  # 27 n-grams a text
        first.append(fitted_with(embedding_dropout=drop, ngram_range=(1, 6), learning_rate=1e-9).history[0]["loss"])
        last.append(history[-1]["loss"])
    assert first == pytest.approx([math.log(3)] * 2)  # where nothing is known, nothing can be missed
    assert last[0] < last[1]
    short = [bits(fitted_with(embedding_dropout=drop)) for drop in (0.0, 0.9)]  # 13 n-grams a text
    assert short[0] == short[1]


def test_the_plain_arithmetic_learns_the_same() -> None:
    found = fitted_with("average")
    with plain():
        other = fitted_with("average")
    for name, weight in found.model.weights.items():
        np.testing.assert_allclose(weight, other.model.weights[name], atol=1e-4, err_msg=name)


@pytest.mark.parametrize("budget", [5.0, 9.0, 30.5])
def test_a_budget_is_kept_within_an_epoch_and_its_steps_repeat_the_run(
    budget: float, monkeypatch: pytest.MonkeyPatch, short_steps: None
) -> None:
    clock, quick = Clock(), hogwild.sgd_epoch

    def descend_slowly(*given: Any, **more: Any) -> float:
        clock.now += 2
        return quick(*given, **more)

    with monkeypatch.context() as patched:
        patched.setattr(hogwild_learner, "sgd_epoch", descend_slowly)
        found = fitted_with(clock=clock, budget=budget)
    assert found.training["stopped"] == "budget"
    assert clock.now <= budget
    assert clock.now + 2 >= budget
    steps = found.training["steps"]
    assert steps == clock.now / 2
    assert bits(fitted_with(max_steps=steps)) == bits(found)


def test_a_budget_with_time_enough_changes_nothing() -> None:
    assert bits(fitted_with(budget=3600.0)) == bits(fitted_with())


def test_time_is_left_to_read_what_is_judged_at_the_speed_that_was_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()

    def number_slowly(texts: Any, *rest: Any) -> Any:
        clock.now += 0.01 * sum(map(len, texts))
        return examples(texts, *rest)

    monkeypatch.setattr(hogwild_learner, "examples", number_slowly)
    reading = fitted_with(clock=clock).training["seconds"]
    assert reading > 0
    clock.now = 0.0
    assert fitted_with(clock=clock, budget=2 * reading).training["stopped"] == "max_epochs"
    clock.now = 0.0
    assert fitted_with(clock=clock, budget=1.1 * reading).training["stopped"] == "budget"


def test_a_budget_that_is_over_before_the_start_leaves_a_model_that_knows_nothing() -> None:
    found = fitted_with(budget=1.0, started=-1e9)
    assert (found.training["stopped"], found.training["steps"]) == ("budget", 0)
    assert len(found.history) == 1
    assert found.history[0]["loss"] is None
    np.testing.assert_allclose(found.model.probabilities(["fine", ""]), np.full((2, 3), 1 / 3))


def test_ctrl_c_keeps_the_model_so_far(short_steps: None) -> None:
    def interrupt(message: Any) -> None:
        if isinstance(message, StepMessage) and message.step == 6:
            signal.raise_signal(signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    found = fitted_with(report=interrupt)
    assert (found.training["stopped"], found.training["steps"]) == ("interrupted", 6)
    assert bits(found) == bits(fitted_with(max_steps=6))
    assert signal.getsignal(signal.SIGINT) is before


def test_a_learning_rate_that_is_far_too_high_is_told_and_the_best_model_kept() -> None:
    found = fitted_with(learning_rate=1e30)
    assert found.training["stopped"] == "not_finite"
    assert found.error is not None
    assert "learning_rate" in str(found.error) or "finite" in str(found.error)


def test_later_steps_that_are_not_finite_leave_the_best_of_before(
    monkeypatch: pytest.MonkeyPatch, short_steps: None
) -> None:
    quick, calls = hogwild.sgd_epoch, []

    def descend_badly(weights: Any, *rest: Any, **more: Any) -> float:
        calls.append(1)
        loss = quick(weights, *rest, **more)
        if len(calls) == 6:
            weights.table[:] = np.nan
            return math.nan
        return loss

    with monkeypatch.context() as patched:
        patched.setattr(hogwild_learner, "sgd_epoch", descend_badly)
        found = fitted_with()
    assert (found.training["stopped"], found.training["steps"], found.training["best_step"]) == ("not_finite", 6, 4)
    assert bits(found) == bits(fitted_with(max_steps=4))


def test_texts_without_a_word_are_learnt_from_as_well() -> None:
    data = (["fine", "", "dull", ""] * 5, ["pos", "neg", "neg", "neg"] * 5)
    run_config = resolve_config("ngrams", None, {"optimizer": "hogwild", "max_epochs": 50})
    found = fit(run_config, data, data, ["neg", "pos"], report=no_callback)
    assert found.history[-1]["dev_accuracy"] == 1


def test_n_grams_longer_than_every_text_are_refused() -> None:
    with pytest.raises(SettingError, match="longest training text"):
        fitted_with(ngram_range=(50, 60))


def test_as_an_estimator_it_is_fitted_saved_and_loaded(tmp_path: Any) -> None:
    texts, labels = labelled(120)
    classifier = TextClassifier("ngrams", optimizer="hogwild", max_epochs=30).fit(texts, labels)
    assert classifier.score(*labelled(60, seed=2)) > 0.9
    assert classifier.get_params()["learning_rate"] is None
    classifier.save_pretrained(tmp_path / "model")
    loaded = TextClassifier.from_pretrained(tmp_path / "model")
    np.testing.assert_array_equal(loaded.predict_proba(texts), classifier.predict_proba(texts))
    assert loaded.get_params()["num_layers"] == 0
