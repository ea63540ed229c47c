"""Damaged files → exactly what `train`, `evaluate` and `predict` say of them: every row is used, or told with a reason.

`train` and `evaluate` stop at a bad row, or list it under --skip-bad-rows; `predict` answers every row.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import socket
import threading
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

Bad = tuple[int, str, str]  # row, its lines, the reason

LATIN = "is not UTF-8 (another encoding? --encoding latin-1)"
OPEN = "the quote opened in the row at line {} is never closed and swallowed lines up to {}"
QUOTING = "wrong quoting: ',' expected after '\"'"
MEND = "Mend it, or pass the right --delimiter or --encoding."
HEADER = "expected a header line with the column names, got"
NO_CLASS = "expected a folder with one folder a class, got none in it. Lay it out as DIR/<label>/<file>.txt."
ARCHIVE = "expected a file of text or of Parquet, perhaps in gzip or zstd, got"
SAVE = "Unpack it; if it is a workbook, save the table as CSV in UTF-8."
USABLE = "expected at least one row with a text and a label, got none. Give a file with data."
START = b"text,label\nfine film,good\n"
END = b"dull film,bad\nfine fun,good\ndull fun,bad\n"
MANY = 1_000_000


@dataclass(frozen=True)
class File:
    """A file, and what is said of it; `{path}` stands for its path."""

    content: bytes | Callable[[Path], object]
    rows: int = 0
    bad: tuple[Bad, ...] = ()  # for all three commands
    without_label: tuple[Bad, ...] = ()  # where labels are wanted
    said: tuple[str, ...] = ()  # by all three
    said_of_labels: tuple[str, ...] = ()  # by train and evaluate
    refused: str = ""  # by all three
    no_training: str = ""  # refused by train alone
    no_labels: str = ""  # refused by train and evaluate
    no_prediction: str = ""  # refused by predict alone
    name: str = "reviews.csv"
    words: tuple[str, ...] = ()


def csv(damage: bytes) -> bytes:
    """Put a damaged place between three rows before and after it: it begins with row 2, in line 3."""
    return START + damage + b"\n" + END


def jsonl(damage: bytes) -> bytes:
    lines = [b'{"text": "fine film", "label": "good"}', damage, b'{"text": "dull film", "label": "bad"}']
    return b"\n".join([*lines, *(line.replace(b"film", b"fun") for line in lines[::2]), b""])


def fasttext(damage: bytes) -> bytes:
    lines = [b"__label__good fine film", damage, b"__label__bad dull film"]
    return b"\n".join([*lines, *(line.replace(b"film", b"fun") for line in lines[::2]), b""])


def parquet(texts: Any, labels: Any = ("good", "bad") * 3) -> Callable[[Path], object]:
    return lambda path: pq.write_table(pa.table({"text": pa.array(texts), "label": pa.array(list(labels))}), path)


def bound_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as bound:
        here = os.getcwd()
        os.chdir(path.parent)  # a socket's path must be short
        bound.bind(path.name)
        os.chdir(here)


def open_quote(path: Path) -> None:
    with path.open("wb") as file:
        file.write(START + b"dull film,bad\n" + b'"never closed,good\n')
        file.writelines([b"fine film,bad\n"] * (MANY - 3))


def long_line(path: Path) -> None:
    with path.open("wb") as file:
        file.write(START)
        file.writelines([b"film " * 200_000] * 100)
        file.write(b",good\n" + END)


CLEAN = csv(b"fine words,good")
FILES: dict[str, File] = {
    # Files as a whole
    "empty": File(b"", refused=f"{HEADER} an empty file. Give a file with data."),
    "only a byte order mark": File(b"\xef\xbb\xbf", refused=f"{HEADER} an empty file. Give a file with data."),
    "only blank lines": File(b"\n\r\n", refused=f"{HEADER} an empty file. Give a file with data."),
    "a header only": File(b"text,label\n", no_labels=USABLE),
    "a wrong header": File(
        CLEAN.replace(b"text", b"txet"),
        refused="expected a column 'text', got the columns txet, label. "
        "Did you mean 'txet'? Choose it with --text-column.",
    ),
    "no column of labels": File(
        CLEAN.replace(b"label", b"labels"),
        rows=5,
        no_labels="expected a column 'label', got the columns text, labels. "
        "Did you mean 'labels'? Choose it with --label-column.",
    ),
    "another delimiter": File(
        CLEAN.replace(b",", b";"),
        refused="expected a column 'text', got the one column 'text;label'. Pass --delimiter ';'.",
    ),
    "another delimiter, named": File(CLEAN.replace(b",", b";"), 5, words=("--delimiter", ";")),
    "another delimiter behind quotes": File(
        b'"text";"label"\n',
        refused=f"{HEADER} a line that can't be read ({QUOTING}). {MEND}",
    ),
    "a stray quote that swallows a row": File(
        csv(b'"dull words,bad\nfine words,good"",good\ndull,",bad'),
        5,
        said=("1 row goes over several lines, the first: row 2 (lines 3 to 5)",),
    ),
    "a name twice in the header": File(
        b"text,label,text\n",
        refused="expected a name of its own for every column, got 'text' more than once. Rename one.",
    ),
    "Latin-1 in the header": File(
        b"text,label,caf\xe9\n",
        refused=f"{HEADER} a line that can't be read (line 1, byte 15: 0xe9 {LATIN}). {MEND}",
    ),
    "UTF-16": File(
        CLEAN.decode().encode("utf-16"), refused="expected text in UTF-8, got UTF-16. Pass --encoding utf-16."
    ),
    "UTF-16 that is named": File(CLEAN.decode().encode("utf-16"), rows=5, words=("--encoding", "utf-16")),
    "UTF-16 without a mark": File(
        CLEAN.decode().encode("utf-16-le"),
        refused=f"{HEADER} a line that can't be read (line 1, byte 2: a NUL byte). {MEND}",
    ),
    "a folder": File(Path.mkdir, refused=NO_CLASS),
    "nothing there": File(
        lambda path: (path.parent / "review.csv").touch(),
        refused="expected a file or folder with data, got nothing of that name. Did you mean 'review.csv'?",
    ),
    "a device": File(
        lambda path: path.symlink_to("/dev/zero"),
        refused="expected a file or a pipe, got a character device. Give a file, or pass - for standard input.",
    ),
    "a socket": File(
        bound_socket, refused="expected a file or a pipe, got a socket. Give a file, or pass - for standard input."
    ),
    "a name that tells nothing": File(
        CLEAN,
        name="reviews.data",
        refused="expected a name that ends in .csv .tsv .jsonl .parquet .txt, got another one. Name it with --format.",
    ),
    "a workbook": File(
        b"PK\3\4",
        name="reviews.xlsx",
        refused=f"{ARCHIVE} a ZIP archive, as a workbook (.xlsx, .ods) is too. {SAVE}",
    ),
    "a workbook with another name": File(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        refused=f"{ARCHIVE} a file of an older Office, such as a workbook (.xls). {SAVE}",
    ),
    "bzip2": File(
        bz2.compress(CLEAN),
        name="reviews.csv.bz2",
        refused=f"{ARCHIVE} bzip2. Unpack it, or pack it anew as .gz or .zst.",
    ),
    "xz": File(lzma.compress(CLEAN), refused=f"{ARCHIVE} xz. Unpack it, or pack it anew as .gz or .zst."),
    "a link that leads nowhere": File(
        lambda path: path.symlink_to("review.csv"),
        refused="expected a file or folder with data, got a link that leads nowhere: 'review.csv'. "
        "Mend the link, or give the file itself.",
    ),
    "a link to itself": File(
        lambda path: path.symlink_to(path.name),
        refused="expected a file or folder with data, got a link that leads nowhere: 'reviews.csv'. "
        "Mend the link, or give the file itself.",
    ),
    # What is packed
    "gzip cut off": File(
        gzip.compress(CLEAN, mtime=0)[:-9],
        name="reviews.csv.gz",
        refused="expected a whole file, got gzip that breaks off after 83 bytes unpacked. Fetch or pack it again.",
    ),
    "zstd cut off": File(
        zstandard.compress(CLEAN)[:-9],
        name="reviews.csv.zst",
        refused="expected a whole file, got zstd that breaks off after 0 bytes unpacked. Fetch or pack it again.",
    ),
    "gzip with a wrong checksum": File(
        gzip.compress(CLEAN, mtime=0)[:-8] + bytes(8),
        name="reviews.csv.gz",
        refused="expected a whole file, got gzip that is damaged after 0 bytes unpacked "
        "(Error -3 while decompressing data: incorrect data check). Fetch or pack it again.",
    ),
    "gzip by name only": File(
        CLEAN,
        name="reviews.csv.gz",
        refused="expected gzip, as the name says, got something that isn't gzip. Rename the file, or fetch it again.",
    ),
    "gzip whatever its name": File(gzip.compress(CLEAN), rows=5),
    # Rows of CSV
    "a short row": File(csv(b"only"), 5, ((2, "line 3", "expected 2 fields, got 1"),)),
    "a long row": File(csv(b"fine,good,MORE"), 5, ((2, "line 3", "expected 2 fields, got 3"),)),
    "a comma without quotes": File(csv(b"fine, fun,good"), 5, ((2, "line 3", "expected 2 fields, got 3"),)),
    "a NUL": File(csv(b"fine\0,good"), 5, ((2, "line 3", "line 3, byte 5: a NUL byte"),)),
    "Latin-1": File(csv(b"caf\xe9,good"), 5, ((2, "line 3", f"line 3, byte 4: 0xe9 {LATIN}"),)),
    "Latin-1 that is named": File(csv(b"caf\xe9,good"), 5, words=("--encoding", "latin-1")),
    "Latin-1 in a row of several lines": File(
        csv(b'"one\ntw\xc3\xb6 \xe9",good'), 5, ((2, "lines 3 to 4", f"line 4, byte 6: 0xe9 {LATIN}"),)
    ),
    "an overlong form": File(csv(b"\xc0\x80,good"), 5, ((2, "line 3", f"line 3, byte 1: 0xc0 {LATIN}"),)),
    "half a surrogate pair": File(csv(b"a\xed\xa0\x80,good"), 5, ((2, "line 3", f"line 3, byte 2: 0xed {LATIN}"),)),
    "text after a closing quote": File(csv(b'"fine" film,good'), 5, ((2, "line 3", QUOTING),)),
    "a quote that closes lines later": File(csv(b'"a,good\nb,bad\nc"d,bad'), 5, ((2, "lines 3 to 5", QUOTING),)),
    "a quote that never closes": File(
        START + END + b'fine end,good\n"fine,good\n' + END,
        6,
        ((6, "lines 7 to 10", OPEN.format(7, 10)),),
    ),
    "a quote in row 3 of a million that never closes": File(
        open_quote,
        3,
        ((3, f"lines 4 to {MANY + 1}", OPEN.format(4, MANY + 1)),),
        said_of_labels=("2 classes have a single row: 'good', 'bad'",),
    ),
    "a line of 100 MB": File(long_line, 5, ((2, "line 3", "longer than 10,000,000 characters (--max-field)"),)),
    "a quoted field that is too long": File(
        csv(b'"' + b'words, ""\nand more\n' * 9 + b'",good'),
        5,
        ((2, "lines 3 to 21", "longer than 100 characters (--max-field)"),),
        words=("--max-field", "100"),
    ),
    "two bad rows": File(
        csv(b"one\n\n1,2,3"),
        6,
        ((2, "line 3", "expected 2 fields, got 1"), (3, "line 5", "expected 2 fields, got 3")),
        said=("1 blank line passed over",),
    ),
    # What is unusual and right
    "a byte order mark": File(b"\xef\xbb\xbf" + CLEAN, 5),
    "CR alone": File(CLEAN.replace(b"\n", b"\r"), 5),
    "mixed newlines": File(csv(b"a,good\rb,bad\r\nc,good"), 7),
    "blank lines": File(csv(b"\n\r\n"), 4, said=("3 blank lines passed over",)),
    "a field over the limit of csv": File(csv(b"word " * 30_000 + b",good"), 5),
    "labels that look like numbers or nothing": File(
        b"text,label\n" + b"fine,NA\nfine,null\nfine,nan\nfine,007\nfun,NA\nfun,null\nfun,nan\nfun,007\n", 8
    ),
    # Labels
    "an empty label": File(csv(b"fine, "), 5, without_label=((2, "line 3", "the label 'label' is empty"),)),
    "one class only": File(
        b"text,label\nfine,good\nfun,good\n",
        2,
        no_training="expected at least 2 different labels, got 1: 'good'. Check --label-column.",
    ),
    "a class with one row": File(csv(b"long,mixed"), 5, said_of_labels=("the class 'mixed' has a single row",)),
    "labels that differ by case and space": File(
        csv(b"fine,good\nfine,Good\nfun,Good\ndull, bad\ndull, bad"),
        9,
        said_of_labels=(
            "' bad' and 'bad' differ only by case or spaces",
            "'Good' and 'good' differ only by case or spaces",
        ),
    ),
    # JSON Lines
    "no JSON": File(
        jsonl(b'{"text": "fine"'),
        5,
        ((2, "line 2", "not valid JSON: Expecting ',' delimiter at character 16"),),
        name="reviews.jsonl",
    ),
    "no object": File(jsonl(b"[1]"), 5, ((2, "line 2", "expected a JSON object, got [1]"),), name="reviews.jsonl"),
    "no text": File(jsonl(b'{"label": "good"}'), 5, ((2, "line 2", "no key 'text'"),), name="reviews.jsonl"),
    "other keys": File(
        jsonl(b"{}").replace(b"text", b"Text").replace(b"label", b"lable"),
        name="reviews.jsonl",
        refused="expected a column 'text', got the columns Text, lable. "
        "Did you mean 'Text'? Choose it with --text-column.",
    ),
    "other keys of labels": File(
        jsonl(b'{"text": "fine words"}').replace(b"label", b"lable"),
        5,
        name="reviews.jsonl",
        no_labels="expected a column 'label', got the columns text, lable. "
        "Did you mean 'lable'? Choose it with --label-column.",
    ),
    "a text that is none": File(
        jsonl(b'{"text": null, "label": "good"}'),
        5,
        ((2, "line 2", "'text' must be a string, got null"),),
        name="reviews.jsonl",
    ),
    "a key twice": File(
        jsonl(b'{"text": "a", "text": "b", "label": "good"}'),
        5,
        ((2, "line 2", 'the key "text" stands more than once'),),
        name="reviews.jsonl",
    ),
    "a blank line of JSON Lines": File(jsonl(b" \t"), 4, said=("1 blank line passed over",), name="reviews.jsonl"),
    # fastText
    "a line without a label": File(
        fasttext(b"fine film"),
        5,
        without_label=((2, "line 2", "no __label__ at its beginning"),),
        name="reviews.ft",
        words=("--format", "fasttext"),
    ),
    "a line with two labels": File(
        fasttext(b"__label__good __label__bad fine"),
        5,
        without_label=((2, "line 2", "more than one __label__"),),
        name="reviews.ft",
        words=("--format", "fasttext"),
    ),
    "labels in plain text": File(
        fasttext(b"__label__good fine"),
        5,
        name="reviews.txt",
        no_prediction="expected plain text, one text a line, got a first line that begins with __label__. "
        "Pass --format fasttext to leave labels out of the texts, or --format text to keep them.",
    ),
    # Parquet
    "Parquet that is none": File(
        CLEAN,
        name="reviews.parquet",
        refused="expected a Parquet file, got something else. Choose the right --format.",
    ),
    "Parquet with a null": File(
        parquet(["fine", None, "fun", "dull", "great", "awful"]),
        6,
        ((2, "", "'text' must be a string, got null"),),
        name="reviews.parquet",
    ),
    "Parquet without texts": File(
        parquet([1, 2, 3, 4, 5, 6]),
        name="reviews.parquet",
        refused="expected strings in the column 'text', got int64. Choose another with --text-column.",
    ),
}
SETTLED = ["--encoder", "average", "--embedding-dim", "4", "--hidden-size", "4", "--max-epochs", "1"]


@pytest.fixture(params=FILES)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[File, Path]:
    """A damaged file, written."""
    file = FILES[request.param]
    path = tmp_path / file.name
    if isinstance(file.content, bytes):
        path.write_bytes(file.content)
    else:
        file.content(path)
    return file, path


def told(place: Bad) -> str:
    number, lines, reason = place
    return f"row {number} ({lines}): {reason}" if lines else f"row {number}: {reason}"


def expected_refusal(file: File, refused: str) -> str:
    bad = sorted(file.bad + file.without_label)
    rows = f"got {len(bad)} bad of {file.rows}: {'; '.join(map(told, bad))}"
    return refused or (f"expected usable rows only, {rows}. Mend them, or pass --skip-bad-rows." if bad else "")


def lines_about(path: Path, done: Any) -> list[str]:
    said = [line for line in done.err.splitlines() if str(path) in line]
    lines = [line for line in said if not line.startswith("Data: ")]  # what its texts repeat, tests/terminal tell
    return [line.replace(f"{path}", "PATH") for line in lines]


def expect_labelled(file: File, path: Path, refused: str, run: Callable[..., Any]) -> None:
    """Run a command that wants labels, without and with --skip-bad-rows."""
    said = [f"PATH: {line}" for line in file.said]
    if refusal := expected_refusal(file, refused):
        done = run()
        assert done.code == 1
        assert lines_about(path, done) == [*(said if file.rows else []), f"Error: PATH: {refusal}"]
        assert done.out == ""
    done = run("--skip-bad-rows")
    bad = sorted(file.bad + file.without_label)
    if refused:
        listed = [f"skipped PATH, {told(row)}" for row in bad]
        report = [*(said if file.rows else []), *listed, f"Error: PATH: {refused}"]
        assert (done.code, lines_about(path, done)) == (1, report)
        return
    found = lines_about(path, done)
    assert [line for line in found if " labels" not in line] == [
        *said,
        *(f"skipped PATH, {told(row)}" for row in bad),
        *(f"PATH: {line}" for line in file.said_of_labels),
    ]
    if file.rows - len(bad) >= 4:  # else too few are left to train on
        assert done.code == 0, done.err
    elif done.code:
        found = [line for line in found if not line.startswith("Error")]
    (counted,) = [line for line in found if " labels" in line]
    assert counted.startswith(f"PATH: {file.rows} rows, {file.rows - len(bad)} used, ")


def test_train_stops_or_lists(unrolled: Callable[..., Any], case: tuple[File, Path], tmp_path: Path) -> None:
    file, path = case
    words = ["train", path, "-o", tmp_path / "model", *SETTLED, *file.words]
    refused = file.refused or file.no_labels or file.no_training
    expect_labelled(file, path, refused, lambda *more: unrolled(*words, *more))


def test_evaluate_stops_or_lists(unrolled: Callable[..., Any], case: tuple[File, Path], model: Path) -> None:
    file, path = case
    words = ["evaluate", model, path, *file.words]
    expect_labelled(file, path, file.refused or file.no_labels, lambda *more: unrolled(*words, *more))


def test_predict_answers_every_row(unrolled: Callable[..., Any], case: tuple[File, Path], model: Path) -> None:
    file, path = case
    tracemalloc.start()
    done = unrolled("predict", model, path, *file.words)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 80_000_000, "also of a line of 100 MB no more than the limit is held"
    if refused := file.refused or file.no_prediction:
        assert (done.code, done.out) == (1, "")
        assert lines_about(path, done) == [f"Error: PATH: {refused}"]
        return
    reasons = {number: reason for number, _, reason in file.bad}
    answers = done.answers
    assert [answer["row"] for answer in answers] == list(range(1, file.rows + 1))
    assert {answer["row"]: answer["error"] for answer in answers if "error" in answer} == reasons
    assert all(answer["label"] for answer in answers if "error" not in answer)
    assert lines_about(path, done) == [f"PATH: {line}" for line in file.said]
    assert ("couldn't be read" in done.err) == bool(reasons)


def test_there_are_enough_files() -> None:
    assert len(FILES) >= 25


def test_a_label_only_in_the_test_file_is_told(
    unrolled: Callable[..., Any], train_csv: Path, tmp_path: Path, model: Path
) -> None:
    (tmp_path / "test.csv").write_bytes(b"text,label\nfine,good\nawful,awful\n")
    line = "Labels that the model doesn't know, counted as wrong: awful (1 row)"
    done = unrolled("evaluate", model, tmp_path / "test.csv")
    assert done.out.splitlines()[-1] == line
    done = unrolled("train", train_csv, "--test", tmp_path / "test.csv", "-o", tmp_path / "model", *SETTLED)
    assert line in done.out.splitlines()


@pytest.mark.parametrize("command", ["train", "evaluate", "predict"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_pipe_is_read_as_a_stream(
    unrolled: Callable[..., Any], tmp_path: Path, model: Path, command: str, pack: Callable[[bytes], bytes]
) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(pack(CLEAN)))
    writer.start()
    words = [pipe, "-o", tmp_path / "m", *SETTLED] if command == "train" else [model, pipe]
    done = unrolled(command, *words)
    writer.join()
    assert done.code == 0, done.err
    if command == "predict":
        assert [answer["row"] for answer in done.answers] == [1, 2, 3, 4, 5]
    else:
        assert f"{pipe}: 5 rows, 5 used, 2 labels" in done.err.splitlines()


@pytest.mark.parametrize("command", ["train", "evaluate", "predict"])
def test_standard_input_may_be_packed_and_of_any_format(
    unrolled: Callable[..., Any], tmp_path: Path, model: Path, command: str
) -> None:
    table = io.BytesIO()
    pq.write_table(pa.table({"text": ["fine", "dull", "fun", "long"], "label": ["good", "bad"] * 2}), table)
    words = ["-", "-o", tmp_path / "m", *SETTLED, "--force"] if command == "train" else [model, "-"]
    for form, content, rows in (("csv", CLEAN, 5), ("parquet", table.getvalue(), 4)):
        for packed in (content, gzip.compress(content), zstandard.compress(content)):
            done = unrolled(command, *words, "--format", form, stdin=packed)
            assert done.code == 0, done.err
            if command == "predict":
                assert len(done.answers) == rows
            else:
                assert f"-: {rows} rows, {rows} used, 2 labels" in done.err.splitlines()
