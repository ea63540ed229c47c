"""Every command that writes: a place that is taken or closed → told early, nothing is touched; JSON → one line."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.each import each
from tests.laws.commands.found import WITH_JSON, WITH_OUTPUT, options


def snapshot(folder: Path) -> dict[str, bytes | None]:
    return {str(path): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


@pytest.mark.parametrize("name", WITH_OUTPUT)
def test_what_is_there_is_only_overwritten_by_force(
    unrolled: Callable[..., Any], words: Callable[..., list[str]], name: str, tmp_path: Path
) -> None:
    """What is there is full for a command that writes a file, a folder, or a folder named `model` within it."""
    assert any("--force" in option.opts for option in options(name))
    full = tmp_path / "full"
    (full / "model").mkdir(parents=True)
    (full / "model" / "config.json").write_text("years of work")
    before = snapshot(tmp_path)
    told = unrolled(*words(name), "-o", full).error()
    never = ("a folder with other content", "a folder, not a file")
    assert "--force" in told or any(part in told for part in never), "what isn't ours is not overwritten at all"
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize(
    "place", ["here/model", "a file/out", "/proc/out", "locked/out", "n" * 300], ids=lambda place: place[:12]
)
@pytest.mark.parametrize("name", WITH_OUTPUT)
def test_a_place_that_cannot_be_written_is_told_before_the_work(
    unrolled: Callable[..., Any],
    words: Callable[..., list[str]],
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
) -> None:
    """`here/model` is a file where only a folder will do for a model, and a file with content for answers."""
    no_pip = SimpleNamespace(run=lambda *_, **__: pytest.fail("the demo installed its data"))
    monkeypatch.setattr("unrolled.cli.demonstration.subprocess", no_pip)
    (tmp_path / "here").mkdir()
    for file in ("here/model", "a file"):
        (tmp_path / file).write_text("years of work")
    (tmp_path / "locked").mkdir(mode=0o555)
    if place == "locked/out" and os.access(tmp_path / "locked", os.W_OK):
        pytest.skip("this user may write anywhere")
    output = tmp_path / ("here" if name == "demo" and place == "here/model" else place)
    before = snapshot(tmp_path)
    done = unrolled(*words(name), "-o", output)
    assert done.error()
    assert "epoch" not in done.err
    assert snapshot(tmp_path) == before


@each("name", WITH_JSON)
def test_json_is_one_object_on_one_line(
    unrolled: Callable[..., Any], words: Callable[..., list[str]], name: str
) -> None:
    (found,) = unrolled(*words(name), "--json").answers
    assert isinstance(found, dict)
    assert unrolled(*words(name)).out.splitlines()[1:], "without --json it is for a reader"
