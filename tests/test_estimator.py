"""Texts and labels of every kind → a TextClassifier that is trained, interrupted, saved, loaded and copied."""

from __future__ import annotations

import copy
import json
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted

import unrolled as package
from tests.each import each
from unrolled import TextClassifier
from unrolled.errors import FolderError, TrainingError, UnrolledError
from unrolled.kernels.run_parallel import thread_count
from unrolled.model.registry import encoder_names, encoder_options
from unrolled.prediction.text_model import TextModel
from unrolled.training.callback import StepMessage

WORDS = (("dull", "neg"), ("awful", "neg"), ("fine", "pos"), ("lovely", "pos"))
TEXTS = [f"a {WORDS[n % 4][0]} film number {n % 9}" for n in range(48)]
LABELS = [WORDS[n % 4][1] for n in range(48)]
SMALL: dict[str, Any] = {"encoder": "average", "embedding_dim": 8, "hidden_size": 8, "max_epochs": 3, "batch_size": 8}
SMALL |= {"learning_rate": 0.05, "dropout": 0.0, "embedding_dropout": 0.0}
NEW = ["lovely", "an awful film", "", "unheard of"]


def classifier(**settings: Any) -> TextClassifier:
    return TextClassifier(**SMALL | settings)


@pytest.fixture(scope="module")
def fitted() -> TextClassifier:
    return classifier().fit(TEXTS, LABELS)


# Labels and texts


@each(
    ("labels", "classes"),
    [
        ([10 if label == "pos" else 2 for label in LABELS], [2, 10]),
        ([label == "pos" for label in LABELS], [False, True]),
        (np.array([label == "pos" for label in LABELS]), [False, True]),
        (np.array([label == "pos" for label in LABELS], np.int8), [0, 1]),
        (np.array(LABELS), ["neg", "pos"]),
        (np.array(LABELS, object), ["neg", "pos"]),
        (tuple("Z" if label == "pos" else "é" for label in LABELS), ["Z", "é"]),
    ],
)
def test_labels_come_back_as_they_were_given_in_sorted_order(labels: Any, classes: list[Any]) -> None:
    model = classifier(max_epochs=6).fit(TEXTS, labels)
    assert list(model.classes_) == classes
    found = model.predict(TEXTS)
    assert found.shape == (48,)
    assert list(found) == list(labels)
    assert model.score(TEXTS, labels) == 1.0
    assert not isinstance(labels, np.ndarray) or labels.dtype.kind in "OU" or found.dtype == labels.dtype
    np.testing.assert_array_equal(model.classes_[model.predict_proba(TEXTS).argmax(axis=1)], found)


@pytest.mark.parametrize("kind", [tuple, np.array, lambda texts: np.array(texts, object), iter])
def test_texts_may_stand_in_any_container(kind: Callable[[list[str]], Any], fitted: TextClassifier) -> None:
    model = classifier().fit(kind(TEXTS), LABELS)
    np.testing.assert_array_equal(model.predict_proba(kind(NEW)), fitted.predict_proba(NEW))


def test_no_texts_have_no_answers(fitted: TextClassifier) -> None:
    assert fitted.predict([]).shape == (0,)
    assert fitted.predict_proba([]).shape == (0, 2)


# Training


def test_the_same_random_state_gives_the_same_probabilities_and_another_gives_others() -> None:
    one, again, other = (classifier(random_state=k).fit(TEXTS, LABELS).predict_proba(NEW) for k in (5, 5, 6))
    assert one.tobytes() == again.tobytes()
    assert (one != other).any()


def test_a_fit_forgets_the_fit_before_it(fitted: TextClassifier) -> None:
    model = classifier().fit([f"{n} {'xy'[n % 2]}" for n in range(40)], ["a", "b"] * 20)
    model.fit(TEXTS, LABELS)
    np.testing.assert_array_equal(model.predict_proba(NEW), fitted.predict_proba(NEW))
    assert list(model.classes_) == ["neg", "pos"]


def test_given_validation_data_are_judged_on_and_kept() -> None:
    dev: Any = (["a lovely film", "dull"], np.array(["pos", "neg"]))
    model = classifier().fit(TEXTS, LABELS, validation_data=dev)
    assert model.validation_data_ == (["a lovely film", "dull"], ["pos", "neg"])
    assert model.training_["rows"] == {"train": 48, "dev": 2}
    assert {line["dev_accuracy"] for line in model.history_} <= {0.0, 0.5, 1.0}


def test_ctrl_c_ends_the_run_and_leaves_a_model(tmp_path: Path) -> None:
    def interrupt(message: Any) -> None:
        if isinstance(message, StepMessage) and message.step == 8:
            signal.raise_signal(signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    model = classifier(max_epochs=50).fit(TEXTS, LABELS, report=interrupt)
    assert (model.training_["stopped"], model.training_["steps"]) == ("interrupted", 8)
    assert signal.getsignal(signal.SIGINT) is before
    model.save_pretrained(tmp_path / "m")
    same = classifier(max_epochs=50, max_steps=8).fit(TEXTS, LABELS)
    np.testing.assert_array_equal(model.predict_proba(NEW), same.predict_proba(NEW))


def test_a_loss_that_is_not_finite_is_told_with_its_step_and_the_best_model_predicts() -> None:
    wild: dict[str, Any] = {"weight_decay": 0.0, "schedule": "constant", "patience": 100, "max_epochs": 30}
    wild |= {"learning_rate": 1.5e9, "dropout": 0.5, "embedding_dropout": 0.5, "batch_size": 24}
    for seed in range(8):  # with nearly every one it takes a few steps until the numbers are too large
        model = classifier(random_state=seed, **wild)
        try:
            model.fit(TEXTS, LABELS)
        except TrainingError as error:
            if "best model" in str(error):
                break
            continue
    assert model.training_["stopped"] == "not_finite"
    assert model.training_["steps"] > model.training_["best_step"] > 0
    with pytest.raises(TrainingError, match=f"^step {model.training_['steps']}: "):
        model.fit(TEXTS, LABELS)
    assert np.isfinite(model.predict_proba(NEW)).all()


@pytest.mark.parametrize("weight_decay", [0.0, 0.01])
def test_a_run_without_one_usable_model_leaves_none(weight_decay: float) -> None:
    model = classifier(learning_rate=1e30, weight_decay=weight_decay)
    with pytest.raises(TrainingError, match=r"^step [123]: .*no model was usable yet"):
        model.fit(TEXTS, LABELS)
    with pytest.raises(UnrolledError, match="not trained"):
        model.predict(NEW)


# Saving


@pytest.mark.parametrize("encoder", encoder_names())
def test_a_saved_classifier_comes_back_with_its_settings_and_its_probabilities(encoder: str, tmp_path: Path) -> None:
    sizes = {name: 4 for name in ("hidden_size", "num_filters") if name in encoder_options(encoder)}
    common = {name: value for name, value in SMALL.items() if name not in ("encoder", "hidden_size")}
    model = TextClassifier(encoder, **common | sizes | {"embeddings": "both", "lowercase": False})
    model.fit(TEXTS, [10 if label == "pos" else 2 for label in LABELS]).save_pretrained(tmp_path / "m")
    loaded = TextClassifier.from_pretrained(str(tmp_path / "m"))
    assert loaded.predict_proba(NEW).tobytes() == model.predict_proba(NEW).tobytes()
    assert list(loaded.predict(NEW)) == [str(label) for label in model.predict(NEW)]
    assert list(loaded.classes_) == ["2", "10"]
    chosen, other = loaded.run_config(), model.run_config()
    assert (chosen.encoder, chosen.encoder_options) == (other.encoder, other.encoder_options)
    assert chosen.reading == other.reading
    check_is_fitted(loaded)


def test_the_folder_tells_how_it_was_made_and_is_overwritten_only_by_force(
    fitted: TextClassifier, tmp_path: Path
) -> None:
    fitted.save_pretrained(tmp_path / "m")
    assert json.loads((tmp_path / "m" / "training.json").read_text()) == fitted.training_
    assert (tmp_path / "m" / "history.jsonl").read_text().count("\n") == len(fitted.history_)
    with pytest.raises(FolderError, match="--force"):
        fitted.save_pretrained(tmp_path / "m")
    TextClassifier.from_pretrained(tmp_path / "m").save_pretrained(tmp_path / "m", force=True)
    assert not (tmp_path / "m" / "training.json").exists()
    assert TextClassifier.from_pretrained(tmp_path / "m").predict_proba(NEW).tobytes() == (
        fitted.predict_proba(NEW).tobytes()
    )


def test_labels_of_all_characters_survive_the_folder(tmp_path: Path) -> None:
    labels = ["a\0" if label == "pos" else "a" for label in LABELS]
    model = classifier(max_epochs=6).fit(TEXTS, labels)
    model.save_pretrained(tmp_path / "m")
    assert list(TextClassifier.from_pretrained(tmp_path / "m").classes_) == ["a", "a\0"]


WITHOUT_TORCH = """
import json, sys
sys.modules["torch"] = sys.modules["sklearn"] = None
from unrolled import TextClassifier
from unrolled.errors import MissingExtraError
model = TextClassifier.from_pretrained(sys.argv[1])
print(model.predict_proba(json.loads(sys.argv[2])).tobytes().hex(), *model.predict(json.loads(sys.argv[2])))
try:
    model.fit(["a", "b"], ["x", "y"])
except MissingExtraError as error:
    print(error.advice, file=sys.stderr)
"""


def test_it_predicts_the_same_where_torch_cannot_be_imported(fitted: TextClassifier, tmp_path: Path) -> None:
    fitted.save_pretrained(tmp_path / "m")
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_TORCH, str(tmp_path / "m"), json.dumps(NEW)],
        env={**os.environ, "PYTHONPATH": str(Path(package.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "pip install 'unrolled[train]'" in done.stderr
    assert done.stdout.split() == [fitted.predict_proba(NEW).tobytes().hex(), *fitted.predict(NEW)]


def test_logistic_regression_is_saved_loaded_cloned_and_fitted_again(tmp_path: Path) -> None:
    model = TextClassifier("logistic", C=2.0, ngram_range=(1, 1), random_state=3).fit(TEXTS, LABELS)
    model.save_pretrained(tmp_path / "model")
    loaded = TextClassifier.from_pretrained(tmp_path / "model")
    assert loaded.predict_proba(NEW).tobytes() == model.predict_proba(NEW).tobytes()
    assert list(loaded.predict(NEW[:2])) == ["pos", "neg"]
    assert (loaded.get_params()["C"], loaded.get_params()["ngram_range"]) == (2.0, (1, 1))
    again = clone(loaded).set_params(random_state=3).fit(TEXTS, LABELS)
    np.testing.assert_array_equal(again.predict_proba(NEW), model.predict_proba(NEW))


SOME = [f"word{n} {'ab'[n % 2]}" for n in range(20)], ["x", "y"] * 10


def test_probabilities_are_computed_with_the_classifier_s_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    probabilities = TextModel.probabilities

    def noted(self: TextModel, texts: Any) -> Any:
        seen.append(thread_count())
        return probabilities(self, texts)

    monkeypatch.setattr(TextModel, "probabilities", noted)
    model = TextClassifier("average", threads=2, max_epochs=1).fit(*SOME)
    expected = model.predict_proba(["a"])
    model.save_pretrained(tmp_path / "model")
    loaded = TextClassifier.from_pretrained(tmp_path / "model", threads=3, cache_memory=1000)
    assert np.array_equal(loaded.predict_proba(["a"]), expected)
    assert (seen, loaded.model_.cache_memory) == ([2, 3], 1000)


def test_a_classifier_that_has_answered_can_be_copied_and_pickled() -> None:
    model = TextClassifier("cnn", max_epochs=1).fit(*SOME)
    expected = model.predict_proba(["a b"])
    for same in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert np.array_equal(same.predict_proba(["a b"]), expected)
