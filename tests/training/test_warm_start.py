"""A trained model, gone on from with new texts → it begins as the function that it was, and learns words and labels."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone

from unrolled import TextClassifier
from unrolled.errors import FolderError, SettingError
from unrolled.model.weights import initialize
from unrolled.prediction import saved_model
from unrolled.prediction.text_model import TextModel
from unrolled.text.vocabulary import Vocabulary
from unrolled.training.warm_start import BaseModel

TEXTS = ["a fine film", "a dull film", "great fun , fine", "awful stuff", "a fine great film", "dull awful stuff"] * 6
LABELS = ["good", "bad"] * 18
NEW_TEXTS = ["a splendid film", "an odd film", "splendid fun"] * 8
NEW_LABELS = ["good", "awkward", "good"] * 8
KINDS: dict[str, dict[str, Any]] = {
    "average": {"encoder": "average", "hidden_size": 5},
    "concatenate": {"encoder": "concatenate", "hidden_size": 5, "max_length": 6},
    "cnn": {"encoder": "cnn", "num_filters": 4, "embeddings": "both"},
    "rnn": {"encoder": "rnn", "hidden_size": 4},
    "lstm": {"encoder": "lstm", "hidden_size": 4, "num_layers": 2, "bidirectional": True},
    "gru": {"encoder": "gru", "hidden_size": 4},
    "transformer": {"encoder": "transformer"},
    "ngrams": {"encoder": "ngrams", "buckets": 50, "hidden_size": 4},
    "logistic": {"encoder": "logistic"},
    "hogwild": {"encoder": "ngrams", "buckets": 50, "num_layers": 0, "optimizer": "hogwild"},
}
SHORT: dict[str, Any] = {"embedding_dim": 8, "max_epochs": 3}
NEURAL: dict[str, Any] = {"learning_rate": 0.005, "dropout": 0.0, "batch_size": 4, "max_epochs": 60, "patience": 60}
LEARNING: dict[str, dict[str, Any]] = {
    "logistic": {},
    "hogwild": {"learning_rate": 1.0, "max_epochs": 30, "optimizer": "hogwild", "embedding_dropout": 0.0},
}


@pytest.fixture(scope="module", params=KINDS)
def trained(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A trained model of each kind: its name and its folder."""
    folder = tmp_path_factory.mktemp("start") / "model"
    settings = {**({} if request.param == "logistic" else SHORT), **KINDS[request.param]}
    TextClassifier(**settings).fit(TEXTS, LABELS).save_pretrained(folder)
    return request.param, folder


def grown(start: BaseModel, words: list[str], labels: list[str]) -> TextModel:
    """The model with new words and labels, before any training."""
    vocabulary, classes = start.vocabulary(Vocabulary(["<unk>", *words]), None), start.labels(labels)
    config = type(start.model.config)(
        start.model.config.encoder, start.model.config.encoder_options, start.model.config.reading, tuple(classes)
    )
    network = config.network(len(vocabulary))
    return TextModel(config, vocabulary, start.weights(classes, initialize(network.weights(), 1)))


def test_it_begins_as_the_function_that_it_was(trained: tuple[str, Path]) -> None:
    start = BaseModel.load(trained[1])
    more = grown(start, ["fine", "splendid", "odd"], ["good", "awkward", "zany"])
    assert more.config.labels == ("awkward", "bad", "good", "zany")
    assert more.vocabulary.words[: len(start.model.vocabulary)] == start.model.vocabulary.words
    assert more.vocabulary.words[len(start.model.vocabulary) :] == ("splendid", "odd")
    np.testing.assert_allclose(more.logits(TEXTS)[:, 1:3], start.model.logits(TEXTS), rtol=1e-5, atol=1e-6)


def test_it_learns_new_words_and_labels_and_keeps_the_rest(trained: tuple[str, Path]) -> None:
    kind, folder = trained
    settings = LEARNING.get(kind, {**NEURAL, "embedding_dropout": 0.0})
    model = TextClassifier(base_model=folder, **settings).fit(NEW_TEXTS, NEW_LABELS)
    assert model.classes_.tolist() == ["awkward", "bad", "good"]
    assert model.model_.config.encoder == KINDS[kind]["encoder"]
    assert kind == "logistic" or model.model_.config.reading.embedding_dim == 8
    assert model.predict(["an odd film", "a splendid film"]).tolist() == ["awkward", "good"]
    told = model.training_["started_from"]
    assert (told["new_labels"], told["labels_without_new_texts"]) == (["awkward"], ["bad"])
    new = [
        word for text in NEW_TEXTS for word in text.split() if word not in BaseModel.load(folder).model.vocabulary.ids
    ]
    assert kind == "logistic" or told["new_words"] in (len(set(new)), len(set(new)) - 1), "one text may be held out"
    assert told["sha256"] == BaseModel.load(folder).sha256


def test_an_untrained_word_stays_bit_for_bit_where_nothing_decays(tmp_path: Path) -> None:
    TextClassifier("average", **SHORT).fit(TEXTS, LABELS).save_pretrained(tmp_path / "model")
    model = TextClassifier(base_model=tmp_path / "model", weight_decay=0.0).fit(NEW_TEXTS, NEW_LABELS).model_
    old = BaseModel.load(tmp_path / "model").model
    table, before = model.weights["embeddings.tuned"], old.weights["embeddings.tuned"]
    untouched = [old.vocabulary.ids[word] for word in ("dull", "awful", "stuff", "fine")]
    np.testing.assert_array_equal(table[untouched], before[untouched])
    assert (table[old.vocabulary.ids["film"]] != before[old.vocabulary.ids["film"]]).all()


def test_new_words_are_limited_and_old_ones_are_not_forgotten() -> None:
    model = TextClassifier("average", **SHORT).fit(TEXTS, LABELS).model_
    start, known = BaseModel(Path("model"), model), len(model.vocabulary) - 1
    new = Vocabulary(["<unk>", "fine", "odd", "splendid"])
    for most, added in ((None, 2), (known + 5, 2), (known + 1, 1), (known, 0), (3, 0)):
        assert len(start.vocabulary(new, most)) - 1 == known + added


@pytest.mark.parametrize(
    ("settings", "name"),
    [({"encoder": "gru"}, "encoder"), ({"hidden_size": 7}, "hidden_size"), ({"lowercase": False}, "lowercase")],
    ids=str,
)
def test_what_the_model_has_otherwise_is_refused(tmp_path: Path, settings: dict[str, Any], name: str) -> None:
    TextClassifier("average", hidden_size=5, **SHORT).fit(TEXTS, LABELS).save_pretrained(tmp_path / "model")
    with pytest.raises(SettingError, match=name):
        TextClassifier(base_model=tmp_path / "model", **settings).fit(NEW_TEXTS, NEW_LABELS)


def test_hogwild_cannot_go_on_from_hidden_layers_and_says_what_can(tmp_path: Path) -> None:
    TextClassifier("average", num_layers=1, **SHORT).fit(TEXTS, LABELS).save_pretrained(tmp_path / "model")
    with pytest.raises(SettingError, match="base model has num_layers 1") as raised:
        TextClassifier(base_model=tmp_path / "model", optimizer="hogwild").fit(NEW_TEXTS, NEW_LABELS)
    assert raised.value.where == "setting 'optimizer'"


def test_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="no such model folder"):
        TextClassifier(base_model=tmp_path / "nothing").fit(NEW_TEXTS, NEW_LABELS)


def test_a_clone_goes_on_from_the_same_model(tmp_path: Path) -> None:
    TextClassifier("average", **SHORT).fit(TEXTS, LABELS).save_pretrained(tmp_path / "model")
    one = TextClassifier(base_model=tmp_path / "model", max_epochs=2)
    first, second = (model.fit(NEW_TEXTS, NEW_LABELS).predict_proba(TEXTS) for model in (one, clone(one)))
    np.testing.assert_array_equal(first, second)


def test_texts_of_one_label_are_enough(tmp_path: Path) -> None:
    TextClassifier("average", **SHORT).fit(TEXTS, LABELS).save_pretrained(tmp_path / "model")
    model = TextClassifier(base_model=tmp_path / "model").fit(NEW_TEXTS, ["odd"] * len(NEW_TEXTS))
    assert model.classes_.tolist() == ["bad", "good", "odd"]


@pytest.fixture
def go_on(unrolled: Callable[..., Any], tmp_path: Path, model: Path, write: Callable[..., Path]) -> Callable[..., Any]:
    """How to go on from the small model with three rows of a new label."""
    rows = [{"text": text, "label": label} for text, label in zip(NEW_TEXTS, NEW_LABELS, strict=True)]
    data = write(tmp_path / "new.csv", rows)
    return lambda *words: unrolled("train", data, "--base-model", model, "-o", tmp_path / "more", *words)


def test_the_command_says_what_changed(go_on: Callable[..., Any], tmp_path: Path) -> None:
    done = go_on()
    assert done.code == 0, done.err
    changed = "4 new, 3 labels and 1 new ('awkward'); without new texts, so that they may be forgotten: 'bad', 'mixed'."
    assert changed in done.err, done.err
    told = json.loads((tmp_path / "more" / "training.json").read_text())["started_from"]
    assert told["new_labels"] == ["awkward"]
    assert json.loads((tmp_path / "more" / "config.json").read_text())["labels"] == ["awkward", "bad", "good", "mixed"]


def test_a_setting_named_on_the_command_line_counts_even_at_its_default(go_on: Callable[..., Any]) -> None:
    assert "hidden_size" in go_on("--hidden-size", "100").error(2)
    assert "encoder" in go_on("--encoder", "cnn").error(2)
    assert go_on("--encoder", "average", "--hidden-size", "5").code == 0


def test_the_model_to_start_from_is_never_overwritten(
    unrolled: Callable[..., Any], model: Path, train_csv: Path, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(model)
    for output in (model, tmp_path / "link"):
        assert "would change" in unrolled("train", train_csv, "--base-model", model, "-o", output, "--force").error(2)
        classifier = TextClassifier.from_pretrained(model).set_params(base_model=output)
        with pytest.raises(SettingError, match="setting 'base_model'"):
            classifier.save_pretrained(output, force=True)


def test_a_run_that_goes_on_from_a_model_can_itself_be_resumed(
    go_on: Callable[..., Any], tmp_path: Path, sigterm_in_second_step: Callable[..., Any]
) -> None:
    assert go_on().code == 0
    weights = (tmp_path / "more" / "model.safetensors").read_bytes()
    with sigterm_in_second_step():
        assert go_on("--force").code == 143
    assert go_on("--resume").code == 0
    assert (tmp_path / "more" / "model.safetensors").read_bytes() == weights


def test_the_command_loads_the_model_to_start_from_once(
    go_on: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    loads: list[Path] = []
    load = saved_model.load

    def counted(folder: Path, **options: Any) -> Any:
        loads.append(folder)
        return load(folder, **options)

    monkeypatch.setattr(saved_model, "load", counted)
    assert go_on().code == 0
    assert len(loads) == 1
