"""Labelled texts and choices → a model whose record tells truly how it was made, and which can be made again."""

from __future__ import annotations

import hashlib
import json
import platform
import time
from importlib.metadata import version
from typing import Any

import numpy as np
import pytest

from tests.each import each
from tests.fitted_texts import fit
from unrolled.data.split import split_off
from unrolled.errors import DataError
from unrolled.model.cross_entropy import cross_entropy
from unrolled.prediction import saved_model
from unrolled.storage import training_record
from unrolled.text.tokens import words
from unrolled.training.callback import EpochRecord, StepMessage, no_callback
from unrolled.training.fit import FitResult, gather_for, identity
from unrolled.training.resolve_config import resolve_config
from unrolled.training.run_config import RunConfig

CLASSES = ["neg", "pos"]
TEXTS = [f"{('dull', 'awful', 'fine', 'lovely')[n % 4]} film number{n} the The {'rare ' * (n < 2)}" for n in range(40)]
LABELS = [CLASSES[n % 4 // 2] for n in range(40)]
LABELLED = (TEXTS, LABELS)
DEV = (["fine unseen film", "awful", "lovely lovely", ""], ["pos", "neg", "pos", "neg"])
SMALL: dict[str, Any] = {"embedding_dim": 8, "hidden_size": 8, "max_epochs": 3, "batch_size": 8, "learning_rate": 0.02}


def choices_of(vectors: Any = None, **settings: Any) -> RunConfig:
    return resolve_config("average", vectors, {**SMALL, **settings})


def fitted_with(vectors: Any = None, *, dev: Any = DEV, report: Any = no_callback, **settings: Any) -> FitResult:
    return fit(choices_of(vectors, **settings), LABELLED, dev, CLASSES, report=report)


@pytest.fixture(scope="module")
def fitted() -> FitResult:
    return fitted_with(dev=None)


def assert_same_bits(one: FitResult, other: FitResult) -> None:
    assert one.model.weights.keys() == other.model.weights.keys()
    for name, weight in one.model.weights.items():
        assert weight.tobytes() == other.model.weights[name].tobytes(), name


def test_the_record_tells_the_run(fitted: FitResult) -> None:
    record, settings = fitted.training, fitted.training["settings"]
    assert settings["learning_rate"] == 0.02
    assert settings["validation_fraction"] == 0.1
    assert set(settings) == {*vars(choices_of().preparation), *vars(choices_of().plan)}
    assert record["seed"] == settings["random_state"] == 0
    assert record["rows"] == {"train": 40 - len(fitted.dev[0]), "dev": len(fitted.dev[0])}
    assert record["stopped"] == "max_epochs"
    assert record["steps"] == 3 * -(-record["rows"]["train"] // 8) == fitted.history[-1]["step"]
    assert record["best_step"] in [line["step"] for line in fitted.history if line["best"]]
    assert 0 < fitted.history[-1]["seconds"] <= record["seconds"] + 1e-3 < 60
    assert record["words_per_second"] > 0
    assert record["versions"]["python"] == platform.python_version()
    for package in ("unrolled", "numpy", "torch", "safetensors"):
        assert record["versions"][package] == version(package)
    assert fitted.error is None


@pytest.mark.parametrize("encoder", ["average", "logistic", "hogwild"])
def test_what_a_folder_could_not_hold_is_refused_before_training(monkeypatch: pytest.MonkeyPatch, encoder: str) -> None:
    settings = {"optimizer": "hogwild", "max_epochs": 1} if encoder == "hogwild" else {}
    run_config = resolve_config("average" if encoder == "hogwild" else encoder, None, settings)
    heard: list[Any] = []
    for limit, step in (("LARGEST_CONFIG", "shorter labels"), ("LARGEST_VOCABULARY", "max_features")):
        with monkeypatch.context() as patch:
            patch.setattr(saved_model, limit, 200)
            with pytest.raises(DataError, match=step):
                fit(run_config, LABELLED, DEV, CLASSES, report=heard.append)
    assert heard == []


def test_the_record_and_the_history_are_json(fitted: FitResult) -> None:
    files = training_record.files(fitted.model.config, fitted.training, fitted.history)
    assert json.loads(files["training.json"]) == fitted.training
    assert [json.loads(line) for line in files["history.jsonl"].splitlines()] == fitted.history


def digest(texts: list[str], labels: list[str]) -> str:
    given: str = fit(choices_of(max_steps=1), (texts, labels), DEV, CLASSES, report=no_callback).training["data_sha256"]
    return given


def test_the_data_s_hash_is_of_every_text_and_label_with_its_length() -> None:
    parts = [part.encode() for pair in zip(TEXTS, LABELS, strict=True) for part in pair]
    joined = b"".join(len(part).to_bytes(8, "little") + part for part in parts)
    assert digest(TEXTS, LABELS) == hashlib.sha256(joined).hexdigest()
    others = [(TEXTS[::-1], LABELS[::-1]), ([*TEXTS[:-1], "x"], LABELS), (TEXTS, [*LABELS[:-1], "neg"])]
    assert len({digest(TEXTS, LABELS), *(digest(*other) for other in others)}) == 4


def test_half_a_surrogate_pair_can_be_trained_on() -> None:
    assert fit(choices_of(), ([*TEXTS, "\ud800"], [*LABELS, "pos"]), DEV, CLASSES, report=no_callback).error is None


def test_dev_texts_are_split_off_by_fraction_and_seed_and_never_trained_on(fitted: FitResult) -> None:
    _, held_out = split_off(TEXTS, LABELS, fraction=0.1, seed=0)
    assert fitted.dev_rows is not None
    assert fitted.dev_rows.tolist() == held_out
    assert list(fitted.dev[0]) == [words(TEXTS[row]) for row in held_out]
    assert fitted.dev[1] == [LABELS[row] for row in held_out]
    only_there = {f"number{row}" for row in held_out}
    assert not only_there & set(fitted.model.vocabulary.words)
    assert {f"number{row}" for row in range(40)} - only_there <= set(fitted.model.vocabulary.words)
    more = fit(choices_of(validation_fraction=0.4, random_state=5), LABELLED, None, CLASSES, report=no_callback)
    assert len(more.dev[0]) == 16


def test_given_dev_texts_are_judged_on_and_not_trained_on() -> None:
    found = fitted_with()
    assert found.dev_rows is None
    assert (list(found.dev[0]), found.dev[1]) == ([words(text) for text in DEV[0]], DEV[1])
    assert found.training["rows"] == {"train": 40, "dev": 4}
    assert not {"unseen"} & set(found.model.vocabulary.words)
    assert {f"number{row}" for row in range(40)} <= set(found.model.vocabulary.words)


def test_the_model_kept_is_the_best_of_the_history_on_the_dev_texts() -> None:
    found = fitted_with(max_epochs=6, learning_rate=0.05)
    best = max(found.history, key=lambda line: (line["dev_accuracy"], -line["dev_loss"], -line["epoch"]))
    assert found.training["best_step"] == best["step"]
    logits = found.model.logits(DEV[0]).astype("f8")
    right = [CLASSES[k] == label for k, label in zip(logits.argmax(1), DEV[1], strict=True)]
    assert np.mean(right) == best["dev_accuracy"]
    numbers = np.array([CLASSES.index(label) for label in DEV[1]])
    assert float(cross_entropy(logits, numbers)) == pytest.approx(best["dev_loss"], rel=1e-5)


def test_the_order_of_the_classes_is_the_order_of_the_logits() -> None:
    run_config = choices_of(max_epochs=10, dropout=0.0, embedding_dropout=0.0)
    one, other = (fit(run_config, LABELLED, DEV, classes, report=no_callback) for classes in (CLASSES, CLASSES[::-1]))
    assert one.model.config.labels == tuple(CLASSES)
    assert other.model.config.labels == tuple(CLASSES[::-1])
    for found in (one, other):
        named = [found.model.config.labels[k] for k in found.model.logits(TEXTS).argmax(axis=1)]
        assert np.mean([label == true for label, true in zip(named, LABELS, strict=True)]) > 0.9


@each(
    ("settings", "known", "unknown"),
    [
        ({"min_count": 2}, {"rare", "film", "the"}, {"number1"}),
        ({"min_count": 5}, {"film", "the", "dull"}, {"rare", "number1"}),
        ({"max_features": 2}, {"film", "the"}, {"dull", "rare"}),
        ({"lowercase": False}, {"the", "The"}, set()),
        ({"lowercase": True}, {"the"}, {"The"}),
    ],
)
def test_the_vocabulary_is_limited_as_asked(settings: dict[str, Any], known: set[str], unknown: set[str]) -> None:
    found = set(fitted_with(max_steps=1, **settings).model.vocabulary.words)
    assert known <= found
    assert not unknown & found
    assert "max_features" not in settings or len(found) == 3


def test_a_budgeted_run_is_repeated_bit_for_bit_by_its_number_of_steps() -> None:
    def slow(message: EpochRecord | StepMessage) -> None:
        if isinstance(message, StepMessage) and message.step == 12:
            time.sleep(1)

    long: dict[str, Any] = {"max_epochs": 500, "patience": 10**6}
    budgeted = fitted_with(report=slow, budget=1.0, **long)
    assert budgeted.training["stopped"] == "budget"
    assert 1 <= budgeted.training["steps"] <= 12
    again = fitted_with(max_steps=budgeted.training["steps"], **long)
    assert again.training["stopped"] == "max_steps"
    assert again.training["steps"] == budgeted.training["steps"]
    assert again.training["best_step"] == budgeted.training["best_step"]
    assert_same_bits(again, budgeted)


def test_a_budget_counts_from_the_start_that_is_given_and_leaves_a_model_even_without_a_step() -> None:
    run_config = choices_of(budget=50.0)
    found = fit(run_config, LABELLED, DEV, CLASSES, report=no_callback, started=time.monotonic() - 100)
    assert (found.training["stopped"], found.training["steps"], found.training["best_step"]) == ("budget", 0, 0)
    assert found.training["seconds"] >= 100
    assert len(found.history) == 1
    assert np.isfinite(found.model.probabilities(TEXTS)).all()
    files = training_record.files(found.model.config, found.training, found.history)
    assert json.loads(files["history.jsonl"])["step"] == 0


@pytest.mark.parametrize("device", ["cpu", "auto"])
def test_the_seed_decides_every_bit_of_a_run_on_a_processor(device: str) -> None:
    if device == "auto":
        torch = pytest.importorskip("torch")
        if torch.cuda.is_available():
            pytest.skip("auto is a GPU here")
    one, again, other = (fitted_with(random_state=seed, device=device) for seed in (3, 3, 4))
    assert_same_bits(one, again)
    assert one.model.weights["classifier.W"].tobytes() != other.model.weights["classifier.W"].tobytes()


VECTORS = {"film": np.arange(8) / 10, "fine": np.full(8, 0.2), "nowhere": np.ones(3)}


def test_given_vectors_are_where_a_run_begins_and_where_static_ones_stay() -> None:
    found = fitted_with(VECTORS, embeddings="both", max_epochs=2)
    words, weights = found.model.vocabulary.words, found.model.weights
    static, tuned = weights["embeddings.static"], weights["embeddings.tuned"]
    assert found.training["best_step"] > 0
    for word in ("film", "fine"):
        np.testing.assert_array_equal(static[words.index(word)], np.float32(VECTORS[word]))
        assert (tuned[words.index(word)] != static[words.index(word)]).any()
        np.testing.assert_allclose(tuned[words.index(word)], static[words.index(word)], atol=0.5)
    others = static[[row for row, word in enumerate(words) if row and word not in VECTORS]]
    spread = np.std([VECTORS["film"], VECTORS["fine"]])
    assert np.std(others) == pytest.approx(spread, rel=0.3)
    assert len(np.unique(others, axis=0)) == len(others)
    np.testing.assert_array_equal(static[0], np.zeros(8))
    again = fitted_with(VECTORS, embeddings="both", max_epochs=2)
    assert_same_bits(found, again)


def test_a_vector_of_another_size_is_refused_and_its_word_named() -> None:
    heard: list[object] = []
    with pytest.raises(DataError, match="'film'") as raised:
        fitted_with({"film": np.ones(5)}, report=heard.append)
    assert raised.value.advice.startswith("Set embedding_dim=5")
    assert heard == []


BAD_VECTORS = [np.ones((1, 8)), np.ones((8, 1)), [float("nan")] * 8, [float("inf")] * 8, ["a"] * 8, 1.0, None, "a" * 8]


@each("vector", BAD_VECTORS)
def test_a_vector_that_is_no_row_of_finite_numbers_is_refused_and_its_word_named(vector: Any) -> None:
    with pytest.raises(DataError, match="'film'") as raised:
        fitted_with({"film": vector})
    assert "has size 8" not in str(raised.value)


@each(
    ("labelled", "dev", "told_of"),
    [
        ((["a", "b", "c"], ["pos"] * 3), None, "two different labels"),
        ((["a", "b", "c"], ["pos"] * 3), DEV, "two different labels"),
        (([], []), None, "two different labels"),
        ((["a", "b"], CLASSES), None, "too few texts to split some off"),
        ((["a", "b", "a", "b"], [*CLASSES, *CLASSES]), None, "too few texts to split some off"),
        (LABELLED, (["a"], ["neutral"]), "no text with the labels 'neutral'"),
        (LABELLED, ([], []), "dev"),
    ],
)
def test_what_cannot_be_split_or_judged_is_refused_before_a_step(labelled: Any, dev: Any, told_of: str) -> None:
    heard: list[object] = []
    with pytest.raises(DataError, match=told_of):
        fit(choices_of(), labelled, dev, CLASSES, report=heard.append)
    assert heard == []


def test_a_loss_that_is_not_finite_leaves_the_best_model_until_then() -> None:
    wild: dict[str, Any] = {"weight_decay": 0.0, "schedule": "constant", "patience": 100, "max_epochs": 30}
    wild |= {"learning_rate": 1.5e9, "dropout": 0.5, "embedding_dropout": 0.5, "batch_size": 20}
    for seed in range(8):  # with nearly every one it takes a few steps until the numbers are too large
        found = fitted_with(random_state=seed, **wild)
        if found.error and found.history:
            break
    assert found.training["stopped"] == "not_finite"
    assert found.history
    assert found.error is not None
    assert found.error.where == f"step {found.training['steps']}"
    assert f"of step {found.training['best_step']}" in found.error.problem
    undisturbed = fitted_with(random_state=seed, **wild, max_steps=found.training["best_step"])
    assert undisturbed.error is None
    assert_same_bits(found, undisturbed)
    assert np.isfinite(found.model.probabilities(TEXTS)).all()


def test_a_loss_that_is_not_finite_from_the_first_leaves_no_history() -> None:
    found = fitted_with(learning_rate=1e30)
    assert found.history == []
    assert found.error is not None
    assert "no model was usable yet" in found.error.problem


def test_given_vectors_tell_runs_apart() -> None:
    def identity_of(vectors: dict[str, Any] | None) -> Any:
        run_config = resolve_config("cnn", vectors, {"embedding_dim": 2})
        corpus = gather_for(run_config, ["fine film", "dull film"], ["good", "bad"])
        return identity(run_config, corpus, None)["vectors_sha256"]

    one, other = {"fine": np.array([0.1, 0.2])}, {"fine": np.array([0.1, 0.3])}
    assert identity_of(one) == identity_of(dict(one))
    assert len({identity_of(vectors) for vectors in (None, one, other, {"dull": one["fine"]})}) == 4
