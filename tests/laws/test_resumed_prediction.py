"""`predict -o OUT`, killed by -9 at random moments and resumed → the bytes of a run that wasn't, for every network."""

from __future__ import annotations

import csv
import hashlib
import itertools
import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from unrolled.model.registry import encoder_options, network_names
from unrolled.model.weights import initialize
from unrolled.prediction import answer_file, resumable_output, stream
from unrolled.prediction.saved_model import save
from unrolled.prediction.text_model import TextModel
from unrolled.storage.config import Config
from unrolled.text.text_config import TextConfig
from unrolled.text.vocabulary import Vocabulary

WORDS = ["<unk>", *(f"w{number}" for number in range(2000))]
KILLS = 20
# A record after every segment, and segments of 512 rows, so that a short run has many of them.
SMALL = {"ROWS": 128, "CHUNKS": 4}
CODE = f"""
import sys
from unrolled.prediction import resumable_output, stream
from unrolled.cli.app import main
resumable_output.SECONDS, stream.ROWS, stream.CHUNKS = 0, {SMALL["ROWS"]}, {SMALL["CHUNKS"]}
main()
"""


def made(folder: Path, name: str) -> Path:
    """Write a model folder with random weights, so wide that a product of a few words rounds them otherwise."""
    options = {option: 100 for option in ("hidden_size", "num_filters") if option in encoder_options(name)}
    options |= {"buckets": 5000} if "buckets" in encoder_options(name) else {}
    config = Config(name, options, TextConfig(embedding_dim=100), ("no", "perhaps", "yes"))
    chance, drawn = np.random.default_rng(7), initialize(config.network(len(WORDS)).weights(), 0)
    weights = {key: (weight + chance.normal(0, 0.2, weight.shape)).astype("f4") for key, weight in drawn.items()}
    save(folder, TextModel(config, Vocabulary(WORDS), weights), {})
    return folder


def write_texts(path: Path, count: int) -> Path:
    """Write texts whose words recur from segment to segment; every 97th row can't be read."""
    chance = random.Random(3)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "text"])
        for number in range(count):
            words = [WORDS[min(int(chance.paretovariate(0.5)), 2000)] for _ in range(chance.randrange(25))]
            rows.writerow([f"é{number}", " ".join(words)] if number % 97 != 50 else [f"é{number}"])
    return path


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of 5,000 rows."""
    return write_texts(tmp_path_factory.mktemp("data") / "texts.csv", 5_000)


def predict(*words: object) -> subprocess.Popen[str]:
    given = [sys.executable, "-c", CODE, "predict", *map(str, words)]
    return subprocess.Popen(given, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def finished(process: subprocess.Popen[str]) -> str:
    _, told = process.communicate()
    assert process.returncode == 0, told
    return told


def phase(output: Path) -> str:
    folder = output.with_name(f".{output.name}.partial")
    if output.exists():
        return "finished"
    return "saved" if (folder / "progress.json").exists() else "answering" if folder.exists() else "starting"


@dataclass(frozen=True)
class Kind:
    """A network, and the options of a run."""

    network: str
    suffix: str
    options: Sequence[str]


KINDS = [
    Kind("cnn", ".jsonl", ["--keep-columns", "id"]),
    Kind("lstm", ".csv.gz", ["--keep-columns", "id", "--top-k", "2"]),
    Kind("average", ".tsv.zst", ["--all-probabilities", "--min-probability", "0.6"]),
    Kind("transformer", ".jsonl", []),
]


@pytest.mark.torture
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.network)
def test_killed_at_random_moments_and_resumed_it_ends_with_the_same_bytes(
    kind: Kind, texts: Path, tmp_path: Path
) -> None:
    model, chance = made(tmp_path / "model", kind.network), random.Random(kind.network)
    whole, output = tmp_path / f"whole{kind.suffix}", tmp_path / f"out{kind.suffix}"
    began = time.monotonic()
    finished(predict(model, texts, "-o", whole, *kind.options))
    seconds, killed = time.monotonic() - began, Counter[str]()
    while killed.total() < KILLS / len(KINDS) or not output.exists():
        process = predict(model, texts, "-o", output, *kind.options, "--resume")
        try:
            process.wait(seconds * chance.uniform(0.2, 1))
        except subprocess.TimeoutExpired:
            process.kill()
            killed[phase(output)] += 1
        process.communicate()
        if phase(output) == "finished" and killed.total() < KILLS / len(KINDS):
            output.unlink()  # and once more, until there were kills enough
    assert "Traceback" not in finished(predict(model, texts, "-o", output, *kind.options, "--resume"))
    print(dict(killed))
    assert hashlib.sha256(output.read_bytes()).digest() == hashlib.sha256(whole.read_bytes()).digest()
    assert {path.name for path in tmp_path.iterdir()} == {"model", whole.name, output.name}


@pytest.fixture
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    """The segments of the subprocesses, in this process."""
    monkeypatch.setattr(resumable_output, "SECONDS", 0)
    for name, value in SMALL.items():
        monkeypatch.setattr(stream, name, value)


@pytest.mark.torture
@pytest.mark.parametrize("network", network_names())
def test_whatever_the_network_and_the_segment_it_was_cut_off_in_the_bytes_are_the_same(
    network: str,
    unrolled: Callable[..., Any],
    tmp_path: Path,
    small_segments: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model, data = made(tmp_path / "model", network), write_texts(tmp_path / "texts.csv", 2500)
    words = ["predict", model, data, "--all-probabilities", "--keep-columns", "id"]
    assert unrolled(*words, "-o", tmp_path / "whole").code == 0
    write, counter = answer_file.AnswerWriter.write, itertools.count(1)

    def cut_off(self: Any, answer: Any) -> None:
        if next(counter) % 700 == 0:
            raise KeyboardInterrupt
        write(self, answer)

    monkeypatch.setattr(answer_file.AnswerWriter, "write", cut_off)
    told = [unrolled(*words, "-o", tmp_path / "out", "--resume") for _ in range(6)]
    assert [done.code for done in told] == [130] * 4 + [0] * 2
    assert "Going on at row 513." in told[1].err
    assert (tmp_path / "out").read_bytes() == (tmp_path / "whole").read_bytes()
    answers = [json.loads(line) for line in (tmp_path / "out").read_text().splitlines()]
    assert [answer["row"] for answer in answers] == list(range(1, 2501))
    assert sum("error" in answer for answer in answers) == 26
