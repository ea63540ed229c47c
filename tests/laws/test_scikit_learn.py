"""TextClassifier → an estimator as scikit-learn has them: read back, cloned, in pipelines, searched, validated."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.base import clone, is_classifier
from sklearn.calibration import CalibratedClassifierCV
from sklearn.exceptions import NotFittedError
from sklearn.metrics import accuracy_score
from sklearn.model_selection import GridSearchCV, StratifiedKFold, cross_val_predict, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils import get_tags
from sklearn.utils.validation import check_is_fitted

from tests.each import each
from tests.test_estimator import LABELS, NEW, SMALL, TEXTS, classifier
from unrolled import TextClassifier
from unrolled.model.registry import encoder_names, encoder_options


@pytest.fixture(scope="module")
def fitted() -> TextClassifier:
    return classifier().fit(TEXTS, LABELS)


def test_settings_are_kept_as_given_and_read_back() -> None:
    model = classifier(filter_sizes=[2], max_epochs="checked later")
    given = {**SMALL, "filter_sizes": [2], "max_epochs": "checked later"}
    assert {name: model.get_params()[name] for name in given} == given
    assert model.get_params()["filter_sizes"] is model.filter_sizes  # type: ignore[attr-defined]
    assert model.set_params(max_epochs=2, encoder="cnn") is model
    assert (model.get_params()["max_epochs"], model.encoder) == (2, "cnn")
    assert TextClassifier(**model.get_params()).get_params() == model.get_params()
    assert get_tags(model).estimator_type == "classifier"
    assert is_classifier(model)


@each("encoder", encoder_names())
def test_a_clone_has_the_settings_and_not_the_training(encoder: str, fitted: TextClassifier) -> None:
    options = {name: option.default for name, option in encoder_options(encoder).items()}
    model = TextClassifier(encoder, vectors={"a": np.ones(3)}, **options, learning_rate=0.5)
    copied = clone(model)
    assert repr(copied) == repr(model)
    assert copied.get_params()["learning_rate"] == 0.5
    assert {name: copied.get_params()[name] for name in options} == options
    with pytest.raises(NotFittedError):
        check_is_fitted(clone(fitted))
    check_is_fitted(fitted)


def test_the_representation_shows_what_differs_from_the_defaults() -> None:
    assert repr(TextClassifier()) == "TextClassifier(encoder='cnn')"
    shown = repr(TextClassifier("average", hidden_size=5, random_state=3))
    assert shown == "TextClassifier(encoder='average', random_state=3, hidden_size=5)"
    assert eval(shown).get_params() == TextClassifier("average", hidden_size=5, random_state=3).get_params()


def test_it_works_at_the_end_of_a_pipeline(fitted: TextClassifier) -> None:
    stripped = FunctionTransformer(lambda texts: [text.strip() for text in texts])
    pipeline = make_pipeline(stripped, classifier()).fit([f"  {text}\n" for text in TEXTS], LABELS)
    np.testing.assert_array_equal(pipeline.predict_proba(NEW), fitted.predict_proba(NEW))
    assert list(pipeline.classes_) == ["neg", "pos"]
    pipeline.set_params(textclassifier__max_epochs=1)
    assert pipeline[-1].get_params()["max_epochs"] == 1


def test_a_grid_search_finds_what_loops_find() -> None:
    folds, grid = StratifiedKFold(3), {"hidden_size": [2, 5], "learning_rate": [1e-4, 0.05]}
    search = GridSearchCV(classifier(max_epochs=2), grid, cv=folds, error_score="raise").fit(TEXTS, LABELS)
    by_hand = []
    for setting in search.cv_results_["params"]:
        scores = []
        for train, test in folds.split(TEXTS, LABELS):
            model = classifier(max_epochs=2, **setting).fit([TEXTS[k] for k in train], [LABELS[k] for k in train])
            scores.append(accuracy_score([LABELS[k] for k in test], model.predict([TEXTS[k] for k in test])))
        by_hand.append(np.mean(scores))
    np.testing.assert_allclose(search.cv_results_["mean_test_score"], by_hand)
    assert search.best_params_["learning_rate"] == 0.05
    best = classifier(max_epochs=2, **search.best_params_).fit(TEXTS, LABELS)
    np.testing.assert_array_equal(search.predict_proba(NEW), best.predict_proba(NEW))


def test_cross_validation_gives_scores_and_probabilities() -> None:
    calm: dict[str, Any] = {"dropout": 0.0, "embedding_dropout": 0.0, "max_epochs": 10}
    scores = cross_val_score(classifier(**calm), TEXTS, np.array(LABELS), cv=2, error_score="raise")
    assert scores.shape == (2,)
    assert scores.min() > 0.8
    found = cross_val_predict(classifier(**calm), TEXTS, LABELS, cv=2, method="predict_proba")
    assert found.shape == (48, 2)
    assert np.mean((found[:, 1] > 0.5) == (np.array(LABELS) == "pos")) > 0.8


def test_its_probabilities_can_be_calibrated() -> None:
    found = CalibratedClassifierCV(classifier(), cv=2).fit(TEXTS, LABELS)
    assert list(found.predict(["a lovely film", "a dull film"])) == ["pos", "neg"]
