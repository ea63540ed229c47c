"""A file, and one ten times as large → `predict` takes the same memory, also saved on the way, and resumed."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

MEGABYTE = 2**20
SMALL, LARGE = 3 * MEGABYTE, 30 * MEGABYTE
ALLOWED = 12 * 1024  # kB of growth: a reader that keeps all texts would grow by 27 MB and more
CODE = """
import sys
from unrolled.prediction import resumable_output, stream
from unrolled.prediction.answer_file import AnswerWriter
from unrolled.cli.app import main
resumable_output.SECONDS, stream.CHUNKS, last = 0, 2, int(sys.argv.pop(1))
write = AnswerWriter.write
def cut_off(self, answer):
    if answer["row"] == last:
        raise KeyboardInterrupt
    write(self, answer)
AnswerWriter.write = cut_off
try:
    main()
except SystemExit as end:
    print(end.code)
(peak,) = (line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(peak)
"""

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells a process's peak so")


def write_texts(path: Path, size: int) -> int:
    """Write rows of about 1,000 characters, with words that come once among those that come again."""
    chance, rows = random.Random(1), 0
    with path.open("w", encoding="utf-8") as file:
        file.write("text,note\n")
        while file.tell() < size:
            words = [f"word{chance.randrange(3000)}" for _ in range(120)]
            file.write(f"once{rows // 4} {' '.join(words)},note {rows}\n")
            rows += 1
    return rows


def peak_of(last: int, code: int, *words: object) -> int:
    """Run `predict`, interrupted at the row `last` → the most memory that it took, in kB."""
    given = [sys.executable, "-c", CODE, str(last), "predict", *map(str, words)]
    done = subprocess.run(given, capture_output=True, text=True, check=True)
    *_, found, peak = done.stdout.splitlines()
    assert int(found) == code, done.stderr
    return int(peak)


@pytest.mark.torture
def test_it_is_as_flat_as_the_rows_are_many(model: Path, tmp_path: Path) -> None:
    peaks: dict[str, list[int]] = {"whole": [], "cut off": [], "resumed": []}
    for size in (SMALL, LARGE):
        data, whole, output = (tmp_path / f"{size}.{suffix}" for suffix in ("csv", "jsonl", "out"))
        rows = write_texts(data, size)
        words = [model, data, "--keep-columns", "note", "-o"]
        peaks["whole"].append(peak_of(0, 0, *words, whole))
        peaks["cut off"].append(peak_of(rows - 5, 130, *words, output))
        peaks["resumed"].append(peak_of(0, 0, *words, output, "--resume"))
        assert output.read_bytes() == whole.read_bytes()
        assert whole.read_bytes().count(b"\n") == rows
    print(peaks)
    assert all(large - small < ALLOWED for small, large in peaks.values()), peaks
