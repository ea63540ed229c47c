"""A language model ↔ its folder: the same function, the same bytes, and clear words for any other folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.folders.valid import seal
from unrolled.errors import DataError, FolderError
from unrolled.language_models.saved_language_model import load, save
from unrolled.prediction import saved_model

LINES = ["I love apples", "you like zebras", "", "I like apples </s> I"]


def test_a_model_that_was_saved_is_the_same_function(model: Any, tmp_path: Path) -> None:
    save(tmp_path / "lm", model, {})
    loaded = load(tmp_path / "lm")
    assert loaded.config.as_json() == model.config.as_json()
    assert [loaded.score(line) for line in LINES] == [model.score(line) for line in LINES]
    assert loaded.next_words("I love", 9) == model.next_words("I love", 9)
    save(tmp_path / "again", loaded, {})
    first, second = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("lm", "again"))
    assert first == second


@pytest.mark.parametrize("room", [-1, 0])
def test_no_longer_vocabulary_is_written_than_is_read(
    model: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    save(tmp_path / "lm", model, {})
    size = (tmp_path / "lm" / "vocabulary.json").stat().st_size
    monkeypatch.setattr(saved_model, "LARGEST_VOCABULARY", size + room)
    if room == 0:
        save(tmp_path / "lm", load(tmp_path / "lm"), {}, force=True)
        return
    with pytest.raises(DataError, match="min_count"):
        save(tmp_path / "lm", model, {}, force=True)
    with pytest.raises(FolderError, match="bytes"):
        load(tmp_path / "lm")


def test_the_folder_holds_what_it_promises(model: Any, tmp_path: Path) -> None:
    save(tmp_path / "lm", model, {"training.json": b"{}\n"})
    weights = "model.safetensors" if model.config.model == "window" else "counts.txt"
    assert {path.name for path in (tmp_path / "lm").iterdir()} == {
        "config.json",
        "manifest.json",
        "vocabulary.json",
        "training.json",
        weights,
    }
    with pytest.raises(FolderError, match="--force"):
        save(tmp_path / "lm", model, {})
    save(tmp_path / "lm", model, {}, force=True)


@pytest.mark.parametrize("name", ["config.json", "vocabulary.json", "weights"])
@pytest.mark.parametrize("content", [None, b"", b"[]\n", b"{}\n", b'["<unk>", "I"]\n'])
def test_a_damaged_folder_is_told_by_its_file(model: Any, tmp_path: Path, name: str, content: bytes | None) -> None:
    save(tmp_path / "lm", model, {})
    kept = "model.safetensors" if model.config.model == "window" else "counts.txt"
    path = tmp_path / "lm" / (kept if name == "weights" else name)
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FolderError, match=path.name.replace(".", r"\.")):
        load(tmp_path / "lm")


def test_a_vocabulary_of_other_size_is_told(model: Any, tmp_path: Path) -> None:
    save(tmp_path / "lm", model, {})
    (tmp_path / "lm" / "vocabulary.json").write_bytes(b'["<unk>", "</s>", "i"]\n')
    with pytest.raises(FolderError, match="the manifest lists"):
        load(tmp_path / "lm")
    seal(tmp_path / "lm")
    with pytest.raises(FolderError, match=r"expected shape|a number that can't be"):
        load(tmp_path / "lm")


@pytest.mark.parametrize("path", ["nowhere", "a\0b", "n" * 300])
def test_a_missing_folder_is_told_with_what_writes_one(tmp_path: Path, path: str) -> None:
    with pytest.raises(FolderError, match="unrolled lm train"):
        load(tmp_path / path)


def test_a_language_model_s_folder_is_no_classifier(model: Any, tmp_path: Path) -> None:
    save(tmp_path / "lm", model, {})
    with pytest.raises(FolderError, match=r"a language model, not a classifier"):
        saved_model.load(tmp_path / "lm")


def test_a_classifier_s_folder_is_no_language_model(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"format_version": 1, "encoder": "cnn"}')
    seal(tmp_path)
    with pytest.raises(FolderError, match=r"a classifier, not a language model"):
        load(tmp_path)
