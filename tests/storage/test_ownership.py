"""A folder of ours, changed in any way → refused by the name of what was changed, and left as it is."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.storage.test_atomic_folder import NEW, OLD, contents, made, refused
from unrolled.storage.atomic_folder import write_folder
from unrolled.storage.ownership import seen


def _folder(path: Path) -> None:
    path.mkdir()
    (path / "diary.txt").touch()


def _linked(path: Path) -> None:
    path.rename(path.parent.parent / path.name)
    path.symlink_to(path.parent.parent / path.name)


CHANGES: dict[str, tuple[str, Callable[[Path], object]]] = {
    "a thesis": ("thesis.docx", lambda path: path.write_bytes(b"years of work")),
    "an empty file": ("notes.txt", Path.touch),
    "a folder": ("notes", _folder),
    "a link": ("link", lambda path: path.symlink_to("/etc/passwd")),
    "a pipe": ("pipe", os.mkfifo),
    "an edited card": ("README.md", lambda path: path.write_text("# mine")),
    "an edited config": ("config.json", lambda path: path.write_text('{"version": 7}')),
    "edited weights of the same size": ("model.safetensors", lambda path: path.write_bytes(b"odd" * 1_000)),
    "a cut manifest": ("manifest.json", lambda path: path.write_bytes(path.read_bytes()[:-9])),
    "a manifest of others": ("manifest.json", lambda path: path.write_text('{"name": "an app"}')),
    "no manifest": ("manifest.json", Path.unlink),
    "weights that have a second name": ("model.safetensors", lambda path: os.link(path, path.parent.parent / "own")),
    "weights behind a link": ("model.safetensors", _linked),
    "a manifest behind a link": ("manifest.json", _linked),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_not_as_it_was_written_is_named_and_not_deleted_by_force(tmp_path: Path, change: str) -> None:
    target, (name, act) = made(tmp_path / "model"), CHANGES[change]
    act(target / name)
    before = seen(target)
    refused(target, name, force=True)
    (tmp_path / "link").symlink_to("model")
    refused(tmp_path / "link", name, force=True)
    assert seen(target) == before


def test_a_flat_folder_of_another_program_is_not_deleted_by_force(tmp_path: Path) -> None:
    for name in ("config.json", "pytorch_model.bin", "thesis.docx"):
        (tmp_path / name).write_text("{}")
    refused(tmp_path, "'config.json', 'pytorch_model.bin', 'thesis.docx'", force=True)


def test_what_its_user_moved_away_is_not_missed(tmp_path: Path) -> None:
    target = made(tmp_path / "model")
    (target / "README.md").unlink()
    write_folder(target, NEW, force=True)
    assert contents(target) == NEW


def test_a_card_that_an_older_manifest_does_not_name_is_refused_until_it_is_moved_away(tmp_path: Path) -> None:
    """Nobody can tell whether it was edited."""
    target = made(tmp_path / "model")
    content = json.loads(OLD["manifest.json"])
    assert content.pop("for_people")
    (target / "manifest.json").write_text(json.dumps(content))
    refused(target, r"README\.md", force=True)
    (target / "README.md").unlink()
    write_folder(target, NEW, force=True)
    assert contents(target) == NEW
