"""A command line and small data → exit code, standard output and standard error; and a model trained once for all."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import re
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias
from unittest import mock

import hypothesis
import pytest

from unrolled.cli.app import main
from unrolled.kernels.compiled import library
from unrolled.language_models.apples_and_oranges import fruit_corpus

Table: TypeAlias = list[dict[str, str]]

# 'mixed' shares its words with the others: no model is right everywhere

# Under load a first example may take long; tests never assert a time.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=20, help="how often each kind of training run is killed")
    parser.addoption("--torture", action="store_true", help="run the long laws too, those with the mark torture")
    parser.addoption("--installations", action="store_true", help="make environments with and without each extra")
    parser.addoption("--library", help="compiled kernels to test instead of those of this environment")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    long = [] if config.getoption("--torture") else [item for item in items if item.get_closest_marker("torture")]
    items[:] = [item for item in items if item not in set(long)]
    config.hook.pytest_deselected(items=long)


def pytest_configure(config: pytest.Config) -> None:
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in the background: the runs of tests would ignore it too
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if chosen := config.getoption("--library"):
        library.PATH = Path(chosen).resolve()


WORDS = {"good": ["fine", "lovely", "moving"], "bad": ["awful", "poor", "dull"], "mixed": ["fine", "dull", "long"]}


@dataclass(frozen=True)
class Done:
    """What a command left on its two outputs, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def answers(self) -> list[dict[str, Any]]:
        """Parse standard output as JSON Lines, after a run that went well."""
        assert self.code == 0, self.err
        return [json.loads(line) for line in self.out.splitlines()]

    def error(self, code: int = 1) -> str:
        """Return the one line that says what is wrong and what to do; nothing else came of it."""
        assert (self.code, self.out) == (code, ""), self
        *before, last = self.err.splitlines()
        assert last.startswith("Error: "), self.err
        assert not [line for line in before if line.startswith(("Error", "Traceback"))], self.err
        assert re.fullmatch(r"Error: .+\. [A-Z`].+", last), last
        return last


def run_in_process(*words: object, stdin: bytes = b"", stdout: io.TextIOBase | None = None) -> Done:
    """Run the command line as the installed program does; an exception that it lets through is a traceback."""
    out, err = stdout or io.StringIO(), io.StringIO()
    code = 0
    with (
        mock.patch.object(sys, "argv", ["unrolled", *map(str, words)]),
        mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin))),
        mock.patch.object(sys, "excepthook", sys.excepthook),  # typer sets its own
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as exit_:
            code = exit_.code if isinstance(exit_.code, int) else int(exit_.code is not None)
    return Done(code, out.getvalue() if isinstance(out, io.StringIO) else "", err.getvalue())


@pytest.fixture(scope="session")
def unrolled() -> Callable[..., Done]:
    """How to run the command line in this process."""
    return run_in_process


@pytest.fixture
def sigterm_in_second_step(monkeypatch: pytest.MonkeyPatch) -> Callable[[], AbstractContextManager[None]]:
    """How to have a run ended by SIGTERM in the second step of a network's training."""

    @contextmanager
    def ending() -> Iterator[None]:
        from unrolled.training.state import StepState  # and with it torch

        step = StepState.step

        def ended(self: StepState, number: int, *given: Any) -> float:
            if number == 1:
                os.kill(os.getpid(), signal.SIGTERM)
            return step(self, number, *given)

        with monkeypatch.context() as patch:
            patch.setattr(StepState, "step", ended)
            yield

    return ending


@pytest.fixture(scope="session")
def reviews() -> Callable[..., Table]:
    """How to make labelled texts, the same for the same seed."""

    def made(count: int, seed: int = 0) -> Table:
        chance, labels = random.Random(seed), list(WORDS)
        rows = []
        for number in range(count):
            label = labels[number % len(labels)]
            words = [*chance.choices(WORDS[label], k=3), "Film,", f"No{number}"]
            rows.append({"id": f"r{number}", "text": " ".join(words), "label": label})
        return rows

    return made


@pytest.fixture(scope="session")
def write() -> Callable[[Path, Sequence[Mapping[str, Any]]], Path]:
    """How to write rows as CSV, TSV or JSON Lines, as the suffix tells, or else as a folder by class."""

    def written(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
        if path.suffix == ".jsonl":
            path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        elif path.suffix in (".csv", ".tsv"):
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(rows[0]), delimiter="\t" if path.suffix == ".tsv" else ",")
                writer.writeheader()
                writer.writerows(rows)
        else:
            for number, row in enumerate(rows):
                (path / row["label"]).mkdir(parents=True, exist_ok=True)
                (path / row["label"] / f"{number:04}.txt").write_text(row["text"], "utf-8")
        return path

    return written


@pytest.fixture(scope="session")
def small() -> list[str]:
    """The options of a network that trains in a moment."""
    return ["--encoder", "average", "--embedding-dim", "6", "--hidden-size", "5", "--max-epochs", "3"]


@pytest.fixture(scope="session")
def train_csv(
    tmp_path_factory: pytest.TempPathFactory, reviews: Callable[..., Table], write: Callable[..., Path]
) -> Path:
    """A file to train on: 60 rows, columns id, text, label; three labels."""
    return write(tmp_path_factory.mktemp("data") / "train.csv", reviews(60))


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory, train_csv: Path, small: list[str]) -> Path:
    """A model folder that has learnt something, for tests that only read it."""
    folder = tmp_path_factory.mktemp("models") / "model"
    better = ["--batch-size", "8", "--learning-rate", "0.02", "--dropout", "0", "--embedding-dropout", "0"]
    done = run_in_process("train", train_csv, "-o", folder, *small, *better, "--max-epochs", 8)
    assert done.code == 0, done.err
    return folder


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of plain text: a hundred sentences, the lecture's two first."""
    path = tmp_path_factory.mktemp("text") / "corpus.txt"
    path.write_text("".join(f"{line}\n" for line in fruit_corpus(0, sentences=100)), "utf-8")
    return path


@pytest.fixture(scope="session")
def language_model(tmp_path_factory: pytest.TempPathFactory, corpus: Path) -> Path:
    """The folder of a window model that has learnt something, for tests that only read it."""
    folder = tmp_path_factory.mktemp("models") / "lm"
    small = ["--embedding-dim", "8", "--hidden-size", "12", "--max-epochs", "4"]
    done = run_in_process("lm", "train", corpus, "-o", folder, *small)
    assert done.code == 0, done.err
    return folder
