"""Labelled texts → logistic regression at scikit-learn's optimum; what ends a fit, and that its record is true."""

from __future__ import annotations

import signal
import warnings
from itertools import count
from typing import Any

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

import unrolled.training.learners.logistic as logistic
from tests.each import each
from tests.fitted_texts import OPINIONS, Clock, bits, fit, labelled
from unrolled.data.split import split_off
from unrolled.errors import DataError, SettingError
from unrolled.model.cross_entropy import cross_entropy
from unrolled.text.tokens import words
from unrolled.training.callback import no_callback
from unrolled.training.data_config import examples
from unrolled.training.deadline import monotonic
from unrolled.training.fit import FitResult
from unrolled.training.resolve_config import SETTINGS, resolve_config, settings_for


def fitted_with(
    classes: int = 2,
    *,
    report: Any = no_callback,
    started: float | None = None,
    clock: Any = monotonic,
    **settings: Any,
) -> FitResult:
    names = list(OPINIONS)[:classes]
    data, dev = labelled(90, classes), labelled(30, classes, seed=1)
    return fit(
        resolve_config("logistic", None, settings), data, dev, names, report=report, started=started, clock=clock
    )


@each("class_weight", ["none", "balanced"])
@each("ngram_range", [(1, 1), (1, 2), (2, 3)])
@each("features", ["counts", "tfidf"])
@each("classes", [2, 3])
def test_probabilities_equal_those_of_a_scikit_learn_pipeline(
    classes: int, features: str, ngram_range: tuple[int, int], class_weight: str
) -> None:
    names = list(OPINIONS)[:classes]
    texts, labels = labelled(90, classes)
    texts, labels = texts[:-11], labels[:-11]
    found = fit(
        resolve_config(
            "logistic", None, {"features": features, "ngram_range": ngram_range, "class_weight": class_weight}
        ),
        (texts, labels),
        labelled(30, classes, seed=1),
        names,
        report=no_callback,
    )
    vectorizer = {"counts": CountVectorizer, "tfidf": TfidfVectorizer}[features]
    pipeline = make_pipeline(
        vectorizer(tokenizer=words, lowercase=False, token_pattern=None, ngram_range=ngram_range),
        # another solver that goes to the optimum; lbfgs stops where rounding hides that the loss still falls
        LogisticRegression(
            C=30, solver="newton-cholesky", tol=1e-12, class_weight=None if class_weight == "none" else class_weight
        ),
    ).fit(texts, labels)
    new = [*labelled(40, classes, seed=2)[0], "", "unheard of", "dull Dull dull dull, fine"]
    assert found.training["stopped"] == "converged"
    np.testing.assert_allclose(found.model.probabilities(new), pipeline.predict_proba(new), rtol=0, atol=1e-6)


def test_the_record_tells_the_run() -> None:
    found = fitted_with()
    record, steps = found.training, found.training["steps"]
    assert (record["stopped"], record["best_step"]) == ("converged", steps)
    assert [line["step"] for line in found.history] == list(range(1, steps + 1))
    assert set(record["settings"]) == set(settings_for("logistic")) - {"tokens", "lowercase"}
    assert "scikit-learn" in record["versions"]
    assert "torch" not in record["versions"]
    losses = [line["loss"] for line in found.history]
    assert losses[0] == pytest.approx(np.log(2))
    assert losses[-1] < losses[1] < losses[0]
    texts, labels = labelled(30, 2, seed=1)
    logits = found.model.logits(texts).astype("f8")
    truth = np.array([list(OPINIONS).index(label) for label in labels])
    assert float(cross_entropy(logits, truth)) == pytest.approx(found.history[-1]["dev_loss"], rel=1e-5)
    assert np.mean(logits.argmax(1) == truth) == found.history[-1]["dev_accuracy"]


def test_a_run_is_repeated_bit_for_bit_and_by_its_steps() -> None:
    assert bits(fitted_with(3)) == bits(fitted_with(3))
    stopped = fitted_with(3, max_steps=3)
    assert (stopped.training["stopped"], stopped.training["steps"]) == ("max_steps", 3)
    assert stopped.history[-1]["dev_loss"] == fitted_with(3).history[2]["dev_loss"]


def test_a_budget_with_time_enough_changes_nothing() -> None:
    assert bits(fitted_with(budget=3600.0)) == bits(fitted_with())


@pytest.mark.parametrize("budget", [5.0, 9.0, 30.5])
def test_a_budget_is_kept_and_its_steps_repeat_the_run(budget: float, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, slow = Clock(), LogisticRegression.fit

    def fit_slowly(self: Any, *data: Any) -> Any:
        clock.now += 4
        return slow(self, *data)

    with monkeypatch.context() as patched:
        patched.setattr(LogisticRegression, "fit", fit_slowly)
        found = fitted_with(3, clock=clock, budget=budget)
    assert found.training["stopped"] == "budget"
    assert clock.now <= budget
    # the next step may take twice as long: where it would fit, it is taken
    assert clock.now + 8 >= budget
    steps = found.training["steps"]
    assert steps == clock.now / 4
    assert bits(fitted_with(3, max_steps=steps)) == bits(found)


def test_time_is_left_to_read_what_is_judged_at_the_speed_that_was_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()

    def count_slowly(texts: Any, *rest: Any) -> Any:
        clock.now += 0.01 * sum(map(len, texts))
        return examples(texts, *rest)

    monkeypatch.setattr(logistic, "examples", count_slowly)
    reading = fitted_with(clock=clock).training["seconds"]
    clock.now = 0.0
    assert fitted_with(clock=clock, budget=2 * reading).training["stopped"] == "converged"
    clock.now = 0.0
    assert fitted_with(clock=clock, budget=1.1 * reading).training["stopped"] == "budget"


def test_a_budget_that_is_over_before_the_start_leaves_a_model_that_knows_nothing() -> None:
    found = fitted_with(budget=1.0, started=-1e9)
    assert (found.training["stopped"], found.training["steps"]) == ("budget", 0)
    assert len(found.history) == 1
    assert found.history[0]["loss"] is None
    np.testing.assert_array_equal(found.model.probabilities(["fine", ""]), np.full((2, 2), 0.5))


def test_ctrl_c_keeps_the_model_so_far() -> None:
    def interrupt(record: Any) -> None:
        if record.step == 2:
            signal.raise_signal(signal.SIGINT)

    found = fitted_with(report=interrupt)
    assert (found.training["stopped"], found.training["steps"]) == ("interrupted", 2)
    assert bits(found) == bits(fitted_with(max_steps=2))


def test_ngrams_are_limited_as_asked() -> None:
    every = set(fitted_with().model.vocabulary.words)
    assert {"film", "film ,", ","} <= every
    assert not {"Film", "film , and"} & every
    assert len(fitted_with(max_features=5).model.vocabulary) == 6
    rarer = fitted_with(min_count=4, lowercase=False).model.vocabulary.words
    assert set(rarer) < {"Film", *fitted_with(lowercase=False).model.vocabulary.words}
    nothing = fitted_with(min_count=10**6)
    assert nothing.model.vocabulary.words == ("<unk>",)
    assert np.isfinite(nothing.model.probabilities(["fine"])).all()


def test_warnings_are_as_before_afterwards() -> None:
    before = list(warnings.filters)
    fitted_with()
    assert list(warnings.filters) == before


def test_a_label_that_is_split_off_whole_is_told() -> None:
    texts = [f"text {number}" for number in range(20)]
    twice = ([*texts, texts[0]], ["a"] * 20 + ["b"])
    held_out = (split_off(*twice, fraction=0.1, seed=seed)[1] for seed in count())
    seed = next(seed for seed, rows in enumerate(held_out) if 20 in rows)
    with pytest.raises(DataError, match=r"only validation texts .*'b'"):
        fit(resolve_config("logistic", None, {"random_state": seed}), twice, None, ["a", "b"], report=no_callback)


def test_no_setting_is_forgotten() -> None:
    assert set(settings_for("cnn")) == set(SETTINGS)


def test_n_grams_longer_than_every_text_are_refused() -> None:
    longest = max(len(words(text)) for text in labelled(60, 2)[0])
    with pytest.raises(
        SettingError, match=rf"at least {longest + 1} words .* longest training text \({longest} words\)"
    ):
        fitted_with(ngram_range=(longest + 1, longest + 2))
