"""Files that are empty, packed, of another format, or no files → what is said of them as a whole."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import socket
from pathlib import Path

import zstandard

from tests.laws.damaged_files.file import CLEAN, LATIN, File, csv

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
    "empty": File(b"", refused="the file is empty, without even a header line"),
    "only a byte order mark": File(b"\xef\xbb\xbf", refused="the file is empty, without even a header line"),
    "only blank lines": File(b"\n\r\n", refused="the file is empty, without even a header line"),
    "a header only": File(b"text,label\n", no_labels="there is no row with a text and a label"),
    "a wrong header": File(
        CLEAN.replace(b"text", b"txet"),
        refused="there is no column 'text'; the columns are txet, label",
    ),
    "no column of labels": File(
        CLEAN.replace(b"label", b"labels"),
        rows=5,
        no_labels="there is no column 'label'; the columns are text, labels",
    ),
    "another delimiter": File(
        CLEAN.replace(b",", b";"),
        refused="there is no column 'text'; the only column is 'text;label'",
    ),
    "another delimiter, named": File(CLEAN.replace(b",", b";"), 5, words=("--delimiter", ";")),
    "another delimiter behind quotes": File(
        b'"text";"label"\n',
        refused="the header line can't be read (wrong quoting: ',' expected after '\"')",
    ),
    "a stray quote that swallows a row": File(
        csv(b'"dull words,bad\nfine words,good"",good\ndull,",bad'),
        5,
        said=("1 row goes over several lines, the first: row 2 (lines 3 to 5)",),
    ),
    "a name twice in the header": File(
        b"text,label,text\n",
        refused="the column 'text' occurs more than once",
    ),
    "Latin-1 in the header": File(
        b"text,label,caf\xe9\n",
        refused=f"the header line can't be read (line 1, byte 15: 0xe9 {LATIN})",
    ),
    "UTF-16": File(CLEAN.decode().encode("utf-16"), refused="the file is encoded in UTF-16, not in UTF-8"),
    "UTF-16 that is named": File(CLEAN.decode().encode("utf-16"), rows=5, words=("--encoding", "utf-16")),
    "UTF-16 without a mark": File(
        CLEAN.decode().encode("utf-16-le"),
        refused="the header line can't be read (line 1, byte 2: a NUL byte)",
    ),
    "a folder": File(Path.mkdir, refused="there is no class folder in it"),
    "nothing there": File(
        lambda path: (path.parent / "review.csv").touch(),
        refused="no such file or folder",
    ),
    "a device": File(
        lambda path: path.symlink_to("/dev/zero"),
        refused="this is a character device, not a file or a pipe",
    ),
    "a socket": File(bound_socket, refused="this is a socket, not a file or a pipe"),
    "a name that tells nothing": File(
        CLEAN,
        name="reviews.data",
        refused="the format can't be told from the file's name, "
        "which ends in none of .csv .jsonl .ndjson .parquet .tsv .txt",
    ),
    "a workbook": File(
        b"PK\3\4",
        name="reviews.xlsx",
        refused="this is a ZIP archive, as a workbook (.xlsx, .ods) is too, perhaps a workbook, which can't be read",
    ),
    "a workbook with another name": File(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        refused="this is a file of an older Office, such as a workbook (.xls), perhaps a workbook, which can't be read",
    ),
    "bzip2": File(
        bz2.compress(CLEAN),
        name="reviews.csv.bz2",
        refused="this is bzip2, which can't be read",
    ),
    "xz": File(lzma.compress(CLEAN), refused="this is xz, which can't be read"),
    "a link that leads nowhere": File(
        lambda path: path.symlink_to("review.csv"),
        refused="this link leads nowhere: 'review.csv'",
    ),
    "a link to itself": File(
        lambda path: path.symlink_to(path.name),
        refused="this link leads nowhere: 'reviews.csv'",
    ),
    # What is packed
    "gzip cut off": File(
        gzip.compress(CLEAN, mtime=0)[:-9],
        name="reviews.csv.gz",
        refused="the gzip data ends in the middle, after 83 unpacked bytes",
    ),
    "zstd cut off": File(
        zstandard.compress(CLEAN)[:-9],
        name="reviews.csv.zst",
        refused="the zstd data ends in the middle, after 0 unpacked bytes",
    ),
    "gzip with a wrong checksum": File(
        gzip.compress(CLEAN, mtime=0)[:-8] + bytes(8),
        name="reviews.csv.gz",
        refused="the gzip data is damaged after 0 unpacked bytes "
        "(Error -3 while decompressing data: incorrect data check)",
    ),
    "gzip by name only": File(
        CLEAN,
        name="reviews.csv.gz",
        refused="by its name this is gzip, but it is something that isn't gzip",
    ),
    "gzip whatever its name": File(gzip.compress(CLEAN), rows=5),
}
