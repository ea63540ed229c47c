"""Rows of CSV, wrong, unusual or with odd labels → which of them are bad, and why."""

from __future__ import annotations

from pathlib import Path

from tests.laws.damaged_files.file import CLEAN, END, LATIN, QUOTING, START, File, csv

OPEN = "the quote opened in the row at line {} is never closed and swallowed lines up to {}"
MANY = 1_000_000


def open_quote(path: Path) -> None:
    with path.open("wb") as file:
        file.write(START + b"dull film,bad\n" + b'"never closed,good\n')
        file.writelines([b"fine film,bad\n"] * (MANY - 3))


def long_line(path: Path) -> None:
    with path.open("wb") as file:
        file.write(START)
        file.writelines([b"film " * 200_000] * 100)
        file.write(b",good\n" + END)


ROWS: dict[str, File] = {
    # Wrong
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
    "a line of 100 MB": File(long_line, 5, ((2, "line 3", "longer than 10,000,000 characters (--max-row-length)"),)),
    "a quoted field that is too long": File(
        csv(b'"' + b'words, ""\nand more\n' * 9 + b'",good'),
        5,
        ((2, "lines 3 to 21", "longer than 100 characters (--max-row-length)"),),
        words=("--max-row-length", "100"),
    ),
    "two bad rows": File(
        csv(b"one\n\n1,2,3"),
        6,
        ((2, "line 3", "expected 2 fields, got 1"), (3, "line 5", "expected 2 fields, got 3")),
        said=("1 blank line passed over",),
    ),
    # Unusual and right
    "a byte order mark": File(b"\xef\xbb\xbf" + CLEAN, 5),
    "CR alone": File(CLEAN.replace(b"\n", b"\r"), 5),
    "mixed newlines": File(csv(b"a,good\rb,bad\r\nc,good"), 7),
    "blank lines": File(csv(b"\n\r\n"), 4, said=("3 blank lines passed over",)),
    "a field over the limit of csv": File(csv(b"word " * 30_000 + b",good"), 5),
    "labels that look like numbers or nothing": File(
        b"text,label\n" + b"fine,NA\nfine,null\nfine,nan\nfine,007\nfun,NA\nfun,null\nfun,nan\nfun,007\n", 8
    ),
    # Labels
    "an empty label": File(csv(b"fine, "), 5, without_label=((2, "line 3", "the label is empty (in 'label')"),)),
    "one class only": File(
        b"text,label\nfine,good\nfun,good\n",
        2,
        no_training="at least 2 different labels are needed, and there are 1: 'good'",
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
}
