"""Wrong texts, damaged folders and places that can't be written → one line that says so, and nothing half done."""

from __future__ import annotations

import errno
import gzip
import io
import json
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from tests.each import each


@pytest.fixture
def copied(model: Path, tmp_path: Path) -> Path:
    """A copy of the model folder, to be damaged."""
    return shutil.copytree(model, tmp_path / "model")


@pytest.fixture
def predict(unrolled: Callable[..., Any], model: Path) -> Callable[..., Any]:
    """How to run `predict` with the trained model."""
    return lambda *words, **more: unrolled("predict", model, *words, **more)


@each(
    ("words", "code", "part"),
    [
        (["nowhere.csv"], 1, "nowhere.csv"),
        (["TEXTS", "--text-column", "txet"], 1, "Did you mean 'text'?"),
        (["TEXTS", "--keep-columns", "idd"], 1, "Did you mean 'id'?"),
        (["TEXTS", "--keep-columns", "idd", "--output-format", "csv"], 1, "Did you mean 'id'?"),
        (["TEXTS", "--keep-columns", "Text"], 1, "Did you mean 'text'?"),
        (["TEXTS", "-o", "."], 1, "this is a folder, not a file"),
        (["TEXTS", "--format", "parkay"], 2, "'parkay'"),
        (["-", "--format", "csv"], 1, "the file is empty"),
        (["-", "--format", "folder"], 1, "standard input"),
    ],
)
def test_a_mistake_is_told_in_one_line(
    predict: Callable[..., Any], train_csv: Path, words: list[str], code: int, part: str
) -> None:
    assert part in predict(*(str(train_csv) if word == "TEXTS" else word for word in words)).error(code)


@pytest.mark.parametrize(("lines", "code"), [(b"1\n[]\n", 1), (b'1\n{"text": "fine"}\n', 0)])
def test_where_no_row_was_answered_nothing_was_done(predict: Callable[..., Any], lines: bytes, code: int) -> None:
    done = predict("-", "--format", "jsonl", stdin=lines)
    assert (done.code, len(done.out.splitlines())) == (code, 2), done.err
    assert ("2 rows couldn't be read" in done.err) == (code == 1)


@pytest.mark.parametrize(
    ("option", "value"),
    [("--top-k", "0"), ("--min-probability", "2"), ("--min-probability", "nan"), ("--output-format", "xml")],
)
def test_an_impossible_value_is_wrong_usage(
    predict: Callable[..., Any], train_csv: Path, option: str, value: str
) -> None:
    done = predict(train_csv, option, value)
    assert (done.code, done.out) == (2, "")
    assert option in done.err


@pytest.mark.parametrize("command", ["predict", "evaluate"])
@pytest.mark.parametrize(
    "name", ["missing", "n" * 255, "n" * 300, "a file", "a file/model", "empty"], ids=lambda n: n[:12]
)
def test_what_is_no_model_folder_is_told(
    unrolled: Callable[..., Any], tmp_path: Path, train_csv: Path, command: str, name: str
) -> None:
    (tmp_path / "a file").write_text("{}")
    (tmp_path / "empty").mkdir()
    assert str(tmp_path / name) in unrolled(command, tmp_path / name, train_csv).error()


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def not_a_number(path: Path) -> None:
    weights = load_file(path)
    save_file({name: np.full_like(weight, np.nan) for name, weight in weights.items()}, path)


def changed(**values: Any) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        path.write_text(json.dumps({**json.loads(path.read_text()), **values}))

    return change


DAMAGE: dict[str, tuple[str, Callable[[Path], object]]] = {
    "no config": ("config.json", Path.unlink),
    "no vocabulary": ("vocabulary.json", Path.unlink),
    "no weights": ("model.safetensors", Path.unlink),
    "a cut config": ("config.json", cut),
    "a cut vocabulary": ("vocabulary.json", cut),
    "cut weights": ("model.safetensors", cut),
    "weights that are no numbers": ("model.safetensors", not_a_number),
    "weights of isn't an output of this command": ("model.safetensors", lambda path: path.write_bytes(b"PK\3\4" * 50)),
    "an unknown key": ("config.json", changed(run_this="rm")),
    "a newer version": ("config.json", changed(format_version=2)),
    "an unknown encoder": ("config.json", changed(encoder="../../evil")),
    "a label too few": ("config.json", changed(labels=["bad", "good"])),
    "a missing option": ("config.json", changed(encoder_options={})),
    "another vocabulary": ("vocabulary.json", lambda path: path.write_text('["<unk>", "fine"]')),
    "a vocabulary of numbers": ("vocabulary.json", lambda path: path.write_text("[1, 2]")),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_folder_is_told_with_the_file(
    unrolled: Callable[..., Any], copied: Path, train_csv: Path, damage: str
) -> None:
    name, apply = DAMAGE[damage]
    apply(copied / name)
    told = unrolled("predict", copied, train_csv).error()
    assert str(copied) in told
    assert unrolled("evaluate", copied, train_csv).error() == told


@pytest.mark.parametrize(
    "place", ["no such folder/out.csv", "a file/out.csv", "full", "n" * 300, "/proc/out.csv"], ids=lambda p: p[:20]
)
@pytest.mark.parametrize("force", [[], ["--force"]], ids=["plain", "force"])
def test_a_place_that_cannot_take_the_answers_is_told_and_left_alone(
    predict: Callable[..., Any], tmp_path: Path, train_csv: Path, place: str, force: list[str]
) -> None:
    (tmp_path / "full").mkdir()
    for name in ("full/thesis.tex", "a file"):
        (tmp_path / name).write_text("years of work")
    assert str(tmp_path / place) in predict(train_csv, "-o", tmp_path / place, *force).error()
    assert {path.name for path in tmp_path.rglob("*")} == {"full", "thesis.tex", "a file"}
    assert (tmp_path / "a file").read_text() == "years of work"


def test_an_older_file_is_replaced_by_force_alone(predict: Callable[..., Any], tmp_path: Path, train_csv: Path) -> None:
    output = tmp_path / "out.jsonl"
    output.touch()
    assert predict(train_csv, "-o", output).code == 0  # the file is empty is no loss
    before = output.read_text()
    assert "--force" in predict(train_csv, "-o", output).error()
    os.link(output, tmp_path / "own.jsonl")
    with output.open() as reader:
        assert predict(train_csv, "-o", output, "--force", "--top-k", "2").code == 0
        assert reader.read() == before, "who reads the older file meanwhile reads it to its end"
    assert len(output.read_text().splitlines()) == 60
    assert (tmp_path / "own.jsonl").read_text() == before != output.read_text(), "a second name keeps the older file"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.jsonl", "own.jsonl"]


def test_a_file_of_others_is_not_replaced_by_force(
    predict: Callable[..., Any], tmp_path: Path, train_csv: Path, model: Path
) -> None:
    copy = shutil.copytree(model, tmp_path / "model")
    (tmp_path / "notes.csv").write_text("years of work")
    (tmp_path / "link.csv").symlink_to("notes.csv")
    for output in (tmp_path / "notes.csv", tmp_path / "link.csv", copy / "history.jsonl"):
        before = output.read_bytes()
        assert "isn't an output of this command" in predict(train_csv, "-o", output, "--force").error()
        assert output.read_bytes() == before


def test_a_failure_half_way_leaves_the_older_file_and_nothing_beside_it(
    predict: Callable[..., Any], tmp_path: Path
) -> None:
    """That a compressed file is cut off shows only at its end."""
    output, data = tmp_path / "out.jsonl", tmp_path / "texts.jsonl.gz"
    data.write_bytes(gzip.compress(b'{"text": "fine"}\n' * 1500)[:-8])
    output.write_text('{"row": 1}')
    assert "ends in the middle" in predict(data, "-o", output, "--force").error()
    assert output.read_text() == '{"row": 1}'
    assert {path.name for path in tmp_path.iterdir()} == {"out.jsonl", "texts.jsonl.gz"}


def test_what_is_no_regular_file_is_never_replaced_by_one(
    predict: Callable[..., Any], tmp_path: Path, train_csv: Path
) -> None:
    """As root, `-o /dev/null` would otherwise take the device away from everyone; here a pipe stands for it."""
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)  # so that writing to it doesn't wait
    try:
        predict(train_csv, "-o", tmp_path / "pipe")
    finally:
        os.close(reader)
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_answers_are_utf_8_whatever_the_terminal_s_encoding(predict: Callable[..., Any], encoding: str) -> None:
    text = "naïve Größe – 好的"
    printed = io.BytesIO()
    stdout = io.TextIOWrapper(printed, encoding=encoding)
    rows = f"text,note\nfine,{text}\n".encode()
    assert predict("-", "--format", "csv", "--keep-columns", "note", stdin=rows, stdout=stdout).code == 0
    stdout.flush()
    assert json.loads(printed.getvalue().decode("utf-8"))["note"] == text


class Broken(io.StringIO):
    """A standard output that takes nothing."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def write(self, text: str) -> int:
        raise OSError(self.number, os.strerror(self.number))


def test_a_full_disk_under_standard_output_is_told(predict: Callable[..., Any]) -> None:
    assert "No space left" in predict("-", stdin=b"fine\n", stdout=Broken(errno.ENOSPC)).error()


def test_a_reader_that_goes_away_ends_the_command_quietly(predict: Callable[..., Any]) -> None:
    done = predict("-", stdin=b"fine\n", stdout=Broken(errno.EPIPE))
    assert (done.code, done.err) == (1, "")
