"""Trained models of every learner → temperature and threshold as they come out by hand, kept, and changing nothing."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from unrolled import TextClassifier
from unrolled.calibration.temperature import temperature
from unrolled.calibration.thresholds import candidate_thresholds, choose_threshold, proves
from unrolled.errors import SettingError
from unrolled.evaluation.expected_calibration_error import expected_calibration_error
from unrolled.training import calibration, fit
from unrolled.training.checkpoints import Checkpoints
from unrolled.training.fit import gather_for
from unrolled.training.out_of_fold import Predictions
from unrolled.training.split_dataset import split_dataset

WORDS = {"good": ("fine", "lovely", "moving"), "bad": ("awful", "poor", "dull"), "mixed": ("fine", "dull", "long")}
CHANCE = np.random.default_rng(0)
LABELS = [("good", "bad", "mixed")[n % 3] for n in range(600)]
TEXTS = [f"{' '.join(CHANCE.choice(WORDS[label], 3))} film{n}" for n, label in enumerate(LABELS)]
NEW = [f"{a} {b} c" for words in WORDS.values() for a in words for b in ("fine", "dull", "new")]
LEARNERS: dict[str, dict[str, Any]] = {
    "average": {"encoder": "average", "embedding_dim": 6, "hidden_size": 5, "max_epochs": 6, "learning_rate": 0.02},
    "logistic": {"encoder": "logistic"},
    "hogwild": {"encoder": "ngrams", "optimizer": "hogwild", "embedding_dim": 6, "buckets": 50, "max_epochs": 5},
}
MANY: dict[str, Any] = {"validation_fraction": 0.3}


def trained(learner: str, **more: Any) -> TextClassifier:
    return TextClassifier(**LEARNERS[learner], **MANY, **more).fit(TEXTS, LABELS)


def with_folds(learner: str, **more: Any) -> tuple[TextClassifier, Sequence[Predictions]]:
    """Train, and catch what the models of the folds predicted."""
    found: list[Sequence[Predictions]] = []
    calibrate = calibration.calibrate

    def caught(model: Any, dev: Any, folds: Sequence[Predictions], target: Any) -> Any:
        found.append(folds)
        return calibrate(model, dev, folds, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fit, "calibrate", caught)
        return trained(learner, **more), found[0]


@pytest.fixture(scope="module", params=LEARNERS)
def learner(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_temperature_threshold_and_record_come_out_by_hand(learner: str) -> None:
    """With softmax and counts written out here, from the logits of the folds."""
    model, folds = with_folds(learner, target_precision=0.6)
    own = model.run_config()
    parts = split_dataset(gather_for(own, TEXTS, LABELS), None, own)
    place = {label: number for number, label in enumerate(model.model_.config.labels)}

    def highest(z: Any) -> Any:
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return (e / e.sum(axis=1, keepdims=True)).max(axis=1)

    z, columns = model.model_.logits_of_words(parts.dev[0]).astype(float), [place[label] for label in parts.dev[1]]
    T = temperature(z, np.array(columns))
    raw, truth = (np.concatenate([getattr(fold, name) for fold in folds]) for name in ("logits", "columns"))
    scaled = np.concatenate([fold.logits / fold.temperatures[:, None] for fold in folds])
    decisive = highest(scaled), raw.argmax(axis=1) == truth
    order = candidate_thresholds((highest(z / T), z.argmax(axis=1) == columns), decisive[0], target=0.6)
    chosen = choose_threshold(decisive, order, target=0.6)
    record, kept = model.training_["abstention"], model.model_.config.abstention
    evidence = record["evidence"][0]
    assert chosen is not None
    assert kept is not None
    assert (kept.temperature, kept.threshold) == pytest.approx((T, chosen.threshold), rel=1e-9)
    assert (evidence["answered"], evidence["right"]) == (chosen.answered, chosen.right)
    assert record["texts"] == evidence["texts"] == len(truth) == len(parts.training[1])
    assert (evidence["confidence"], record["folds"]) == (0.95, 5)
    assert record["calibration_error"] == pytest.approx(expected_calibration_error(*decisive))
    assert record["calibration_error_before"] == pytest.approx(
        expected_calibration_error(highest(raw.astype(float)), decisive[1])
    )


def test_a_target_for_each_of_some_labels_has_a_threshold_for_each(learner: str) -> None:
    target = {"good": 0.6, "mixed": 0.99999}
    model, folds = with_folds(learner, target_precision=target)
    kept, record = model.model_.config.abstention, model.training_["abstention"]
    assert kept is not None
    assert kept.target_precision == target
    assert (set(kept.thresholds), kept.thresholds["mixed"]) == (set(target), None)
    answers = np.array(model.predict_or_abstain(NEW), object)
    labels, confidence = model.predict(NEW), model.predict_proba(NEW).max(axis=1)
    lowest = {"good": kept.thresholds["good"], "bad": 0.0, "mixed": 2.0}
    expected = [label if p >= lowest[label] else None for label, p in zip(labels, confidence, strict=True)]
    assert answers.tolist() == expected
    predicted = np.concatenate([fold.logits.argmax(axis=1) for fold in folds])
    for evidence, label in zip(record["evidence"], target, strict=True):
        assert evidence["confidence"] == 0.975
        assert evidence["texts"] == (predicted == list(model.classes_).index(label)).sum()
    one = record["evidence"][0]
    assert one["threshold"] == kept.thresholds["good"] is not None
    assert proves(one["right"], one["answered"], 0.6, 0.975)


def test_a_target_for_a_label_that_no_text_has_is_refused() -> None:
    with pytest.raises(SettingError, match="Did you mean 'good'"):
        TextClassifier("logistic", target_precision={"goood": 0.9}).fit(TEXTS, LABELS)


def test_the_network_is_the_same_with_and_without_a_target(learner: str) -> None:
    own, plain = trained(learner, target_precision=0.6), trained(learner)
    assert plain.model_.config.abstention is None
    for name, weight in plain.model_.weights.items():
        assert weight.tobytes() == own.model_.weights[name].tobytes()
    assert own.history_[-1]["step"] == plain.history_[-1]["step"]
    assert own.validation_data_ == plain.validation_data_


def test_answers_are_calibrated_and_none_where_the_model_is_not_sure(learner: str, tmp_path: Path) -> None:
    model = trained(learner, target_precision=0.6)
    model.save_pretrained(tmp_path / "model")
    loaded = TextClassifier.from_pretrained(tmp_path / "model")
    kept = loaded.model_.config.abstention
    assert kept == model.model_.config.abstention
    assert kept is not None
    assert loaded.get_params()["target_precision"] == 0.6
    z = loaded.model_.logits(NEW).astype(float) / kept.temperature
    np.testing.assert_allclose(loaded.predict_proba(NEW), np.exp(z) / np.exp(z).sum(axis=1, keepdims=True), rtol=1e-9)
    assert loaded.predict(NEW).tolist() == [loaded.classes_[k] for k in z.argmax(axis=1)]
    confidence = loaded.predict_proba(NEW).max(axis=1) >= kept.threshold
    expected = [label if one else None for label, one in zip(loaded.predict(NEW), confidence, strict=True)]
    assert loaded.predict_or_abstain(NEW).tolist() == expected
    assert loaded.predict_or_abstain([]).tolist() == []


def test_a_promise_that_cannot_be_kept_answers_nothing_and_says_what_could(learner: str) -> None:
    model = trained(learner, target_precision=0.9999)
    kept, evidence = model.model_.config.abstention, model.training_["abstention"]["evidence"][0]
    assert kept is not None
    assert kept.threshold is None
    assert (evidence["threshold"], evidence["answered"]) == (None, 0)
    assert 0 < evidence["possible_precision"] < 0.9999
    assert model.predict_or_abstain(NEW).tolist() == [None] * len(NEW)
    assert set(model.predict(NEW)) <= set(WORDS)


def test_numbers_as_labels_are_answered_as_numbers() -> None:
    numbers = [("good", "bad", "mixed").index(label) for label in LABELS]
    model = TextClassifier("logistic", target_precision=0.6, **MANY).fit(TEXTS, numbers)
    assert {type(answer) for answer in model.predict_or_abstain(NEW)} <= {int, type(None)}
    plain = TextClassifier("logistic").fit(TEXTS, numbers)
    assert plain.predict_or_abstain(NEW).tolist() == plain.predict(NEW).tolist()


def test_going_on_from_a_model_keeps_its_target_unless_another_is_given(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    trained("average", target_precision=0.6).save_pretrained(folder)
    short: dict[str, Any] = {"max_epochs": 1, "base_model": folder, **MANY}
    on = TextClassifier(**short).fit(TEXTS, LABELS)
    other = TextClassifier(**short, target_precision=0.5).fit(TEXTS, LABELS)
    kept = [one.model_.config.abstention for one in (on, other)]
    assert [one.target_precision for one in kept if one] == [0.6, 0.5]


def test_given_dev_texts_are_all_for_stopping() -> None:
    model = TextClassifier("logistic", target_precision=0.6).fit(
        TEXTS[:300], LABELS[:300], validation_data=(TEXTS[300:], LABELS[300:])
    )
    assert model.training_["rows"] == {"train": 300, "dev": 300}
    assert model.training_["abstention"]["texts"] == 300


def test_a_run_that_ctrl_c_ends_claims_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(self: Checkpoints, state: Any) -> bool:
        return True

    monkeypatch.setattr(Checkpoints, "between_steps", pressed)
    model = trained("average", target_precision=0.6)
    assert model.training_["abstention"]["unproved"] == "interrupted"
    assert model.predict_or_abstain(NEW[:1]).tolist() == [None]


@pytest.mark.parametrize("learner", LEARNERS)
def test_a_budget_is_shared_with_the_folds(learner: str) -> None:
    began = time.monotonic()
    more = {"max_epochs": 10_000, "patience": 10_000} if learner == "average" else {}
    model = TextClassifier(**{**LEARNERS[learner], **more}, target_precision=0.6, budget=3.0).fit(TEXTS, LABELS)
    assert time.monotonic() - began < 6
    assert model.training_["abstention"]["folds"] == 5
