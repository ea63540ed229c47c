"""A comparison's folder, changed in any way → refused by the name of what was changed; else deleted, and only that."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.folders.valid import write_valid
from unrolled.comparison import own_files
from unrolled.comparison.own_files import clear, reject_foreign
from unrolled.errors import FolderError
from unrolled.storage import strict_json
from unrolled.storage.atomic_file import write_file
from unrolled.storage.older_output import with_checksum

MODEL, RUN = "models/logistic.seed-0", "runs/logistic.seed-0.part-0.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A comparison of one model, with what killed processes left in it."""
    folder = tmp_path / "runs"  # a name that a folder inside has too
    write_valid(folder / MODEL, "logistic")
    write_file(folder / RUN, strict_json.with_checksum({"run_sha256": "12ab", "history": [], "ä": 0.1}))
    write_file(folder / "compare.json", strict_json.with_checksum({"best": "logistic"}))
    write_file(folder / "compare.html", with_checksum("<p>ä</p>\n<!-- sha256 of nothing -->\n").encode())
    half = folder / "models" / ".cnn.seed-0.999999999-01234567.partial"
    half.mkdir()
    (half / "manifest.json").write_text('{"format')
    for name in (".compare.html.999999999.partial", "runs/.a.seed-0.part-0.json.999999999.partial"):
        (folder / name).write_text("half")
    return folder


def everything(folder: Path) -> dict[str, bytes | None]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def test_what_comparisons_wrote_is_deleted(folder: Path) -> None:
    reject_foreign(folder)
    clear(folder)
    assert everything(folder) == {}


def linked(path: Path) -> None:
    path.rename(path.parents[2] / path.name)
    path.symlink_to(path.parents[2] / path.name)


def full(path: Path) -> None:
    path.mkdir()
    (path / "thesis.docx").touch()


def edited(path: Path) -> None:
    path.write_bytes(
        path.read_bytes().replace(b"logistic", b"Logistic").replace(b"0.1", b"0.2").replace(b"<p>", b"<b>")
    )


CHANGES: dict[str, tuple[str, Callable[[Path], Any]]] = {
    "a file": ("thesis.docx", lambda path: path.write_bytes(b"years of work")),
    "a folder": ("notes", Path.mkdir),
    "a link": ("link", lambda path: path.symlink_to("/etc/passwd")),
    "a file among models": ("models/notes.txt", Path.touch),
    "a folder among models": ("models/mine", full),
    "a link among models": ("models/mine", lambda path: path.symlink_to(path.parent.parent)),
    "a file in a model": (f"{MODEL}/thesis.docx", Path.touch),
    "an edited card": (f"{MODEL}/README.md", lambda path: path.write_text("mine")),
    "a file among runs": ("runs/notes.txt", Path.touch),
    "json among runs": ("runs/notes.json", lambda path: path.write_text("{}")),
    "a folder among runs": ("runs/old.json", Path.mkdir),
    "an edited run": (RUN, edited),
    "an edited table": ("compare.json", edited),
    "an edited page": ("compare.html", edited),
    "a page that goes on": ("compare.html", lambda path: path.write_bytes(path.read_bytes() + b"\n")),
    "a page of others": ("compare.html", lambda path: path.write_text("<p>mine</p>")),
    "a page behind a link": ("compare.html", linked),
    "a table of two names": ("compare.json", lambda path: os.link(path, path.parent.parent / "own")),
    "models behind a link": ("models", linked),
    "a file in place of runs": ("runs", lambda path: [path.rename(path.parents[1] / "old"), path.write_text("mine")]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_not_as_it_was_written_is_named_and_nothing_is_deleted(folder: Path, change: str) -> None:
    name, act = CHANGES[change]
    act(folder / name)
    before = everything(folder)
    for refuse in (reject_foreign, clear):
        with pytest.raises(FolderError) as raised:
            refuse(folder)
        assert str(folder / name) in f"{raised.value}/"
        assert str(raised.value).isprintable()
    assert everything(folder) == before


def test_what_appears_in_the_last_moment_stays(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check = own_files.reject_foreign

    def check_and_write(folder: Path) -> None:
        check(folder)
        for place in (MODEL, "runs"):
            (folder / place / "thesis.docx").touch()

    monkeypatch.setattr(own_files, "reject_foreign", check_and_write)
    with pytest.raises(FolderError, match=r"thesis\.docx"):
        clear(folder)
    assert {f"{MODEL}/thesis.docx", f"{MODEL}/config.json", "runs/thesis.docx"} <= set(everything(folder))


@pytest.mark.parametrize("words", [["--force"], ["--resume"]], ids=str)
def test_it_is_refused_before_any_text_is_read(
    unrolled: Callable[..., Any], folder: Path, tmp_path: Path, words: list[str]
) -> None:
    (folder / MODEL / "README.md").write_text("mine")
    (tmp_path / "link").symlink_to(folder)
    for output in (folder, tmp_path / "link"):
        done = unrolled("compare", "nowhere.csv", "-o", output, "--model", "logistic", *words)
        assert "README.md" in done.error()
