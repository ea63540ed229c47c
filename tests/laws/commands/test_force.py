"""Every command that writes, with --force, at what isn't an output of its own, or was edited → named, and untouched."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.laws.commands.found import WITH_OUTPUT
from tests.laws.commands.test_outputs import snapshot
from unrolled import TextClassifier
from unrolled.errors import FolderError
from unrolled.language_models import saved_language_model


def of_another_tool(place: Path, model: Path) -> str:
    place.mkdir()
    for name in ("config.json", "pytorch_model.bin", "thesis.docx"):
        (place / name).write_text("years of work")
    return "thesis.docx"


def with_notes(place: Path, model: Path) -> str:
    shutil.copytree(model, place)
    (place / "notes.txt").touch()
    return "notes.txt"


def with_an_edited_card(place: Path, model: Path) -> str:
    shutil.copytree(model, place)
    (place / "README.md").write_text("mine")
    return "README.md"


def with_a_second_name(place: Path, model: Path) -> str:
    shutil.copytree(model, place)
    os.link(place / "vocabulary.json", place.with_name("own.json"))
    return "vocabulary.json"


KINDS = (of_another_tool, with_notes, with_an_edited_card, with_a_second_name)


@pytest.mark.parametrize("make", KINDS)
@pytest.mark.parametrize("name", WITH_OUTPUT)
def test_a_folder_that_is_not_as_unrolled_wrote_it_is_named_before_the_work_and_untouched(
    unrolled: Callable[..., Any],
    words: Callable[..., list[str]],
    model: Path,
    tmp_path: Path,
    name: str,
    make: Callable[[Path, Path], str],
) -> None:
    """Where the demo puts its model too: in a folder of that name."""
    (tmp_path / "here").mkdir()
    named = make(tmp_path / "here" / "model", model)
    output = tmp_path / "here" if name == "demo" else tmp_path / "here" / "model"
    (tmp_path / "link").symlink_to(output)
    before = snapshot(tmp_path)
    for place in (output, tmp_path / "link"):
        done = unrolled(*words(name), "-o", place, "--force")
        assert done.code, done.out
        assert "epoch" not in done.err
        writes_a_file = "a folder" in done.error(done.code) and "a file" in done.error(done.code)
        assert named in done.err or writes_a_file or (name == "compare" and "no comparison wrote" in done.err)
        assert snapshot(tmp_path) == before


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".html", ".svg", ""])
@pytest.mark.parametrize("name", WITH_OUTPUT)
def test_a_file_of_others_is_untouched(
    unrolled: Callable[..., Any], words: Callable[..., list[str]], tmp_path: Path, name: str, suffix: str
) -> None:
    (tmp_path / f"mine{suffix}").write_text("years of work")
    (tmp_path / f"link{suffix}").symlink_to(f"mine{suffix}")
    before = snapshot(tmp_path)
    for place in (tmp_path / f"mine{suffix}", tmp_path / f"link{suffix}"):
        done = unrolled(*words(name), "-o", place, "--force")
        assert done.code, done.out
        assert done.error(done.code)
        assert snapshot(tmp_path) == before


@pytest.mark.parametrize("make", KINDS)
def test_python_is_told_the_same(model: Path, language_model: Path, tmp_path: Path, make: Any) -> None:
    named = make(tmp_path / "place", model)
    before = snapshot(tmp_path)
    with pytest.raises(FolderError, match=named):
        TextClassifier.from_pretrained(model).save_pretrained(tmp_path / "place", force=True)
    with pytest.raises(FolderError, match=named):
        saved_language_model.save(tmp_path / "place", saved_language_model.load(language_model), {}, force=True)
    assert snapshot(tmp_path) == before
