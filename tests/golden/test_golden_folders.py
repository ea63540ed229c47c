"""Folders of every version that ever wrote one → the answers of then, or a refusal that says what to do."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.each import each
from tests.golden.write import FOLDER, QUESTIONS, command, lm_answers, write_texts
from unrolled import TextClassifier
from unrolled.errors import UnrolledError
from unrolled.model.registry import network_names

EXPECTED = {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}
KINDS = ("model", "language model", "checkpoint")
REFUSED, READ = (
    {
        kind: [name for name, one in EXPECTED.items() if one["kind"] == kind and ("refused" in one) is refused]
        for kind in KINDS
    }
    for refused in (True, False)
)


def test_every_folder_has_its_answers() -> None:
    assert {path.name for path in FOLDER.iterdir() if path.is_dir()} == EXPECTED.keys()


@each("network", network_names())
def test_every_network_has_a_folder(network: str) -> None:
    assert [name for name in READ["model"] if name.endswith(f"-{network}")]


def near(found: Any, expected: Any) -> bool:
    return np.allclose(found, expected, rtol=1e-5, atol=1e-7)


@each("name", READ["model"])
def test_a_model_answers_as_it_did(name: str) -> None:
    model = TextClassifier.from_pretrained(FOLDER / name)
    answers = EXPECTED[name]["answers"]
    labels = list(answers[0]["probabilities"])
    assert list(model.classes_) == sorted(labels)
    expected = [[answer["probabilities"][label] for label in model.classes_] for answer in answers]
    assert near(model.predict_proba(QUESTIONS), expected)
    assert list(model.predict_or_abstain(QUESTIONS)) == [answer["label"] for answer in answers]


@pytest.mark.parametrize("name", REFUSED["model"])
def test_a_model_that_is_not_read_is_refused_in_words_that_help(name: str) -> None:
    with pytest.raises(UnrolledError) as refusal:
        TextClassifier.from_pretrained(FOLDER / name)
    assert all(words in str(refusal.value) for words in EXPECTED[name]["refused"])


@pytest.mark.parametrize("name", READ["language model"])
def test_a_language_model_answers_as_it_did(name: str, tmp_path: Path) -> None:
    def numbers(lines: list[str]) -> list[str | float]:
        words = [word for line in lines for word in line.replace('"', " ").replace(",", " ").split()]
        return [float(word) if word.lstrip("-").replace(".", "", 1).isdigit() else word for word in words]

    found, expected = numbers(lm_answers(FOLDER / name, tmp_path)), numbers(EXPECTED[name]["answers"])
    assert [one for one in found if isinstance(one, str)] == [one for one in expected if isinstance(one, str)]
    assert near([one for one in found if isinstance(one, float)], [one for one in expected if isinstance(one, float)])


@pytest.mark.parametrize("name", REFUSED["language model"])
def test_a_language_model_that_is_not_read_is_refused_in_words_that_help(name: str, tmp_path: Path) -> None:
    (tmp_path / "lines").write_text("word1\n")
    refusal = command("lm", "score", FOLDER / name, tmp_path / "lines")
    assert refusal.returncode == 1
    assert all(words in refusal.stderr for words in EXPECTED[name]["refused"])


def resumed(name: str, folder: Path) -> subprocess.CompletedProcess[str]:
    shutil.copytree(FOLDER / name, folder / "model.checkpoint")
    os.chmod(folder / "model.checkpoint", 0o700)
    options = EXPECTED[name]["options"]
    return command("train", write_texts(folder / "texts.csv"), "-o", folder / "model", *options, "--resume")


@pytest.mark.parametrize("name", READ["checkpoint"])
def test_a_checkpoint_is_gone_on_from_to_the_same_model(name: str, tmp_path: Path) -> None:
    run = resumed(name, tmp_path)
    assert run.returncode == 0, run.stderr
    position = json.loads((FOLDER / name / "checkpoint.json").read_text())["position"]
    printed = [int(epoch) for epoch in re.findall(r"^epoch +(\d+) ", run.stderr, re.MULTILINE)]
    assert min(printed) >= position["epoch"], "it began again, and would end in the same model"
    model = TextClassifier.from_pretrained(tmp_path / "model")
    expected = [[answer["probabilities"][label] for label in model.classes_] for answer in EXPECTED[name]["answers"]]
    assert np.allclose(model.predict_proba(QUESTIONS), expected, atol=1e-4)


@pytest.mark.parametrize("name", REFUSED["checkpoint"])
def test_a_checkpoint_that_is_not_gone_on_from_is_refused_in_words_that_help(name: str, tmp_path: Path) -> None:
    refusal = resumed(name, tmp_path)
    assert refusal.returncode == 1
    assert all(words in refusal.stderr for words in EXPECTED[name]["refused"])
