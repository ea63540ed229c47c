"""The place and the beginning of every text → a file without a name, from which those of single rows are read back."""

from __future__ import annotations

import json
import weakref
from array import array
from tempfile import TemporaryFile

from unrolled.errors import output as errors

CHARACTERS = 120  # of a text that are kept


class Previews:
    """Keeps no text in memory, 8 bytes a row."""

    def __init__(self) -> None:
        """Open the file; DataError where the system's temporary folder has no room."""
        self.ends = array("q", [0])
        with errors.temporary_folder():
            self.file = TemporaryFile(prefix="unrolled-")  # noqa: SIM115  it is needed as long as this object
        weakref.finalize(self, self.file.close)

    def add(self, where: str, text: str) -> None:
        """Note the next row."""
        shown = text if len(text) <= CHARACTERS else f"{text[: CHARACTERS - 1]}…"
        line = json.dumps([where, shown]).encode()
        with errors.temporary_folder():
            self.file.write(line)
        self.ends.append(self.ends[-1] + len(line))

    def __getitem__(self, row: int) -> tuple[str, str]:
        """Read back a row's place and the beginning of its text."""
        with errors.temporary_folder():
            self.file.seek(self.ends[row])
            where, shown = json.loads(self.file.read(self.ends[row + 1] - self.ends[row]))
        return where, shown
