"""Files that are empty, packed, of another format, or no files → what is said of them as a whole."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import socket
from pathlib import Path

import zstandard

from tests.laws.damaged_files.file import CLEAN, LATIN, QUOTING, File, csv

MEND = "Mend it, or pass the right --delimiter or --encoding."
HEADER = "expected a header line with the column names, got"
NO_CLASS = "expected a folder with one folder a class, got none in it. Lay it out as DIR/<label>/<file>.txt."
ARCHIVE = "expected a file of text or of Parquet, perhaps in gzip or zstd, got"
SAVE = "Unpack it; if it is a workbook, save the table as CSV in UTF-8."
USABLE = "expected at least one row with a text and a label, got none. Give a file with data."


def bound_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as bound:
        here = os.getcwd()
        os.chdir(path.parent)  # a socket's path must be short
        bound.bind(path.name)
        os.chdir(here)


WHOLE: dict[str, File] = {
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
        refused="expected a name that ends in .csv .jsonl .ndjson .parquet .tsv .txt, got another one. "
        "Name it with --format.",
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
}
