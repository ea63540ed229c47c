"""Bytes that atheris thinks of → a way to read and a file; whatever breaks the promise ends the run and is kept.

`python -m tests.fuzz.fuzz_readers -max_total_time=60`; a file found earlier, given as a word, is tried alone.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["unrolled.data", "csv", "json"]):
    from tests.fuzz.promise import FORMATS, PACK, Way, kept

ENCODINGS = ("utf-8", "utf-8", "utf-16", "latin-1", "shift-jis", "utf-7")
LENGTHS = (10_000_000, 10_000_000, 7, 40)
STARTS = {
    "csv": b"text,label\n",
    "tsv": b"text\tlabel\n",
    "jsonl": b'{"text": "a", "label": "b"}\n',
    "fasttext": b"__label__a b\n",
    "text": b"",
    "parquet": b"PAR1",
}
FOLDER = Path(tempfile.mkdtemp(prefix="fuzz-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))


def chosen(data: bytes) -> tuple[Way, bytes]:
    """Read a way off the first three bytes; what follows is the content, perhaps behind a good beginning."""
    first, second, third, content = (*data[:3].ljust(3, b"\0"), data[3:])
    form = FORMATS[first % len(FORMATS)]
    way = Way(
        form,
        [*PACK][second % len(PACK)],
        ENCODINGS[second // 3 % len(ENCODINGS)],
        LENGTHS[third % len(LENGTHS)],
        bool(third & 4),
    )
    return way, STARTS[form] + content if third & 8 else content


def try_one(data: bytes) -> None:
    """Read one file."""
    way, content = chosen(data)
    kept(FOLDER, content, way)


if __name__ == "__main__":
    atheris.Setup(sys.argv, try_one)
    atheris.Fuzz()
