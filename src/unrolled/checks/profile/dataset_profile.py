"""One or two files of labelled texts → what the checks need of every row: the words, the keys, what is strange in it.

No text is kept. Memory: the distinct words, some 70 bytes a usable row and 300 a bad one, 300 a row while copies are
looked for, and about 100 MB for the words that are handled together. The words' places and the beginnings of the texts
go to files in the system's temporary folder, about 4 bytes a word and 200 a row.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from unrolled.arrays import IntArray
from unrolled.checks.profile.labels import label_encode
from unrolled.checks.profile.previews import Previews
from unrolled.checks.profile.script import NONE, WITHOUT_SPACES, script, unsplit
from unrolled.checks.profile.text_issues import text_issues
from unrolled.data.labelled_corpus import gather
from unrolled.data.read import read
from unrolled.data.rows import BadRow, Row
from unrolled.data.source import DEFAULTS, ReadOptions, name_of, reject_standard_input_twice
from unrolled.data.split import Keys
from unrolled.text.corpus import Corpus
from unrolled.text.text_config import TextConfig

T = TypeVar("T")
_UNSPLIT = {name: place for place, name in enumerate((NONE, *WITHOUT_SPACES))}
READING = TextConfig()  # words as the models read them by default


@dataclass(frozen=True, eq=False)
class DatasetProfile:
    """What is known of the rows that can be used, one file's behind the other's, and of those that can't."""

    files: tuple[str, ...]
    ends: tuple[int, ...]  # of each file's rows in the arrays
    numbers: IntArray  # (rows,) of each row in its file, counted from 1 with the bad ones
    corpus: Corpus
    keys: Keys  # (rows, 2) what tells texts apart
    labels: tuple[str, ...]  # all there are, sorted
    classes: IntArray  # (rows,) the place of each row's label in these
    text_issues: NDArray[np.uint8]  # (rows,) bits of `garbled.KINDS`
    scripts: tuple[str, ...]
    script: NDArray[np.uint8]  # (rows,) the place of each text's main script in these
    unsplit: NDArray[np.uint8]  # (rows,) 0, or 1 + the place in `WITHOUT_SPACES` of a script that isn't read well
    excerpts: Previews
    bad_rows: tuple[tuple[BadRow, ...], ...]  # of each file

    def __len__(self) -> int:
        """Count the rows that can be used."""
        return len(self.classes)

    @cached_property
    def file(self) -> NDArray[np.uint8]:
        """The file of each row: 0, or 1 for the test file."""
        return np.repeat(np.arange(len(self.ends), dtype=np.uint8), np.diff([0, *self.ends]))

    @property
    def train(self) -> slice:
        """The rows of the first file."""
        return slice(0, self.ends[0])

    @cached_property
    def _computed(self) -> dict[Any, Any]:
        return {}

    def once(self, compute: Callable[[DatasetProfile], T]) -> T:
        """Return what is computed of this profile; several checks may ask for the same."""
        if compute not in self._computed:
            self._computed[compute] = compute(self)
        return cast(T, self._computed[compute])

    def counts(self, file: int) -> IntArray:
        """Count the rows of each label in a file."""
        return np.bincount(self.classes[self.file == file], minlength=len(self.labels))


class _Notes:
    """What is written down of the rows as they pass."""

    def __init__(self) -> None:
        self.numbers, self.flaws, self.script, self.unsplit = array("q"), bytearray(), bytearray(), bytearray()
        self.scripts: dict[str, int] = {}
        self.excerpts, self.ends = Previews(), list[int]()
        self.bad_rows: list[tuple[BadRow, ...]] = []

    def pairs(self, rows: Iterable[Row | BadRow]) -> Iterator[tuple[str, str]]:
        """Pass the usable rows of a file on."""
        bad = []
        for row in rows:
            if isinstance(row, BadRow):
                bad.append(row)
                continue
            self.numbers.append(row.number)
            self.flaws.append(text_issues(row.text))
            self.script.append(self.scripts.setdefault(script(row.text), len(self.scripts)))
            self.unsplit.append(_UNSPLIT[unsplit(row.text)])
            self.excerpts.add(row.where, row.text)
            yield row.text, cast(str, row.label)  # a row whose label was wanted has one
        self.bad_rows.append(tuple(bad))
        self.ends.append(len(self.numbers))


def profile_files(sources: Sequence[str], options: ReadOptions = DEFAULTS) -> DatasetProfile:
    """Read the files, each once; a row that can't be used is noted, a file that can't be read is a DataError."""
    reject_standard_input_twice(*sources)
    opened = [read(source, options, ()) for source in sources]
    notes = _Notes()
    found = gather(chain.from_iterable(map(notes.pairs, opened)), READING, seed=0)
    labels, classes = label_encode(found.labels)
    return DatasetProfile(
        files=tuple(name_of(source).encode(errors="backslashreplace").decode() for source in sources),
        ends=tuple(notes.ends),
        numbers=np.array(notes.numbers, np.int64),
        corpus=found.corpus,
        keys=found.keys,
        labels=labels,
        classes=classes,
        text_issues=np.frombuffer(bytes(notes.flaws), np.uint8),
        scripts=tuple(notes.scripts),
        script=np.frombuffer(bytes(notes.script), np.uint8),
        unsplit=np.frombuffer(bytes(notes.unsplit), np.uint8),
        excerpts=notes.excerpts,
        bad_rows=tuple(notes.bad_rows),
    )
