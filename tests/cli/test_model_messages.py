"""A model and texts → what is said of its reading, and nothing where there is nothing to say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from unrolled.cli import environment
from unrolled.cli.model_messages import report_receptive_field, report_truncated
from unrolled.kernels.compiled import library
from unrolled.prediction.text_model import TextModel
from unrolled.storage.config import Config
from unrolled.text.text_config import TextConfig
from unrolled.text.tokens import words
from unrolled.text.vocabulary import Vocabulary

TEXTS = ["one two three", "one two three four", "", "don't stop me"]  # don't is two words


def model_of(encoder: str, **options: Any) -> TextModel:
    config = Config(encoder, options, TextConfig(embedding_dim=2), ("no", "yes"))
    weights = {name: np.zeros(weight.shape, "f4") for name, weight in config.network(1).weights().items()}
    return TextModel(config, Vocabulary(["<unk>"]), weights)


@pytest.mark.parametrize(("max_length", "said"), [(2, "3 texts are"), (3, "2 texts are"), (4, "")])
def test_texts_that_are_cut_are_counted(max_length: int, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    model = model_of("concatenate", max_length=max_length)
    report_truncated(model, model.cut(np.array([len(words(text)) for text in TEXTS])))
    told = capsys.readouterr().err
    assert told == (
        f"{said} longer than {max_length} words: only the first {max_length} are read (max_length).\n" * bool(said)
    )


@pytest.mark.parametrize("encoder", ["average", "cnn", "lstm", "logistic"])
def test_who_reads_every_word_says_nothing(encoder: str, capsys: pytest.CaptureFixture[str]) -> None:
    model = model_of(encoder)
    report_truncated(model, model.cut(np.full(100, 1000)))
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("encoder", "options", "field"),
    [
        ("cnn", {"filter_sizes": (2, 3)}, 3),
        ("cnn", {"filter_sizes": (3,), "num_layers": 2}, 5),
        ("ngrams", {"ngram_range": (1, 4), "buckets": 10}, 4),
        ("concatenate", {"max_length": 7}, 7),
        ("cnn", {"filter_sizes": (1,)}, None),
        ("average", {}, None),
        ("gru", {}, None),
        ("logistic", {}, None),
    ],
)
def test_the_receptive_field_is_said(
    encoder: str, options: dict[str, Any], field: int | None, capsys: pytest.CaptureFixture[str]
) -> None:
    report_receptive_field(model_of(encoder, **options))
    told = capsys.readouterr().err
    assert told == (
        f"Receptive field: the {encoder} encoder sees at most {field} words in a row together.\n" if field else ""
    )


@pytest.mark.parametrize(
    ("encoder", "told"), [("lstm", "compiled kernels ("), ("concatenate", "NumPy or torch (this model")]
)
def test_training_and_predicting_say_once_what_computed(
    encoder: str, told: str, unrolled: Callable[..., Any], train_csv: Path, tmp_path: Path
) -> None:
    found = library.find_library()
    if isinstance(found, str):
        pytest.skip(found)
    train = ("train", train_csv, "-o", tmp_path / "model", "--encoder", encoder, "--max-epochs", 1)
    for typed in (train, ("predict", tmp_path / "model", train_csv)):
        found.used.clear()
        lines = [line for line in unrolled(*typed).err.splitlines() if line.startswith("Backend: ")]
        assert len(lines) == 1
        assert lines[0].startswith(f"Backend: {told}")


def test_without_kernels_train_predict_and_doctor_say_why(
    unrolled: Callable[..., Any], train_csv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (library, environment):
        monkeypatch.setattr(module, "find_library", lambda: "there is none")
    train = ("train", train_csv, "-o", tmp_path / "model", "--encoder", "lstm", "--max-epochs", 1)
    for typed in (train, ("predict", tmp_path / "model", train_csv)):
        assert unrolled(*typed).err.count("Backend: NumPy or torch, without compiled kernels (there is none).\n") == 1
    (found,) = unrolled("doctor", "--json").answers
    assert found["kernels"]["predict"] == "plain arithmetic in NumPy, as there is none"
    assert found["kernels"]["train"] == "plain arithmetic in torch, as there is none"
