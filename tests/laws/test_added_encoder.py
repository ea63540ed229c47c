"""The encoder of docs/adding-an-encoder.md, a file in a folder that is searched or a class from outside → it works."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.guide_encoder import CLASS, EQUATION, USE, Total, equation
from unrolled import TextClassifier
from unrolled.encoder_laws.report import check_encoder
from unrolled.model import encoders
from unrolled.model.encoder import Encoder
from unrolled.model.registry import EncoderChoice, encoder_names, make_encoder

VECTORS = np.arange(12.0).reshape(4, 3)
IDS, LENGTHS = np.array([[0, 1, 3], [2, 9, 9]]), np.array([3, 1])
TEXTS, LABELS = ["good film", "bad film", "good fun", "bad fun"] * 5, ["yes", "no"] * 10


@pytest.fixture
def added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of the encoder that was added to the package as a file."""
    (tmp_path / "added").mkdir()
    (tmp_path / "added" / "total.py").write_text(CLASS)
    monkeypatch.setattr(encoders, "__path__", [*encoders.__path__, str(tmp_path / "added")])
    yield "total"
    sys.modules.pop(f"{encoders.__name__}.total", None)


@pytest.fixture(params=["file", "class"])
def choice(request: pytest.FixtureRequest) -> Any:
    """The encoder as a file that was added, or as a class."""
    return request.getfixturevalue("added") if request.param == "file" else Total


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("kind", [np.asarray, torch.tensor])
def test_it_encodes_in_either_precision(choice: EncoderChoice, kind: Callable[..., Any], dtype: str) -> None:
    total = make_encoder(choice, 3, {"scale": 2.0})
    found = total.encode({}, total.project_tokens({}, kind(VECTORS.astype(dtype))), IDS, LENGTHS)
    assert np.asarray(found).dtype == dtype
    assert np.asarray(found).tolist() == (2 * np.stack([VECTORS[[0, 1, 3]].sum(0), VECTORS[2]])).tolist()
    assert not [name for name in dir(Encoder) if not name.startswith("_") and not hasattr(total, name)]


def test_it_keeps_every_law(choice: EncoderChoice) -> None:
    broken = check_encoder(choice, equation)
    assert len(broken) == 9
    assert not any(broken.values()), broken


# A process of its own: a command's options are made when it is imported.
COMMAND = """
import sys
from unrolled.model import encoders
encoders.__path__.append(sys.argv.pop(1))
from unrolled.cli.app import main
main()
"""


def test_adding_an_encoder_is_adding_a_file(added: str, tmp_path: Path) -> None:
    assert added in encoder_names()
    rows = [f"{text},{label}\n" for text, label in zip(TEXTS, LABELS, strict=True)]
    (tmp_path / "t.csv").write_text("text,label\n" + "".join(rows))

    def train(output: str, scale: int) -> int:
        words = ["train", "t.csv", "-o", output, "--encoder", added, "--scale", str(scale), "--max-epochs", "1"]
        command = [sys.executable, "-c", COMMAND, str(tmp_path / "added"), *words]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode

    assert train("model", 2) == 0
    assert train("never", 0) == 2
    assert json.loads((tmp_path / "model" / "config.json").read_text())["encoder_options"] == {"scale": 2.0}
    assert TextClassifier.from_pretrained(tmp_path / "model").predict(TEXTS).shape == (20,)


@pytest.mark.torture
def test_the_guide_s_own_project_runs(tmp_path: Path) -> None:
    (tmp_path / "my_encoder.py").write_text(f"{CLASS}\n\n{EQUATION}")
    code = (
        f"texts, labels = {TEXTS}, {LABELS}\n{USE}\nassert (loaded.predict(texts) == classifier.predict(texts)).all()"
    )
    laws = ["-m", "unrolled.encoder_laws", "my_encoder:Total", "--equation", "my_encoder:equation"]
    for words in (["-c", code], laws):
        done = subprocess.run([sys.executable, "-W", "error", *words], capture_output=True, text=True, cwd=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
    assert [line.split()[1] for line in done.stdout.splitlines()] == ["holds"] * 9


def test_a_class_and_an_object_train_the_same_as_a_file(added: str) -> None:
    scale: dict[str, Any] = {"scale": 2.0}
    chosen: Any = ((added, scale), (Total, scale), (Total(scale=2.0), {}))
    models = [TextClassifier(encoder, embedding_dim=4, max_epochs=2, **options) for encoder, options in chosen]
    found = [model.fit(TEXTS, LABELS).predict_proba(TEXTS).tobytes() for model in models]
    assert found[0] == found[1] == found[2]
