"""Every input that any command is found to have → never written over, by whatever name, and refused before it is read.

Whether an option names an input is found out by naming nothing there.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.laws.commands.found import DATA, NAMES, WITH_OUTPUT, arguments, made, options
from tests.laws.commands.test_outputs import snapshot
from unrolled.cli.options import READ
from unrolled.storage import overwriting

MODELS = ("MODEL", "LM")
_opened: set[str] = set()


def _note(event: str, given: tuple[Any, ...]) -> None:
    if event in ("open", "os.listdir", "os.scandir") and isinstance(given[0], str | Path):
        _opened.add(os.path.realpath(given[0]))


sys.addaudithook(_note)


@contextmanager
def unread(place: Path) -> Iterator[None]:
    """Prove that nothing at the place or in it is opened in the block, and that all stays as it is."""
    before = snapshot(place.parent)
    _opened.clear()
    yield
    real = os.path.realpath(place)
    assert not [name for name in _opened if name == real or name.startswith(f"{real}{os.sep}")]
    assert snapshot(place.parent) == before


def named(name: str, parameter: Any, value: object, words: Callable[..., list[str]]) -> list[str]:
    """Call a command with this value of one of its parameters."""
    if parameter.param_type_name == "argument":
        return words(name, **{parameter.metavar: str(value)})
    given = words(name)
    return [*given, parameter.opts[0], str(value)]


def marked(name: str) -> list[Any]:
    return [parameter for parameter in made(name).params if getattr(parameter.type, "func", None) in READ]


@pytest.mark.parametrize("name", NAMES)
def test_every_input_is_marked_as_one(
    unrolled: Callable[..., Any], words: Callable[..., list[str]], name: str, tmp_path: Path
) -> None:
    nowhere, found = tmp_path / "nowhere.csv", []
    for parameter in [*arguments(name), *options(name)]:
        if getattr(parameter, "is_flag", False) or "-o" in parameter.opts or parameter.metavar in ("WORDS", "PART"):
            continue
        done = unrolled(*named(name, parameter, nowhere, words))
        if f"Error: {nowhere}: " in done.err:
            found.append(parameter.name)
    assert found == [parameter.name for parameter in marked(name)]


@pytest.fixture
def place_of(model: Path, language_model: Path, train_csv: Path, tmp_path: Path) -> Callable[[str], Path]:
    """How to make an input of a kind, in a folder of its own."""

    def made(kind: str) -> Path:
        place = tmp_path / "in" / ("model" if kind in MODELS else "data.csv")
        place.parent.mkdir(exist_ok=True)
        if kind in MODELS:
            shutil.copytree(language_model if kind == "LM" else model, place, dirs_exist_ok=True)
        else:
            shutil.copy(train_csv, place)
        return place

    return made


def other_names(place: Path, folder: Path) -> Iterator[str | Path]:
    """List names of the same thing, and of what is in it or around it."""
    yield from (place, os.path.relpath(place), f"{place.parent}/./{place.name}", place.parent)
    (folder / "link").unlink(missing_ok=True)
    (folder / "link").symlink_to(place)
    yield folder / "link"
    if place.is_dir():
        yield from (place / "config.json", place / "new" / "deeper")
    else:
        (folder / "hard").unlink(missing_ok=True)
        os.link(place, folder / "hard")
        yield folder / "hard"


@pytest.mark.parametrize("name", WITH_OUTPUT)
def test_nothing_is_written_over_what_is_read(
    unrolled: Callable[..., Any],
    words: Callable[..., list[str]],
    place_of: Callable[[str], Path],
    name: str,
    tmp_path: Path,
) -> None:
    for parameter in marked(name):
        place = place_of(parameter.metavar)
        for other in other_names(place, tmp_path):
            with unread(place):
                told = unrolled(*named(name, parameter, place, words), "-o", other, "--force").error(2)
            assert f"reads '{place}'" in told, parameter.name


@pytest.mark.parametrize("form", overwriting.COMPANIONS)
@pytest.mark.parametrize("name", WITH_OUTPUT)
def test_nor_over_what_is_read_by_what_is_written_on_the_way(
    unrolled: Callable[..., Any],
    words: Callable[..., list[str]],
    train_csv: Path,
    name: str,
    form: str,
    tmp_path: Path,
) -> None:
    for parameter in marked(name):
        if parameter.metavar in (*DATA, "FILE"):
            place = shutil.copy(train_csv, tmp_path / form.format("out"))
            done = unrolled(*named(name, parameter, place, words), "-o", tmp_path / "out", "--force")
            assert "would change" in done.error(2)


@pytest.mark.parametrize("name", [name for name in NAMES if marked(name)])
def test_a_file_is_not_read_while_the_output_is_redirected_to_it(
    unrolled: Callable[..., Any],
    words: Callable[..., list[str]],
    place_of: Callable[[str], Path],
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = place_of("FILE")
    for parameter in marked(name):
        if parameter.metavar not in MODELS:
            with place.open("a") as file:
                monkeypatch.setattr(overwriting, "STANDARD_OUTPUTS", (file.fileno(),))
                with unread(place):
                    assert "redirected" in unrolled(*named(name, parameter, place, words)).error(2)


@pytest.mark.parametrize("name", WITH_OUTPUT)
def test_standard_input_is_known_by_the_file_that_it_is(
    unrolled: Callable[..., Any],
    words: Callable[..., list[str]],
    place_of: Callable[[str], Path],
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = place_of("FILE")
    with place.open() as file:
        monkeypatch.setattr(overwriting, "STANDARD_INPUT", file.fileno())
        for parameter in marked(name):
            if parameter.metavar not in MODELS:
                for other in (place, place.parent):
                    told = unrolled(*named(name, parameter, "-", words), "-o", other, "--force").error(2)
                    assert "reads 'standard input'" in told
