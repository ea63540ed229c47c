"""Answers → files that the json and csv modules read back, whole under their name or not there at all."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.each import each
from unrolled.errors import DataError
from unrolled.prediction.answer_file import AnswerWriter, opened
from unrolled.prediction.output_format import OutputFormat

any_text = st.text(st.characters(codec="utf-8"), max_size=6)
awkward = st.sampled_from(
    [",", "\t", '"', "\n", "\r", "\r\n", "a\rb", "'", "日本", "\u2028", "\x85", "\v", "\f", "\0", " x ", "=1+1", "\\"]
)
labels_drawn = st.lists(any_text.filter(bool) | awkward, min_size=2, max_size=4, unique=True)
numbers = st.floats(0, 1)


@st.composite
def streams(draw: st.DrawFn) -> tuple[list[str], list[str], int | None, bool, list[dict[str, Any]]]:
    """Draw labels, kept columns, top_k, whether all probabilities are told, and answers of that form."""
    labels, top_k, every = draw(labels_drawn), draw(st.none() | st.integers(1, 3)), draw(st.booleans())
    columns = draw(st.lists(any_text.map("column {}".format), max_size=2, unique=True))
    told: list[dict[str, Any]] = []
    for number in range(1, draw(st.integers(0, 4)) + 1):
        if draw(st.booleans()):
            told.append({"row": number, "error": draw(any_text | awkward)})
            continue
        one: dict[str, Any] = {"row": number, **{column: draw(any_text | awkward) for column in columns}}
        one |= {"label": draw(st.none() | st.sampled_from(labels)), "probability": draw(numbers)}
        if top_k:
            one["top"] = [{"label": label, "probability": draw(numbers)} for label in labels[:top_k]]
        if every:
            one["probabilities"] = {label: draw(numbers) for label in labels}
        told.append(one)
    return labels, columns, top_k, every, told


def written(form: OutputFormat, stream: Any) -> str:
    labels, columns, top_k, every, told = stream
    file = io.StringIO(newline="")
    writer = AnswerWriter(file, form, columns, labels if every else (), top_k)
    for one in told:
        writer.write(one)
    return file.getvalue()


def file_lines(text: str) -> int:
    """Count lines as the most generous reader does."""
    return len(text.splitlines())


@settings(deadline=None)
@given(streams())
def test_json_lines_read_back_as_the_answers(stream: Any) -> None:
    lines = written("jsonl", stream).split("\n")
    assert lines.pop() == ""
    assert [json.loads(line) for line in lines] == stream[-1]
    assert file_lines(written("jsonl", stream)) == len(stream[-1])


@each("character", ["\x7f", "\x80", "\x85", "\x9f", "\u2028", "\u2029", "\u202e", "\u2066"])
def test_json_lines_escape_what_json_leaves(character: str) -> None:
    told = {"row": 1, f"a{character}": f"{character}b"}
    text = written("jsonl", ([], [], None, False, [told]))
    assert (json.loads(text), file_lines(text), character in text) == (told, 1, False)


@each("number", [1e-7, 1e22, 5e-324, 0.1 + 0.2, 1.0, 10**30, True, None, '\ud800é"\\'])
def test_json_lines_spell_every_value_as_json_does(number: Any) -> None:
    told = {"row": 1, 'a "name"\n': number, "probability": number}
    assert written("jsonl", ([], [], None, False, [told])) == json.dumps(told, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_what_json_has_no_number_for_is_never_written(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        written("jsonl", ([], [], None, False, [{"row": 1, "probability": number}]))


@settings(deadline=None)
@given(st.sampled_from(["csv", "tsv"]), streams())
def test_tables_read_back_as_the_answers(form: Any, stream: Any) -> None:
    labels, columns, top_k, every, told = stream
    text = written(form, stream)
    header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter={"csv": ",", "tsv": "\t"}[form], strict=True)
    top = [f"top_{rank + 1}_{part}" for rank in range(top_k or 0) for part in ("label", "probability")]
    of_all = [f"probability_of_{label}" for label in labels] if every else []
    assert header == ["row", *columns, "label", "probability", *top, *of_all, "error"]
    assert len(rows) == len(told)
    for row, one in zip(rows, told, strict=True):
        flat = {**one, **{f"probability_of_{label}": p for label, p in one.get("probabilities", {}).items()}}
        for rank, choice in enumerate(one.get("top", ()), start=1):
            flat |= {f"top_{rank}_{part}": value for part, value in choice.items()}
        expected = [flat.get(name) for name in header]
        assert row == ["" if value is None else str(value) for value in expected]


def test_probabilities_are_written_with_all_their_digits() -> None:
    told = {"row": 1, "label": "a", "probability": 0.1 + 0.2}
    file = io.StringIO()
    AnswerWriter(file, "csv", (), (), None).write(told)
    assert float(file.getvalue().splitlines()[1].split(",")[2]) == 0.1 + 0.2


crowded = ("top_1_label", "input_top_1_label", "probability_of_a", "input_probability_of_a", "id", "top_2_label")


@settings(deadline=None)
@given(st.permutations(crowded), st.integers(1, len(crowded)), st.sampled_from(["csv", "tsv"]))
def test_a_kept_column_and_a_column_of_a_table_never_share_a_name(columns: list[str], count: int, form: Any) -> None:
    kept, told = columns[:count], {"label": "a", "probability": 0.6, "top": [{"label": "a", "probability": 0.6}]}
    file = io.StringIO(newline="")
    writer = AnswerWriter(file, form, kept, ["a", "b"], 1)
    writer.write({"row": 1, **{column: f"its {column}" for column in kept}, **told, "probabilities": {"a": 1, "b": 0}})
    file.seek(0)
    header, row = csv.reader(file, delimiter={"csv": ",", "tsv": "\t"}[form])
    assert len(set(header)) == len(header)
    assert row[1 : count + 1] == [f"its {column}" for column in kept]
    assert all(name.endswith(column) for name, column in zip(header[1 : count + 1], kept, strict=True))
    own = ["label", "probability", "top_1_label", "top_1_probability", "probability_of_a", "probability_of_b", "error"]
    assert header[count + 1 :] == own
    assert row[count + 1 :] == ["a", "0.6", "a", "0.6", "1", "0", ""]


def left(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


@pytest.mark.parametrize("before", [None, ""])
def test_a_file_appears_when_it_is_whole(before: str | None, tmp_path: Path) -> None:
    if before is not None:
        (tmp_path / "out.csv").write_text(before)
    with opened(tmp_path / "out.csv", force=False) as file:
        file.write("é\r\n,\n")
        file.flush()
        assert not (tmp_path / "out.csv").exists() or (tmp_path / "out.csv").read_bytes() == b""
    assert (tmp_path / "out.csv").read_bytes() == "é\r\n,\n".encode()
    assert list(left(tmp_path)) == ["out.csv"]


def test_a_file_with_content_is_replaced_only_by_force(tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("row,old\n")
    with pytest.raises(DataError, match="--force"), opened(tmp_path / "out.csv", force=False):
        pytest.fail("the block began")
    assert left(tmp_path) == {"out.csv": "row,old\n"}
    with opened(tmp_path / "out.csv", force=True) as file:
        file.write("new")
        assert (tmp_path / "out.csv").read_text() == "row,old\n"
    assert left(tmp_path) == {"out.csv": "new"}


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, DataError])
@pytest.mark.parametrize("before", [None, "row,old\n"])
def test_an_error_in_the_block_passes_and_leaves_everything_as_it_was(
    before: str | None, error: Callable[..., BaseException], tmp_path: Path
) -> None:
    if before:
        (tmp_path / "out").write_text(before)

    def failing() -> None:
        with opened(tmp_path / "out", force=True) as file:
            file.write("half")
            raise error("a", "b")

    with pytest.raises(BaseException) as raised:  # noqa: PT011, KeyboardInterrupt too
        failing()
    assert type(raised.value) is error
    assert left(tmp_path) == ({"out": before} if before else {})


@pytest.mark.parametrize("name", ["no folder/out.csv", "a folder", "a file/out.csv", "x" * 300, "x" * 250])
@pytest.mark.parametrize("force", [False, True])
def test_a_place_that_cannot_be_written_is_refused_and_named(name: str, force: bool, tmp_path: Path) -> None:
    (tmp_path / "a folder").mkdir()
    (tmp_path / "a file").write_text("")
    with pytest.raises(DataError) as raised, opened(tmp_path / name, force=force):
        pass
    assert raised.value.where == str(tmp_path / name)
    assert str(raised.value).isprintable()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a file", "a folder"]


@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[Path]:
    """A pipe with a reader, standing for /dev/null and all that is no regular file."""
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    yield tmp_path / "pipe"
    os.close(reader)


@pytest.mark.parametrize("force", [False, True])
def test_what_is_no_regular_file_is_never_replaced_by_one(pipe: Path, force: bool) -> None:
    with suppress(DataError), opened(pipe, force=force) as file:
        file.write("x")
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize("output", [None, Path("-")])
def test_no_name_and_a_dash_are_standard_output(output: Path | None, capsys: pytest.CaptureFixture[str]) -> None:
    with opened(output, force=False) as file:
        assert file is sys.stdout
        file.write("told\n")
    assert capsys.readouterr().out == "told\n"
    assert not sys.stdout.closed
