"""Trained models of every learner → temperature and threshold as they come out by hand, kept, and changing nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from unrolled import TextClassifier
from unrolled.evaluation.abstention import choose, thresholds
from unrolled.evaluation.calibration import calibration_error
from unrolled.evaluation.temperature import temperature
from unrolled.fitting import gathered
from unrolled.fitting_parts import Words, parted

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


@pytest.fixture(scope="module", params=LEARNERS)
def learner(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_what_is_kept_comes_out_by_hand(learner: str) -> None:
    """With softmax, quantiles and counts written out here, on the parts as they were split."""
    model = trained(learner, target_precision=0.6)
    own = model.choices()
    parts = parted(gathered(own, TEXTS, LABELS), None, own)
    assert parts.promise is not None

    def read(part: Words) -> tuple[Any, Any]:
        columns = np.array([model.model_.config.labels.index(label) for label in part[1]])
        return model.model_.logits_of_words(part[0]).astype(float), columns

    def judged(part: Words, T: float) -> tuple[Any, Any]:
        z, columns = read(part)
        e = np.exp(z / T - (z / T).max(axis=1, keepdims=True))
        return (e / e.sum(axis=1, keepdims=True)).max(axis=1), z.argmax(axis=1) == columns

    T = temperature(*read(parts.dev))
    chosen = choose(judged(parts.promise, T), thresholds(judged(parts.dev, T), target=0.6), target=0.6)
    told, kept = model.training_["abstention"], model.model_.config.abstention
    assert chosen is not None
    assert kept is not None
    assert (kept.temperature, kept.threshold) == pytest.approx((T, chosen.threshold), rel=1e-12)
    assert (told["answered"], told["right"], told["texts"]) == (chosen.answered, chosen.right, len(parts.promise[1]))
    assert told["calibration_error"] == pytest.approx(calibration_error(*judged(parts.promise, T)))
    assert told["calibration_error_before"] == pytest.approx(calibration_error(*judged(parts.promise, 1.0)))
    assert model.training_["rows"]["promise"] == told["texts"]


def test_the_network_is_the_one_that_the_same_rows_train_without_a_target(learner: str) -> None:
    promised = trained(learner, target_precision=0.6)
    own = promised.choices()
    parts = parted(gathered(own, TEXTS, LABELS), None, own)
    dev = ([TEXTS[row] for row in parts.dev_rows], parts.dev[1])  # type: ignore[union-attr]
    kept = [row for row, text in enumerate(TEXTS) if text in {" ".join(words) for words in parts.training[0]}]
    rest = ([TEXTS[row] for row in kept], [LABELS[row] for row in kept])
    plain = TextClassifier(**LEARNERS[learner], **MANY).fit(*rest, validation_data=dev)
    assert plain.model_.config.abstention is None
    for name, weight in plain.model_.weights.items():
        assert weight.tobytes() == promised.model_.weights[name].tobytes()
    assert promised.validation_data_ == plain.validation_data_


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
    sure = loaded.predict_proba(NEW).max(axis=1) >= kept.least
    expected = [label if one else None for label, one in zip(loaded.predict(NEW), sure, strict=True)]
    assert loaded.predict_or_abstain(NEW).tolist() == expected
    assert loaded.predict_or_abstain([]).tolist() == []


def test_a_promise_that_cannot_be_kept_answers_nothing_and_says_what_could(learner: str) -> None:
    model = trained(learner, target_precision=0.9999)
    kept, told = model.model_.config.abstention, model.training_["abstention"]
    assert kept is not None
    assert kept.threshold is None
    assert (told["threshold"], told["answered"]) == (None, 0)
    assert 0 < told["possible_precision"] < 0.9999
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
    short: dict[str, Any] = {"max_epochs": 1, "start_from": folder, **MANY}
    on = TextClassifier(**short).fit(TEXTS, LABELS)
    other = TextClassifier(**short, target_precision=0.5).fit(TEXTS, LABELS)
    kept = [one.model_.config.abstention for one in (on, other)]
    assert [one.target_precision for one in kept if one] == [0.6, 0.5]


def test_given_dev_texts_are_halved() -> None:
    model = TextClassifier("logistic", target_precision=0.6).fit(
        TEXTS[:300], LABELS[:300], validation_data=(TEXTS[300:], LABELS[300:])
    )
    rows = model.training_["rows"]
    assert rows["train"] == 300
    assert rows["dev"] + rows["promise"] == 300
    assert abs(rows["dev"] - rows["promise"]) <= 2
    assert len(model.validation_data_[0]) == rows["dev"]
    assert set(model.validation_data_[0]) < set(TEXTS[300:])
