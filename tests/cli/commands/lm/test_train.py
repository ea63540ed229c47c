"""Plain text → the folder that `lm train` writes, what it says on the way, and that options reach the model."""

from __future__ import annotations

import json
import os
import re
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from unrolled.language_models.fit import SETTINGS
from unrolled.storage.file_lock import acquire

SMALL = ("--embedding-dim", "4", "--hidden-size", "5", "--max-epochs", "2")
COUNTING = ("--model", "kneser-ney")

# Another value than the default for every setting there is: what is typed, and what the folder then says.
TYPED: dict[str, tuple[list[str], Any]] = {
    "model": (["--model", "window"], "window"),
    "order": (["--order", "3"], 3),
    "tokens": (["--tokens", "space"], "space"),
    "lowercase": (["--no-lowercase"], False),
    "embedding_dim": (["--embedding-dim", "6"], 6),
    "hidden_size": (["--hidden-size", "7"], 7),
    "min_count": (["--min-count", "2"], 2),
    "max_features": (["--max-features", "9"], 9),
    "validation_fraction": (["--validation-fraction", "0.2"], 0.2),
    "max_epochs": (["--max-epochs", "4"], 4),
    "patience": (["--patience", "2"], 2),
    "batch_size": (["--batch-size", "32"], 32),
    "learning_rate": (["--learning-rate", "0.02"], 0.02),
    "weight_decay": (["--weight-decay", "0.5"], 0.5),
    "dropout": (["--dropout", "0.25"], 0.25),
    "threads": (["--threads", "2"], 2),
    "random_state": (["--seed", "7"], 7),
}


def read(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text("utf-8"))


def bits(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_every_option_reaches_the_folder(unrolled: Callable[..., Any], corpus: Path, tmp_path: Path) -> None:
    assert set(TYPED) == set(SETTINGS)
    words = [word for typed, _ in TYPED.values() for word in typed]
    done = unrolled("lm", "train", corpus, "-o", tmp_path / "lm", *words)
    assert done.code == 0, done.err
    told = {
        **read(tmp_path / "lm", "config.json")["language_model"],
        **read(tmp_path / "lm", "training.json")["settings"],
    }
    assert told == {name: value for name, (_, value) in TYPED.items()}
    assert len(read(tmp_path / "lm", "vocabulary.json")) == 2 + 9


def test_results_are_printed_and_progress_is_said(unrolled: Callable[..., Any], corpus: Path, tmp_path: Path) -> None:
    done = unrolled("lm", "train", corpus, "-o", tmp_path / "lm", *SMALL)
    assert done.code == 0, done.err
    epochs = read(tmp_path / "lm", "training.json")["epochs"]
    lines = [line for line in done.err.splitlines() if line.startswith("epoch")]
    assert len(lines) == len(epochs) == 2
    for line, epoch in zip(lines, epochs, strict=True):
        assert f"loss {epoch['loss']:7.4f}" in line
        assert f"{epoch['perplexity']:.2f}" in line
    assert "epoch" not in done.out
    assert re.search(r"held out: perplexity [\d.]+ over \d+ words and 10 line ends", done.out)
    assert "order 5" in done.out


def test_the_same_seed_gives_the_same_folder(unrolled: Callable[..., Any], corpus: Path, tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        assert unrolled("lm", "train", corpus, "-o", tmp_path / name, *SMALL, "--seed", seed).code == 0
    assert bits(tmp_path / "a") == bits(tmp_path / "b") != bits(tmp_path / "c")


def test_standard_input_is_a_corpus_and_blank_lines_are_left_out(
    unrolled: Callable[..., Any], corpus: Path, tmp_path: Path
) -> None:
    text = corpus.read_bytes().replace(b"\n", b"\r\n \r\n\r\n")
    for name, words in (("a", [corpus]), ("b", ["-"])):
        done = unrolled("lm", "train", *words, "-o", tmp_path / name, *COUNTING, stdin=text)
        assert done.code == 0, done.err
    assert bits(tmp_path / "a") == bits(tmp_path / "b")
    assert "standard input: 100 lines" in done.err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"", "at least one line"),
        (b"\n \n", "at least one line"),
        (b"I like apples\n\xff\n", "line 2"),
        (b"I like apples\nI\0\n", "line 2"),
        ("I like apples\n".encode("utf-16"), "UTF-16"),
    ],
)
def test_text_that_cannot_be_used_is_told(unrolled: Callable[..., Any], tmp_path: Path, text: bytes, told: str) -> None:
    assert told in unrolled("lm", "train", "-", "-o", tmp_path / "lm", stdin=text).error()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--order", "0"], "--order"),
        (["--order", "1"], "at least 2 for a window model"),
        (["--order", "21"], "--order"),
        (["--model", "neural"], "--model"),
        ([*COUNTING, "--hidden-size", "5"], "'hidden_size' is a setting of the window model"),
        (["--learning-rate", "1e38"], "--learning-rate"),
    ],
)
def test_an_impossible_setting_is_wrong_usage(
    unrolled: Callable[..., Any], corpus: Path, tmp_path: Path, words: list[str], told: str
) -> None:
    done = unrolled("lm", "train", corpus, "-o", tmp_path / "lm", *words)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.filterwarnings("ignore:(invalid|overflow)")
def test_a_run_that_is_not_finite_fails_in_one_line(unrolled: Callable[..., Any], corpus: Path, tmp_path: Path) -> None:
    wild = ("--learning-rate", "1000", "--weight-decay", "1000")
    told = unrolled("lm", "train", corpus, "-o", tmp_path / "lm", *SMALL, *wild).error()
    assert "the loss is not finite" in told
    assert list(tmp_path.iterdir()) == []


def test_the_lecture_s_two_sentences_are_enough(unrolled: Callable[..., Any], tmp_path: Path) -> None:
    text = b"I like apples\nI love oranges\n"
    for model in ("window", "kneser-ney", "maximum-likelihood"):
        done = unrolled("lm", "train", "-", "-o", tmp_path / model, "--model", model, stdin=text)
        assert done.code == 0, done.err
        assert "held out" not in done.out
        (found,) = unrolled("lm", "next", tmp_path / model, "I", "--top-k", "2", "--json").answers
        if model != "kneser-ney":
            assert {entry["word"] for entry in found["next"]} == {"like", "love"}


def test_a_language_model_is_no_classifier(unrolled: Callable[..., Any], language_model: Path, train_csv: Path) -> None:
    assert "a language model" in unrolled("evaluate", language_model, train_csv).error()


def test_a_name_that_another_run_writes_to_is_refused_before_the_corpus_is_read(
    unrolled: Callable[..., Any], tmp_path: Path
) -> None:
    with acquire(tmp_path / "lm"):
        assert f"in use by process {os.getpid()}" in unrolled("lm", "train", "nowhere", "-o", tmp_path / "lm").error()
    assert list(tmp_path.iterdir()) == []


def test_a_model_that_was_finished_before_the_name_was_held_is_not_overwritten(
    unrolled: Callable[..., Any], corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(target: Path) -> Any:
        target.mkdir()
        (target / "config.json").write_text("another run's")
        return acquire(target)

    monkeypatch.setattr("unrolled.cli.language_model.acquire", late)
    assert "--force" in unrolled("lm", "train", corpus, "-o", tmp_path / "lm", *COUNTING).error()
    assert (tmp_path / "lm" / "config.json").read_text() == "another run's"


def test_sigterm_leaves_nothing_half_and_says_so(
    unrolled: Callable[..., Any], corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("unrolled.cli.language_model.fit", lambda *_, **__: signal.raise_signal(signal.SIGTERM))
    done = unrolled("lm", "train", corpus, "-o", tmp_path / "lm", *SMALL)
    assert (done.code, done.err.splitlines()[-1]) == (143, "Ended by SIGTERM; no model was written.")
    assert not (tmp_path / "lm").exists()
    assert not (tmp_path / ".lm.lock").exists()
