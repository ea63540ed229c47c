"""Model folders with every kind of damage → a FolderError of one line that names the file."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy

from tests.folders.valid import seal
from unrolled.errors import FolderError
from unrolled.model.weights import initialize
from unrolled.prediction import saved_model
from unrolled.prediction.text_model import TextModel
from unrolled.storage.config import Config
from unrolled.text.text_config import TextConfig
from unrolled.text.vocabulary import Vocabulary

WORDS = ("<unk>", *(f"w{number}" for number in range(12)))
CONFIG = Config("cnn", {"num_filters": 4}, TextConfig(embedding_dim=5), ("a", "b", "c"))
NAMES = ("config.json", "manifest.json", "model.safetensors", "vocabulary.json")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "whole"
    model = TextModel(CONFIG, Vocabulary(WORDS), initialize(CONFIG.network(len(WORDS)).weights(), 0))
    saved_model.save(folder, model, {})
    return folder


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "model"))


def refusal(folder: Path, *, with_checksum: bool = False) -> str:
    if with_checksum:
        seal(folder)
    with pytest.raises(FolderError) as raised:
        saved_model.load(folder)
    message = str(raised.value)
    assert message.isprintable()
    return message


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_is_missing_cut_prolonged_or_no_file_is_named(folder: Path, name: str) -> None:
    path = folder / name
    content = path.read_bytes()
    for damaged in (b"", content[: len(content) // 2], content[:-2], content + b"x", b"\xff" + content, b"[]", b"null"):
        path.write_bytes(damaged)
        assert refusal(folder).startswith(str(path))
    path.unlink()
    assert path.name in refusal(folder)
    (folder / "elsewhere").write_bytes(content)
    path.symlink_to(folder / "elsewhere")
    assert refusal(folder).startswith(str(path))
    path.unlink()
    path.mkdir()
    assert refusal(folder).startswith(str(path))
    path.rmdir()
    os.mkfifo(path)
    assert refusal(folder).startswith(str(path))


Arrays = dict[str, np.ndarray[Any, Any]]
BAD_TENSORS: dict[str, Callable[[Arrays], Arrays]] = {
    "missing": lambda arrays: {name: array for name, array in arrays.items() if name != "classifier.b"},
    "extra": lambda arrays: arrays | {"classifier.b2": arrays["classifier.b"]},
    "renamed": lambda arrays: {name.replace("tuned", "static"): array for name, array in arrays.items()},
    "transposed": lambda arrays: arrays | {"classifier.W": arrays["classifier.W"].T},
    "flat": lambda arrays: arrays | {"classifier.W": arrays["classifier.W"].ravel()},
    "a class more": lambda arrays: arrays | {"classifier.b": np.zeros(4, "f4")},
    "a word fewer": lambda arrays: arrays | {"embeddings.tuned": arrays["embeddings.tuned"][:-1]},
    "64 bits": lambda arrays: arrays | {"classifier.b": np.zeros(3)},
    "NaN": lambda arrays: arrays | {"classifier.b": np.array([0, np.nan, 0], "f4")},
    "infinite": lambda arrays: arrays | {"embeddings.tuned": np.full((len(WORDS), 5), -np.inf, "f4")},
    "none": lambda _: {},
}


@pytest.mark.parametrize("bad", BAD_TENSORS)
def test_tensors_other_than_the_configs_are_refused(folder: Path, bad: str) -> None:
    path = folder / "model.safetensors"
    arrays = BAD_TENSORS[bad](safetensors.numpy.load_file(path))
    path.write_bytes(safetensors.numpy.save({name: np.ascontiguousarray(array) for name, array in arrays.items()}))
    assert refusal(folder, with_checksum=True).startswith(f"{path}, tensor '")


BAD_WORDS: dict[str, Any] = {
    "none": [],
    "no unknown word": WORDS[1:],
    "unknown word second": (WORDS[1], WORDS[0], *WORDS[2:]),
    "doubled": (*WORDS[:-1], WORDS[1]),
    "an empty word": (*WORDS[:-1], ""),
    "a number": (*WORDS[:-1], 7),
    "null": None,
    "an object": dict.fromkeys(WORDS, 0),
    "a text": "<unk>",
    "nested": [WORDS],
}


@pytest.mark.parametrize("bad", BAD_WORDS)
def test_a_vocabulary_that_is_no_list_of_distinct_words_after_unk_is_refused(folder: Path, bad: str) -> None:
    (folder / "vocabulary.json").write_text(json.dumps(BAD_WORDS[bad]))
    assert "the manifest lists" in refusal(folder)
    assert refusal(folder, with_checksum=True).startswith(str(folder / "vocabulary.json"))


@pytest.mark.parametrize("words", [WORDS[:-1], WORDS[:1], (*WORDS, "one more")], ids=len)
def test_a_vocabulary_of_another_length_than_the_tensors_is_refused(folder: Path, words: tuple[str, ...]) -> None:
    (folder / "vocabulary.json").write_text(json.dumps(words))
    assert f"'embeddings.tuned': expected shape [{len(words)}, 5], got shape [{len(WORDS)}, 5]" in refusal(
        folder, with_checksum=True
    )


@pytest.mark.parametrize("labels", [["x", "y"], ["x", "y", "z", "one more"]], ids=len)
def test_labels_of_another_number_than_the_tensors_are_refused(folder: Path, labels: list[str]) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"labels": labels}))
    assert "tensor 'classifier." in refusal(folder, with_checksum=True)


@pytest.mark.parametrize("name", ["nothing", "a file", "empty", "a\nbreak", "x" * 300, "x" * 250, "dangling"])
def test_a_path_without_a_model_is_refused_and_named(name: str, tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("{}")
    (tmp_path / "empty").mkdir()
    (tmp_path / "dangling").symlink_to(tmp_path / "nothing")
    assert refusal(tmp_path / name).startswith(str(tmp_path / name.split("\n")[0]))
