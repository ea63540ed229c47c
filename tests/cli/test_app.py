"""Words of a command line → the command that is run, and the exit code that says how it ended."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer

from tests.each import each
from unrolled.cli import app, commands
from unrolled.errors import DataError, FolderError, MissingExtraError, SettingError, TrainingError, UnrolledError

KINDS = [SettingError, DataError, FolderError, TrainingError, MissingExtraError, UnrolledError]


@pytest.fixture
def as_command(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[..., None]], None]:
    """How to let `unrolled doctor` run a function of the test's own."""

    def put(function: Callable[..., None]) -> None:
        real = importlib.import_module

        def imported(name: str, *more: Any) -> Any:
            return SimpleNamespace(command=function) if name == "unrolled.cli.commands.doctor" else real(name, *more)

        monkeypatch.setattr(importlib, "import_module", imported)

    return put


def test_every_file_of_the_folder_is_a_command_and_every_folder_in_it_a_group() -> None:
    (folder,) = map(Path, commands.__path__)
    groups = {path.parent.name for path in folder.glob("*/__init__.py")}
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert app.command_names() == sorted(name.replace("_", "-") for name in files | groups)
    assert {"train", "evaluate", "predict", "demo", "doctor"} <= files
    assert "lm" in groups
    for name in groups:
        group = importlib.import_module(f"{commands.__name__}.{name}")
        inside = {path.stem for path in (folder / name).glob("*.py")} - {"__init__"}
        assert app.command_names(group) == sorted(inside)


def test_the_version_is_the_package_s(unrolled: Callable[..., Any]) -> None:
    done = unrolled("--version")
    assert (done.code, done.out, done.err) == (0, f"unrolled {version('unrolled')}\n", "")


def test_without_words_the_help_is_shown(unrolled: Callable[..., Any]) -> None:
    done = unrolled()
    assert done.code == 2
    assert all(name in done.out + done.err for name in app.command_names())


@pytest.mark.parametrize("words", [["trian"], ["--frob"], ["help"], ["Train"]])
def test_what_is_no_command_is_wrong_usage(unrolled: Callable[..., Any], words: list[str]) -> None:
    done = unrolled(*words)
    assert (done.code, done.out) == (2, "")
    assert words[0] in done.err


@each("kind", KINDS)
def test_a_told_error_is_one_line_and_its_kind_decides_the_exit_code(
    unrolled: Callable[..., Any], as_command: Any, kind: type[UnrolledError]
) -> None:
    def fail() -> None:
        raise kind("this is a folder\nof two lines", "Give a file.", where="here")

    as_command(fail)
    line = "Error: here: this is a folder\\x0aof two lines. Give a file."
    assert unrolled("doctor").error(2 if kind is SettingError else 1) == line


def test_a_command_that_ends_well_exits_0_and_one_that_exits_is_obeyed(
    unrolled: Callable[..., Any], as_command: Any
) -> None:
    as_command(lambda: None)
    assert unrolled("doctor").code == 0

    def leave() -> None:
        raise typer.Exit(7)

    as_command(leave)
    assert unrolled("doctor").code == 7


def test_a_mistake_of_the_program_itself_is_not_hidden(unrolled: Callable[..., Any], as_command: Any) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    as_command(fail)
    with pytest.raises(ZeroDivisionError):
        unrolled("doctor")


def test_a_command_is_told_when_it_began(unrolled: Callable[..., Any], as_command: Any) -> None:
    told: list[float] = []

    def note(ctx: typer.Context) -> None:
        told.append(ctx.obj)

    as_command(note)
    before = time.monotonic()
    unrolled("doctor")
    assert before <= told[0] <= time.monotonic()


def test_a_command_s_file_is_imported_when_it_is_asked_for_and_no_other(tmp_path: Path) -> None:
    code = (
        "import sys; from unrolled.cli.app import main\n"
        "for words in (['--version'], ['doctor', '--help'], ['lm', 'next', '--help']):\n"
        "    sys.argv = ['unrolled', *words]\n"
        "    try: main()\n"
        "    except SystemExit: pass\n"
        "    names = sorted(name for name in sys.modules if name.startswith('unrolled.cli.commands.'))\n"
        "    print(*names, file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    lines = done.stderr.splitlines()
    first, second, third = ([name.removeprefix("unrolled.cli.commands.") for name in line.split()] for line in lines)
    assert (first, second, third) == ([], ["doctor"], ["doctor", "lm", "lm.next"])


@each(
    ("closed", "words", "code", "told"),
    [
        (1, ["predict", "MODEL", "DATA"], 1, "a closed one"),
        (1, ["check", "DATA"], 1, "a closed one"),
        (1, ["evaluate", "MODEL", "DATA"], 1, "a closed one"),
        (0, ["predict", "MODEL", "-"], 1, "standard input: can't read it: a closed stream"),
        (2, ["predict", "MODEL", "DATA"], 0, ""),
    ],
)
def test_a_standard_stream_that_is_closed_is_told(
    model: Path, train_csv: Path, closed: int, words: list[str], code: int, told: str
) -> None:
    given = [{"MODEL": str(model), "DATA": str(train_csv)}.get(word, word) for word in words]
    command = ["bash", "-c", f'exec "$@" {closed}>&-', "bash", sys.executable, "-m", "unrolled", *given]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == code, done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert bool(done.stdout) == (closed == 2)


@pytest.mark.parametrize("words", [["train", "DATA", "-o", "MODEL"], ["check", "DATA", "-o", "MODEL"]], ids=str)
def test_names_of_files_that_are_no_utf_8_are_shown_by_codes(train_csv: Path, tmp_path: Path, words: list[str]) -> None:
    name = os.fsdecode(b"\xff.csv")
    shutil.copy(train_csv, tmp_path / name)
    quick = ["--encoder", "average", "--max-epochs", "1"] if words[0] == "train" else []
    given = [{"DATA": name, "MODEL": os.fsdecode(b"out\xff")}.get(word, word) for word in words]
    command = [sys.executable, "-m", "unrolled", *given, *quick]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "\\udcff" in done.stderr or "\\xff" in done.stderr


@pytest.mark.parametrize(
    ("words", "step"),
    [
        (["doctor"], "--embedding-dim"),
        (["predict", "m"], "--max-row-length"),
        (["evaluate", "m", "d"], "--max-row-length"),
        (["lm", "score", "m", "c"], "--max-row-length"),
        (["lm", "train", "c"], "--embedding-dim"),
    ],
    ids=str,
)
def test_too_little_memory_is_told_with_what_the_command_itself_can_do(
    unrolled: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, words: list[str], step: str
) -> None:
    def fail(**_: Any) -> None:
        raise MemoryError("12 bytes")

    monkeypatch.setattr(app, "application", fail)
    told = unrolled(*words).error()
    assert "12 bytes" in told
    assert step in told


def test_ctrl_c_while_the_program_is_imported_ends_it_quietly(tmp_path: Path) -> None:
    """A module of typer's name stands for any that takes long to import."""
    (tmp_path / "typer.py").write_text("import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(60)\n")
    paths = os.pathsep.join([str(tmp_path), *sys.path])
    done = subprocess.run(
        [sys.executable, "-m", "unrolled", "--help"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
