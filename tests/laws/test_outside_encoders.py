"""A model whose encoder is a class from outside the package → saved without code, loaded by that class alone."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV

from tests.each import each
from tests.guide_encoder import Total
from unrolled import TextClassifier
from unrolled.errors import FolderError, SettingError
from unrolled.evaluation import evaluate
from unrolled.inspection import replay
from unrolled.model.encoders.cnn import CNN
from unrolled.model.encoders.rnn import RNN
from unrolled.model.text_network import TextNetwork
from unrolled.model.weights import Weight, zeros
from unrolled.settings import Interval
from unrolled.storage.config import OUTSIDE, Config
from unrolled.text.vocabulary import pad

TEXTS, LABELS = ["good film", "bad film", "good fun", "bad fun"] * 5, ["yes", "no"] * 10
SMALL: dict[str, Any] = {"embedding_dim": 4, "max_epochs": 2}


@dataclass(frozen=True, kw_only=True)
class Leaky(RNN):
    """A recurrent network from outside, whose state leaks."""

    leak: Annotated[float, Interval(0, 1)] = 0.1


@dataclass(frozen=True, kw_only=True)
class Clashing(Total):  # type: ignore[misc]
    dropout: float = 0.1


@dataclass(frozen=True, kw_only=True)
class Predicting(Total):  # type: ignore[misc]
    predict: bool = True


@pytest.fixture(scope="module")
def fitted() -> TextClassifier:
    return TextClassifier(Total(scale=2.0), **SMALL).fit(TEXTS, LABELS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, fitted: TextClassifier) -> Path:
    place = tmp_path_factory.mktemp("outside") / "model"
    fitted.save_pretrained(place)
    return place


def config_of(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "config.json").read_text())
    return content


def named(name: str, **members: Any) -> type[Any]:
    return type(name, (Total,), members)


def frozen(kind: type[Any]) -> type[Any]:
    return dataclass(frozen=True, kw_only=True)(kind)


# The folder


def test_the_folder_names_the_encoder_and_its_options_and_nothing_to_import(folder: Path) -> None:
    content = config_of(folder)
    assert (content["encoder"], content["encoder_options"], content[OUTSIDE]) == ("Total", {"scale": 2.0}, True)
    for file in folder.iterdir():
        assert Total.__module__.encode() not in file.read_bytes()
    assert "encoder=Total" in (folder / "README.md").read_text()


def test_it_loads_with_its_class_and_saves_again(folder: Path, fitted: TextClassifier, tmp_path: Path) -> None:
    loaded = TextClassifier.from_pretrained(folder, encoder=Total)
    assert loaded.predict_proba(TEXTS).tobytes() == fitted.predict_proba(TEXTS).tobytes()
    assert loaded.predict(TEXTS).tolist() == fitted.predict(TEXTS).tolist()
    assert (loaded.encoder, loaded.get_params()["scale"]) == (Total, 2.0)
    loaded.save_pretrained(tmp_path / "again")
    assert config_of(tmp_path / "again") == config_of(folder)
    judged = evaluate(LABELS, loaded.predict_proba(TEXTS), list(loaded.classes_))
    assert judged.accuracy.value == loaded.score(TEXTS, LABELS)


def test_without_its_class_it_is_refused_with_what_to_pass(folder: Path) -> None:
    with pytest.raises(FolderError, match=r"'Total'.*from_pretrained\(folder, encoder=Total\)"):
        TextClassifier.from_pretrained(folder)


@each(
    ("encoder", "words"),
    [
        (named("Other"), "encoder=Total"),
        (CNN, "encoder=Total"),
        (frozen(named("Total", __annotations__={"width": int}, width=3)), "as it was when the model was trained"),
        (Total(scale=2.0), "the class itself"),
        ("Total", "the class itself"),
    ],
)
def test_what_is_not_its_class_is_refused(folder: Path, encoder: Any, words: str) -> None:
    with pytest.raises(FolderError, match=words):
        TextClassifier.from_pretrained(folder, encoder=encoder)


def test_a_class_with_other_weights_is_refused(folder: Path) -> None:
    other = named("Total", weights=lambda self: {"g": Weight((self.input_size,), zeros)})
    with pytest.raises(FolderError, match=r"encoder\.g"):
        TextClassifier.from_pretrained(folder, encoder=other)
    wider = named("Total", output_size=9)
    with pytest.raises(FolderError, match=r"classifier\.W"):
        TextClassifier.from_pretrained(folder, encoder=wider)


def test_a_model_of_the_package_needs_no_class(tmp_path: Path) -> None:
    TextClassifier("average", **SMALL).fit(TEXTS, LABELS).save_pretrained(tmp_path / "model")
    with pytest.raises(FolderError, match="Leave 'encoder' out"):
        TextClassifier.from_pretrained(tmp_path / "model", encoder=Total)


@each("value", [False, None, 1, "true", {}, [True]])
def test_the_mark_of_an_encoder_from_outside_is_true_or_absent(folder: Path, value: Any) -> None:
    with pytest.raises(FolderError, match=OUTSIDE):
        Config.from_json({**config_of(folder), OUTSIDE: value}, "config.json", Total)


@each("name", ["antigravity", "tests.guide_encoder:Total", "x;y", "", "\x1b[2J", "cnn"])
def test_nothing_is_imported_by_a_name_that_a_folder_has(folder: Path, name: str) -> None:
    before = set(sys.modules)
    for encoder in (None, Total):
        with pytest.raises(FolderError) as caught:
            Config.from_json({**config_of(folder), "encoder": name}, "config.json", encoder)
        assert str(caught.value).isprintable()
    assert set(sys.modules) == before


@each("command", ["predict", "evaluate", "train --base-model"])
def test_commands_refuse_the_folder(unrolled: Callable[..., Any], folder: Path, train_csv: Path, command: str) -> None:
    words = ["train", train_csv, "-o", "never", "--base-model", folder]
    done = unrolled(*(words if "train" in command else [command, folder, train_csv]))
    assert "from_pretrained(folder, encoder=Total)" in done.error()


# The estimator


def test_it_is_cloned_and_searched_like_any_other() -> None:
    for encoder in (Total(scale=2.0), Total):
        model = TextClassifier(encoder, **SMALL)
        assert repr(clone(model)) == repr(model)
        assert model.get_params()["encoder"] is encoder
    by_option = GridSearchCV(TextClassifier(Total, **SMALL), {"scale": [1.0, 2.0]}, cv=2, error_score="raise")
    assert set(by_option.fit(TEXTS, LABELS).best_params_) == {"scale"}
    by_object = GridSearchCV(TextClassifier(**SMALL), {"encoder": [Total(), "average"]}, cv=2, error_score="raise")
    assert len(by_object.fit(TEXTS, LABELS).cv_results_["params"]) == 2
    changed = TextClassifier(**SMALL).set_params(encoder=Total, scale=3.0).fit(TEXTS, LABELS)
    assert changed.model_.config.encoder_options == {"scale": 3.0}


def test_an_option_that_is_set_replaces_the_object_s() -> None:
    chosen = TextClassifier(Total(scale=2.0), scale=3.0, **SMALL).run_config()
    assert (chosen.encoder, chosen.encoder_options) == (Total, {"scale": 3.0})


@each(
    ("settings", "words"),
    [
        ({"encoder": Total, "scale": 0}, "scale"),
        ({"encoder": Total, "optimizer": "hogwild"}, "'Total'"),
        ({"encoder": Total, "hidden_size": 3}, "hidden_size"),
        ({"encoder": Total, "width": 3}, "width"),
        ({"encoder": "average", "scale": 3.0}, "scale"),
        ({"encoder": Total(input_size=5)}, "size 4"),
        ({"encoder": Total(input_size=4), "embeddings": "both"}, "size 8"),
        ({"encoder": Clashing}, "'dropout' another name"),
        ({"encoder": Clashing(dropout=0.2)}, "'dropout' another name"),
        ({"encoder": Predicting}, "'predict' another name"),
    ],
)
def test_what_does_not_fit_is_refused(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(SettingError, match=words):
        TextClassifier(**{**SMALL, **settings}).run_config()


def test_it_goes_on_from_a_model_with_the_same_class(folder: Path) -> None:
    base = TextClassifier(Total, base_model=folder, max_epochs=1)
    longer = base.fit([*TEXTS, "new"], [*LABELS, "yes"], validation_data=(TEXTS, LABELS))
    assert longer.model_.config.encoder_options == {"scale": 2.0}
    assert "new" in longer.model_.vocabulary.words
    with pytest.raises(SettingError, match="scale"):
        TextClassifier(Total(scale=3.0), base_model=folder).run_config()
    with pytest.raises(FolderError, match="encoder=Total"):
        TextClassifier(base_model=folder).run_config()


def test_a_recurrent_network_from_outside_is_looked_into() -> None:
    model = TextClassifier(Leaky(hidden_size=3, pooling="last"), **SMALL).fit(TEXTS, LABELS).model_
    assert isinstance(model.network, TextNetwork)
    ids, lengths = pad([np.array([1, 2, 3]), np.array([2, 1])])
    found = replay(model.network, model.weights, ids, lengths)
    assert len(found.sides) == 1
    np.testing.assert_allclose(found.logits.detach().numpy(), model.read(ids, lengths), atol=1e-5)
