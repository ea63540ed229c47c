"""What TextClassifier can't train on, predict or be set to → one error of one line, before anything is trained."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.each import each
from unrolled import TextClassifier
from unrolled.errors import DataError, FolderError, SettingError, UnrolledError

TEXTS = [f"a {('dull', 'fine')[n % 2]} film number {n}" for n in range(20)]
LABELS = [("neg", "pos")[n % 2] for n in range(20)]


def classifier(**settings: Any) -> TextClassifier:
    return TextClassifier("average", **{"embedding_dim": 8, "hidden_size": 8, "max_epochs": 2} | settings)


@pytest.fixture(scope="module")
def fitted() -> TextClassifier:
    return classifier().fit(TEXTS, LABELS)


@each("texts", ["one text", ["a", None], ["a", float("nan")], [b"a"], [["a"]], None, 5])
@each("method", ["predict", "predict_proba"])
def test_what_is_no_list_of_texts_is_not_predicted(method: str, texts: Any, fitted: TextClassifier) -> None:
    with pytest.raises(DataError):
        getattr(fitted, method)(texts)


@pytest.mark.parametrize("labels", [["pos"], ["pos"] * 3, []], ids=len)
def test_a_score_needs_a_label_for_every_text(labels: list[str], fitted: TextClassifier) -> None:
    with pytest.raises(DataError):
        fitted.score(["lovely", "awful"], labels)


@pytest.mark.parametrize("call", ["predict", "predict_proba", "score", "save_pretrained"])
def test_nothing_works_before_fit_and_the_error_says_so(call: str, tmp_path: Path) -> None:
    arguments = {"score": (["a"], ["b"]), "save_pretrained": (tmp_path / "m",)}.get(call, (["a"],))
    with pytest.raises(UnrolledError, match="not trained"):
        getattr(classifier(), call)(*arguments)
    assert list(tmp_path.iterdir()) == []


BAD_DATA: list[tuple[Any, Any]] = [
    ("one text", LABELS),
    (TEXTS, LABELS[:-1]),
    (TEXTS, None),
    (None, LABELS),
    *((([*TEXTS[:-1], value]), LABELS) for value in (None, float("nan"), b"bytes", 5, ["a"])),
    *((TEXTS, [*LABELS[:-1], value]) for value in ("", None, 1, 1.5, float("nan"), b"pos", ["pos"])),
    (TEXTS, ["pos"] * 20),
    (TEXTS, [True if label == "pos" else 2 for label in LABELS]),
    (TEXTS, np.array([label == "pos" for label in LABELS]).astype(int).reshape(-1, 1)),
    (["a", "b"], ["neg", "pos"]),
    ([], []),
]


def refusal(error: type[UnrolledError], texts: Any = TEXTS, labels: Any = LABELS, **more: Any) -> UnrolledError:
    heard: list[Any] = []
    model = more.pop("model", None) or classifier()
    with pytest.raises(error) as raised:
        model.fit(texts, labels, report=heard.append, **more)
    assert heard == []
    assert not hasattr(model, "model_")
    assert str(raised.value).isprintable()
    return raised.value


@each(("texts", "labels"), BAD_DATA)
def test_data_that_cannot_be_trained_on_is_refused(texts: Any, labels: Any) -> None:
    refusal(DataError, texts, labels)


@each(
    "validation_data",
    [([], []), (TEXTS, LABELS[:-1]), ("a text", ["pos"]), (["a"], ["neutral"]), (["a"], [""]), (TEXTS,), TEXTS, 5],
)
def test_validation_data_that_cannot_be_judged_on_is_refused(validation_data: Any) -> None:
    refusal(DataError, validation_data=validation_data)


@pytest.mark.parametrize(("name", "meant"), [("hiden_size", "hidden_size"), ("max_epoch", "max_epochs")])
def test_an_unknown_setting_is_refused_at_once_with_the_nearest(name: str, meant: str) -> None:
    for call in (classifier, classifier().set_params):
        with pytest.raises(SettingError, match=f"Did you mean '{meant}'?"):
            call(**{name: 3})


@each(
    "settings",
    [
        {"num_filters": 4},
        {"hidden_size": 0},
        {"learning_rate": "0.1"},
        {"max_epochs": 2.5},
        {"dropout": 1.0},
        {"embedding_dim": -8},
        {"random_state": None},
        {"validation_fraction": 1.0},
    ],
)
def test_impossible_settings_are_refused_before_the_data_is_looked_at(settings: dict[str, Any]) -> None:
    refusal(SettingError, None, None, model=classifier(**settings))


@pytest.mark.parametrize("encoder", ["nosuch", 3, None], ids=repr)
def test_an_encoder_that_does_not_exist_is_refused(encoder: Any) -> None:
    refusal(SettingError, None, None, model=TextClassifier(encoder))


@each("vectors", [["no", "mapping"], "film", 5, {"film": np.ones(3)}, {"film": "x" * 8}])
def test_vectors_that_are_none_are_refused(vectors: Any) -> None:
    refusal(UnrolledError, model=classifier(vectors=vectors))


@pytest.mark.parametrize("start", [5, b"model", ["model"]], ids=repr)
def test_what_is_no_path_is_no_model_to_start_from(start: Any) -> None:
    refusal(SettingError, None, None, model=TextClassifier(base_model=start))


@pytest.mark.parametrize("name", ["nothing", "a file", "empty"])
def test_what_is_no_model_folder_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")
    (tmp_path / "empty").mkdir()
    with pytest.raises(FolderError, match=name):
        TextClassifier.from_pretrained(tmp_path / name)
