"""Keys of texts → rows of the same text, in one file or under two labels.

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
from typing import TYPE_CHECKING

import numpy as np

from unrolled.arrays import IntArray
from unrolled.checks.finding import Finding, serious
from unrolled.data.split import as_keys, groups_of
from unrolled.text.corpus import Corpus

if TYPE_CHECKING:
    from unrolled.checks.profile import DatasetProfile

WARNED = 0.01  # share of rows from which copies change what is measured
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
    """Find the rows of texts that stand under several labels, and for each the first row with another label."""
    count = int(groups.max(initial=-1)) + 1
    everyone = np.arange(len(groups))
    first = first_of(groups, everyone, count)
    differs = everyone[classes != classes[first[groups]]]
    second = first_of(groups, differs, count)
    rows = np.flatnonzero(second[groups] >= 0)
    same = classes[rows] == classes[first[groups[rows]]]
    return rows, np.where(same, second[groups[rows]], first[groups[rows]])


def normal_words(words: Sequence[str]) -> list[str]:
    """Leave of each word what tells it from others: no case, no punctuation, no accents spelt in two ways.

    What stands between two digits, or is the point before the first, belongs to a number.
    """
    folded = (unicodedata.normalize("NFKC", word).casefold() for word in words)
    return [word if word.isalnum() else _NEEDLESS.sub(_telling, word) for word in folded]


def _telling(found: re.Match[str]) -> str:
    return "".join(c for c in found[0] if unicodedata.category(c)[0] in "SM")


@dataclass(frozen=True, eq=False)
class DuplicateGroups:
    """The texts of a look, numbered by what is the same."""

    look: DatasetProfile

    @cached_property
    def exact(self) -> IntArray:
        """Equal texts have equal numbers."""
        return groups_of(self.look.keys)

    @cached_property
    def words(self) -> list[str]:
        """The corpus's distinct words, normalised; empty for punctuation."""
        return normal_words(self.look.corpus.words)

    @cached_property
    def normal(self) -> IntArray:
        """Texts that are equal after normalising have equal numbers; of those without letters only equal ones."""
        joined = bytearray()
        for row, text in enumerate(_normal_texts(self.look.corpus, self.words)):
            kept = b"t" + text.encode(errors="surrogatepass") if text else b"k" + self.look.keys[row].tobytes()
            joined += hashlib.blake2b(kept, digest_size=16).digest()
        return groups_of(as_keys(joined))

    @cached_property
    def first_in(self) -> list[IntArray]:
        """For each file, the first row of each group of `normal`, or -1."""
        count = int(self.normal.max(initial=-1)) + 1
        of_file = (np.flatnonzero(self.look.file == file) for file in range(len(self.look.files)))
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
    """Part numbers that stood beside each other, and keep the sign of one."""
    text = text.replace(_SIGN + _EDGE, "-").replace(_EDGE + _EDGE, " ")
    return text.replace(_EDGE, "").replace(_SIGN, "")


def duplicates(same: DuplicateGroups) -> Iterator[Finding]:
    """Find rows that are there twice in a file, and texts under two labels."""
    look = same.look
    rows, others = duplicate_rows(same.exact, look.classes, look.file.astype(np.int64))
    if len(rows):
        yield Finding(
            kind="exact_duplicates",
            severity=serious(len(rows) / len(look), above=WARNED),
            count=len(rows),
            of=len(look),
            meaning="These rows have the text and the label of an earlier row of their file.",
            advice="Remove them, unless what you will predict repeats itself in the same way.",
            suggestion="remove it, the other row has the same text and label",
            rows=rows,
            others=others,
            similarity=np.ones(len(rows)),
        )
    yield from _normalised(same)
    yield from _contradictions(same)


def _normalised(same: DuplicateGroups) -> Iterator[Finding]:
    """Of the distinct rows of a file, find those that equal an earlier one but for case, spaces and punctuation."""
    look = same.look
    own = look.classes, look.file.astype(np.int64)
    distinct = np.setdiff1d(np.arange(len(look)), duplicate_rows(same.exact, *own)[0])
    rows, others = duplicate_rows(same.normal[distinct], *(part[distinct] for part in own))
    if len(rows):
        yield Finding(
            kind="duplicates_but_for_spelling",
            severity=serious(len(rows) / len(look), above=WARNED),
            count=len(rows),
            of=len(look),
            meaning="These rows equal an earlier one of their file and label but for case, spaces and punctuation.",
            advice="Remove them, unless what you will predict repeats itself in the same way.",
            suggestion="remove it, or the other row",
            rows=distinct[rows],
            others=distinct[others],
            similarity=np.ones(len(rows)),
        )


def _contradictions(same: DuplicateGroups) -> Iterator[Finding]:
    look = same.look
    exact, others = contradictions(same.exact, look.classes)
    told = "These rows' text stands under another label too"
    finds = [("contradictions", f"{told}, so that one of both is wrong or the text doesn't tell.", exact, others)]
    rows, others = contradictions(same.normal, look.classes)
    new = ~np.isin(rows, exact)
    told += ", but for case, spaces and punctuation."
    finds.append(("contradictions_but_for_spelling", told, rows[new], others[new]))
    for kind, meaning, rows, others in finds:
        if len(rows):
            yield Finding(
                kind=kind,
                severity="warning",
                count=len(rows),
                of=len(look),
                meaning=meaning,
                advice="Decide for one label, or remove them; no model can learn both.",
                suggestion="decide between both labels",
                rows=rows,
                others=others,
                similarity=np.ones(len(rows)),
            )
