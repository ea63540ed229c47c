"""Keys of texts → groups of the same text, in one file or under two labels.

Texts are the same exactly, or after normalising: the same letters, digits and symbols in their order, whatever the
case, the spaces and the punctuation. Those of numbers count: 1.5 isn't 15, -50 isn't 50, and 2 51 isn't 25 1.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from unrolled.arrays import IntArray
from unrolled.checks.profile.dataset_profile import DatasetProfile
from unrolled.data.split import as_keys, groups_of
from unrolled.text.corpus import Corpus

_NEEDLESS = re.compile(r"(?!(?<=\d)[\W_](?=\d)|^\.(?=\d))[\W_]")
_EDGE, _SIGN = "\0", "\1"


def first_of(groups: IntArray, rows: IntArray, count: int) -> IntArray:
    """Find each group's first row among some, sorted, or -1: (count,)."""
    first = np.full(count, -1, np.int64)
    first[groups[rows[::-1]]] = rows[::-1]
    return first


def duplicate_rows(*groups: IntArray) -> tuple[IntArray, IntArray]:
    """Find the rows that equal an earlier row in every grouping, and that earlier row."""
    _, first, place = np.unique(np.stack(groups, axis=1), axis=0, return_index=True, return_inverse=True)
    earlier = first[place.reshape(-1)]
    rows = np.flatnonzero(earlier != np.arange(len(earlier)))
    return rows, earlier[rows]


def contradictions(groups: IntArray, classes: IntArray) -> tuple[IntArray, IntArray]:
    """Find the rows of texts that appear with several labels, and for each the first row with another label."""
    count = int(groups.max(initial=-1)) + 1
    everyone = np.arange(len(groups))
    first = first_of(groups, everyone, count)
    differs = everyone[classes != classes[first[groups]]]
    second = first_of(groups, differs, count)
    rows = np.flatnonzero(second[groups] >= 0)
    same = classes[rows] == classes[first[groups[rows]]]
    return rows, np.where(same, second[groups[rows]], first[groups[rows]])


def normal_words(words: Sequence[str]) -> list[str]:
    """Leave of each word what tells it from others: no case, no punctuation, no accents spelled in two ways.

    What stands between two digits, or is the point before the first, belongs to a number.
    """
    folded = (unicodedata.normalize("NFKC", word).casefold() for word in words)
    return [word if word.isalnum() else _NEEDLESS.sub(_symbols_of, word) for word in folded]


def _symbols_of(found: re.Match[str]) -> str:
    return "".join(c for c in found[0] if unicodedata.category(c)[0] in "SM")


@dataclass(frozen=True, eq=False)
class DuplicateGroups:
    """The texts of a look, numbered by what is the same."""

    profile: DatasetProfile

    @cached_property
    def exact(self) -> IntArray:
        """Equal texts have equal numbers."""
        return groups_of(self.profile.keys)

    @cached_property
    def words(self) -> list[str]:
        """The corpus's distinct words, normalised; empty for punctuation."""
        return normal_words(self.profile.corpus.words)

    @cached_property
    def normal(self) -> IntArray:
        """Texts that are equal after normalising have equal numbers; of those without letters only equal ones."""
        joined = bytearray()
        for row, text in enumerate(_normal_texts(self.profile.corpus, self.words)):
            key = b"t" + text.encode(errors="surrogatepass") if text else b"k" + self.profile.keys[row].tobytes()
            joined += hashlib.blake2b(key, digest_size=16).digest()
        return groups_of(as_keys(joined))

    @cached_property
    def first_in(self) -> list[IntArray]:
        """For each file, the first row of each group of `normal`, or -1."""
        count = int(self.normal.max(initial=-1)) + 1
        of_file = (np.flatnonzero(self.profile.file == file) for file in range(len(self.profile.files)))
        return [first_of(self.normal, rows, count) for rows in of_file]


def _normal_texts(corpus: Corpus, words: Sequence[str]) -> Iterator[str]:
    marked = [_SIGN if corpus.words[place] == "-" else _marked(word) for place, word in enumerate(words)]
    for block in corpus.blocks():
        ids, start = block.flat.tolist(), 0
        for length in block.lengths.tolist():
            text = "".join([marked[k] for k in ids[start : start + length]])
            yield text if text.isalnum() else _joined(text)
            start += length


def _marked(word: str) -> str:
    """Mark where a number begins and ends: no normal word holds such characters itself."""
    return _EDGE * (word[:1].isdigit() or word[:1] == ".") + word + _EDGE * word[-1:].isdigit()


def _joined(text: str) -> str:
    """Separate numbers that were next to each other, and keep the sign of one."""
    text = text.replace(_SIGN + _EDGE, "-").replace(_EDGE + _EDGE, " ")
    return text.replace(_EDGE, "").replace(_SIGN, "")
