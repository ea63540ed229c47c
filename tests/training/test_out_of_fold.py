"""Models of every learner → the logits of each fold are those of a model that is trained by hand on the other texts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from unrolled import TextClassifier
from unrolled.calibration.temperature import temperature
from unrolled.training.callback import FoldMessage
from unrolled.training.checkpoints import Checkpoints
from unrolled.training.fit import gather_for
from unrolled.training.learn import learn
from unrolled.training.out_of_fold import Predictions, predict_out_of_fold
from unrolled.training.result import TrainingResult
from unrolled.training.run_config import RunConfig
from unrolled.training.run_context import RunContext
from unrolled.training.split_dataset import DatasetSplit, split_dataset

CHANCE = np.random.default_rng(0)
WORDS = {"good": ("fine", "lovely"), "bad": ("awful", "poor"), "mixed": ("fine", "poor")}
LABELS = [("good", "bad", "mixed")[n % 3] for n in range(90)]
TEXTS = [f"{' '.join(CHANCE.choice(WORDS[label], 3))} film{n}" for n, label in enumerate(LABELS)]
COPIES = ([*TEXTS, TEXTS[4].upper(), TEXTS[7]], [*LABELS, LABELS[4], "good"])  # a copy, and a contradiction: 7 is bad
DEV = ([f"{text} again" for text in TEXTS[:30]], LABELS[:30])
LEARNERS: dict[str, dict[str, Any]] = {
    "average": {"encoder": "average", "embedding_dim": 4, "hidden_size": 3, "max_epochs": 3},
    "logistic": {"encoder": "logistic"},
    "hogwild": {"encoder": "ngrams", "optimizer": "hogwild", "embedding_dim": 4, "buckets": 20, "max_epochs": 3},
}


def run(learner: str, **more: Any) -> tuple[RunConfig, DatasetSplit, TrainingResult, list[Predictions], list[Any]]:
    own = TextClassifier(**LEARNERS[learner], target_precision=0.6).run_config()
    parts = split_dataset(gather_for(own, *COPIES), gather_for(own, *DEV), own)
    assert parts.folds is not None
    messages: list[Any] = []
    labels = sorted(WORDS)
    _, outcome = learn(own, parts.training, parts.dev, labels, RunContext())
    context = RunContext(callback=messages.append, **more)
    folds = predict_out_of_fold(own, parts, parts.folds, labels, outcome, context)
    return own, parts, outcome, folds, messages


@pytest.mark.parametrize("learner", LEARNERS)
def test_each_fold_is_predicted_by_a_model_of_the_other_texts(learner: str) -> None:
    _, parts, outcome, folds, messages = run(learner)
    assert messages == [FoldMessage(fold, 5) for fold in range(1, 6)]
    assert parts.folds is not None
    steps: dict[str, Any] = {} if learner == "logistic" else {"max_steps": 1}
    for fold, found in enumerate(folds):
        rows, held_out = (np.flatnonzero(same).tolist() for same in (parts.folds != fold, parts.folds == fold))
        steps = steps and {"max_steps": int(np.ceil(outcome.best_step * len(rows) / len(parts.folds)))}
        texts, labels = ([part[row] for row in rows] for part in COPIES)
        model = TextClassifier(**LEARNERS[learner], **steps).fit(texts, labels, validation_data=DEV)
        names = list(model.classes_)
        logits = model.model_.logits(list({COPIES[0][row].lower() for row in held_out}))
        own, expected = (z[np.lexsort(z.round(4).T)] for z in (found.logits, logits))
        np.testing.assert_allclose(own, expected, rtol=1e-4, atol=1e-6)
        z, columns = model.model_.logits(DEV[0]), np.array([names.index(label) for label in DEV[1]])
        np.testing.assert_allclose(found.temperatures, temperature(z, columns), rtol=1e-12)
        np.testing.assert_array_equal(found.calibrated, found.logits / found.temperatures[:, None])


def test_a_copy_counts_once_and_no_label_of_a_contradiction_is_right() -> None:
    _, _, _, folds, _ = run("logistic")
    columns = np.concatenate([fold.columns for fold in folds])
    assert len(columns) == len(TEXTS)
    assert np.bincount(columns + 1, minlength=4).tolist() == [1, 29, 30, 30]  # of the text that is good and bad


@pytest.mark.parametrize("learner", LEARNERS)
def test_a_label_that_a_fold_s_model_does_not_know_is_never_right_and_has_no_probability(learner: str) -> None:
    rare = ([*TEXTS, "a rare film", "another rare film"], [*LABELS, "rare", "unheard-of"])
    own = TextClassifier(**LEARNERS[learner], target_precision=0.6).run_config()
    parts = split_dataset(gather_for(own, *rare), gather_for(own, *DEV), own)
    labels = sorted({*rare[1]})
    _, outcome = learn(own, parts.training, parts.dev, labels, RunContext())
    assert parts.folds is not None
    folds = predict_out_of_fold(own, parts, parts.folds, labels, outcome, RunContext())
    found = np.concatenate([fold.calibrated for fold in folds])
    columns = np.concatenate([fold.columns for fold in folds])
    assert (np.isfinite(found)).all()
    for label in ("rare", "unheard-of"):
        (row,) = np.flatnonzero(columns == labels.index(label))
        odds = np.exp(found[row] - found[row].max())
        assert odds[labels.index(label)] / odds.sum() < 1e-40


def test_after_sigterm_no_fold_is_trained() -> None:
    from unrolled.training.signals import Terminated

    checkpoints = Checkpoints()
    checkpoints.terminated.set()
    with pytest.raises(Terminated):
        run("logistic", checkpoints=checkpoints)
