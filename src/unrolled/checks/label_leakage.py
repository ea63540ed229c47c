"""Words and labels → words that give a label away: in much of one class and in hardly a text of another.

Of a word: precision = texts of the label among those with the word, recall = texts with the word among the label's,
accuracy = right answers of "the label where the word is, elsewhere the most frequent label". A word with digits counts
twice: as it is read, for "stars 5" may tell, and with any other digits in their place, so that the prefix of a ticket's
number is found. A word is reported if
    often    recall ≥ 0.5, precision ≥ 0.95 and surely above the label's share, and it beats the most frequent label, or
    surely   recall ≥ 0.2, and surely precision ≥ 0.95 and five times fewer errors than by the label's share alone,
"surely" being the lower end of Wilson's interval, at a level that leaves one word in a hundred files to chance. Missing
words are measured like words, as what the texts without them have in common, and must be in 0.95 of the other labels'
texts too: of messages without a number 0.981 are no spam, with recall 0.884, but 0.11 of spam have none either.

Words that carry a meaning stay below in large files: in 5,452 questions "who" has precision 0.972 and recall 0.476, in
10,662 sentences of reviews "dull" 0.923 and 0.014. In few rows they don't: of 500 questions "who" is right in 47 of 47,
with recall 0.723. So what is only often there is a leak with recall ≥ 0.6 and surely precision ≥ 0.8, and else noted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from unrolled.arrays import BoolArray, Float64Array, IntArray
from unrolled.checks.findings.finding import Finding
from unrolled.checks.profile.dataset_profile import DatasetProfile
from unrolled.text.corpus import Corpus

ORDER = 3  # among findings that are as serious
FEWEST = 10  # texts with the word
PRECISION, RECALL, RECALL_IF_SURE, FEWER_ERRORS = 0.95, 0.5, 0.2, 5
LEAK_RECALL, LEAK_SURELY = 0.6, 0.8  # above what words of the language reach
LEVEL = 0.01  # of a wrong alarm, for all words together
SHOWN, MOST_WORDS = 10, 5
NUMBER = "<number>"
_MEANING = {
    True: "One word alone, or its absence, gives these labels away, so a model may learn it and not what texts say.",
    False: "One word alone, or its absence, tells these labels in this file; the rows are too few to call it a leak.",
}
_ADVICE = {
    True: "Remove the word from all texts, unless what you will predict has it too.",
    False: "Leave it if the word tells by its meaning; remove it if it came with how the texts were gathered.",
}


class Counts(NamedTuple):
    """How many texts of each label have each word, for the pairs that occur."""

    words: tuple[str, ...]
    word: IntArray  # (pairs,)
    label: IntArray  # (pairs,)
    texts: IntArray  # (pairs,)


class TokenStats(NamedTuple):
    """Words and labels that may belong together: the texts with the word, or without it, and those of the label."""

    word: IntArray
    label: IntArray
    hits: IntArray  # texts of the label
    texts: IntArray  # of any
    without: BoolArray


class Leak(NamedTuple):
    """A word that gives a label away, or that misses where the label is."""

    word: str
    without: bool
    certain: bool  # and no word of the language that is so by its meaning
    label: str
    texts: int
    precision: float
    recall: float
    accuracy: float
    accuracy_without: float

    def describe(self) -> str:
        """Describe how well it predicts, without the word itself."""
        return (
            f"→ {self.label!r}: in {100 * self.recall:.1f} % of its texts, and right in {100 * self.precision:.1f} % "
            f"of {self.texts:,}; alone it is right on {100 * self.accuracy:.1f} % of all rows, the most frequent label "
            f"on {100 * self.accuracy_without:.1f} %"
        )


def wilson_lower(hits: Float64Array, of: Float64Array, level: float) -> Float64Array:
    """Compute the lower end of Wilson's one-sided interval for hits / of."""
    z = NormalDist().inv_cdf(1 - level)
    p, spread = hits / of, z * np.sqrt(hits / of * (1 - hits / of) / of + (z / of) ** 2 / 4)
    return np.asarray((p + z * z / (2 * of) - spread) / (1 + z * z / of))


def _any_number(words: Sequence[str]) -> list[str]:
    """Spell each word with `<number>` for its digits in a row."""
    return [re.sub(r"\d+", NUMBER, word) for word in words]


def _numbered(corpus: Corpus) -> tuple[tuple[str, ...], IntArray, IntArray]:
    """Number words, those that differ by digits alike → names, each word's number, that of the word itself or -1.

    Only words that may be in enough texts have one for themselves, so that numbers of tickets take no memory.
    """
    spellings, names = _any_number(corpus.words), dict[str, int]()
    several = {name for name, times in Counter(spellings).items() if times > 1}
    chosen = (name if name in several else word for name, word in zip(spellings, corpus.words, strict=True))
    numbers_of_words = np.fromiter((names.setdefault(name, len(names)) for name in chosen), np.int64, len(spellings))
    itself, times = np.full(len(spellings), -1), np.zeros(len(spellings), np.int64)
    for block in corpus.blocks():
        times += np.bincount(block.flat, minlength=len(spellings))
    for place in np.flatnonzero(times >= FEWEST).tolist():
        if spellings[place] in several and spellings[place] != corpus.words[place]:
            itself[place] = names.setdefault(corpus.words[place], len(names))
    return tuple(names), numbers_of_words, itself


def count(corpus: Corpus, classes: IntArray, labels: int) -> Counts:
    """Count texts by word and label; words that differ by digits count as one, and frequent ones for themselves too."""
    names, own, itself = _numbered(corpus)
    pairs, texts, first = np.empty(0, np.int64), np.empty(0, np.int64), 0
    for block in corpus.blocks():
        row, flat = np.repeat(np.arange(len(block)), block.lengths), np.asarray(block.flat)
        exact = itself[flat] >= 0
        word = np.concatenate([own[flat], itself[flat[exact]]])
        # np.unique, which hashes, is several times slower
        seen = np.sort(np.concatenate([row, row[exact]]) * len(names) + word)
        seen = seen[np.diff(seen, prepend=-1) > 0]
        label = classes[first : first + len(block)][seen // max(1, len(names))]
        new, times = np.unique(seen % max(1, len(names)) * labels + label, return_counts=True)
        pairs, place = np.unique(np.concatenate([pairs, new]), return_inverse=True)
        texts = np.bincount(place, np.concatenate([texts, times]), len(pairs)).astype(np.int64)
        first += len(block)
    return Counts(names, pairs // labels, pairs % labels, texts)


def predictive_words(profile: DatasetProfile) -> list[Leak]:
    """Measure every word of the first file, and list those that give a label away, the most telling first."""
    of_label, rows = profile.counts(0), profile.ends[0]
    if np.count_nonzero(of_label) < 2:
        return []
    counts = count(profile.corpus[profile.train], profile.classes[profile.train], len(profile.labels))
    signs = _signs(counts, of_label)
    has = of_label[signs.label]
    hits, texts = signs.hits.astype(np.float64), signs.texts.astype(np.float64)
    sure, precision, recall = wilson_lower(hits, texts, LEVEL / max(1, len(hits))), hits / texts, hits / has
    often = (recall >= RECALL) & (precision >= PRECISION) & (sure > has / rows)
    surely = (recall >= RECALL_IF_SURE) & (sure >= PRECISION) & (FEWER_ERRORS * (1 - sure) <= 1 - has / rows)
    enough = ~signs.without | (texts - hits <= (1 - PRECISION) * (rows - has))
    often, surely = often & enough, surely & enough
    certain = surely | (recall >= LEAK_RECALL) & (sure >= LEAK_SURELY)
    found = [
        (sign, _leak(profile, counts, signs, sign, of_label, bool(certain[sign])))
        for sign in np.flatnonzero(often | surely).tolist()
    ]
    leaks = [leak for sign, leak in found if surely[sign] or leak.accuracy > leak.accuracy_without]
    words = {leak.word for leak in leaks if not leak.without}  # with two labels, what misses one is in the other
    leaks = [leak for leak in leaks if not (leak.without and leak.word in words)]
    return sorted(leaks, key=lambda leak: (-leak.accuracy, leak.word))


def _signs(counts: Counts, of_label: IntArray) -> TokenStats:
    """List the words of enough texts, and the words that enough texts miss, with the labels they may tell."""
    with_word = np.bincount(counts.word, counts.texts).astype(np.int64)
    often = with_word[counts.word] >= FEWEST
    word, label, texts = counts.word[often], counts.label[often], counts.texts[often]
    parts = [TokenStats(word, label, texts, with_word[word], np.zeros(len(word), np.bool_))]
    missing = of_label.sum() - with_word
    enough = (with_word >= FEWEST) & (missing >= FEWEST) & (PRECISION * missing <= of_label.max())
    of_these = enough[counts.word]  # few words: they are in nearly all texts
    word, label, texts = counts.word[of_these], counts.label[of_these], counts.texts[of_these]
    for own in np.flatnonzero(of_label >= PRECISION * missing[enough].min(initial=of_label.sum())):
        near = np.flatnonzero(enough & (PRECISION * missing <= of_label[own]))
        here = label == own
        hits = of_label[own] - np.bincount(word[here], texts[here], len(with_word)).astype(np.int64)
        parts.append(TokenStats(near, np.full(len(near), own), hits[near], missing[near], np.ones(len(near), np.bool_)))
    return TokenStats(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _leak(
    profile: DatasetProfile, counts: Counts, signs: TokenStats, sign: int, of_label: IntArray, certain: bool
) -> Leak:
    """Measure how well one word alone predicts one label."""
    word, label, hits, texts, without = (part[sign] for part in signs)
    own, rows = slice(*np.searchsorted(counts.word, [word, word + 1])), profile.ends[0]  # counts are sorted by word
    having = np.bincount(counts.label[own], counts.texts[own], len(of_label))
    elsewhere = having if without else of_label - having
    return Leak(
        word=counts.words[word],
        without=bool(without),
        certain=certain,
        label=profile.labels[label],
        texts=int(texts),
        precision=float(hits / texts),
        recall=float(hits / of_label[label]),
        accuracy=float((hits + elsewhere.max()) / rows),
        accuracy_without=float(of_label.max() / rows),
    )


def check(profile: DatasetProfile) -> Iterator[Finding]:
    """Find labels that one word gives away, surely or perhaps."""
    found = predictive_words(profile)
    for certain in (True, False):
        leaks = [leak for leak in found if leak.certain == certain]
        if leaks:
            yield Finding(
                kind="one_word_leaks" if certain else "telling_words",
                severity="warning" if certain else "note",
                count=len({leak.label for leak in leaks}),
                of=int(np.count_nonzero(profile.counts(0))),
                meaning=_MEANING[certain],
                advice=_ADVICE[certain],
                suggestion="remove the word that gives the label away" if certain else "check the word",
                details=tuple(_together(leaks)[:SHOWN]),
                rows=_rows_of(profile, leaks),
            )


def _together(found: list[Leak]) -> list[str]:
    """Group words that predict equally well in one line: as a rule they occur together."""
    words: dict[str, list[str]] = {}
    for leak in found:
        words.setdefault(leak.describe(), []).append("no " * leak.without + repr(leak.word))
    more = {worth: f", … ({len(alike):,} words)" * (len(alike) > MOST_WORDS) for worth, alike in words.items()}
    return [f"{', '.join(alike[:MOST_WORDS])}{more[worth]} {worth}" for worth, alike in words.items()]


def _rows_of(profile: DatasetProfile, leaks: list[Leak]) -> IntArray:
    """Find the rows of the first file that have one of the words, or miss one that tells by missing."""
    spellings = [*zip(profile.corpus.words, _any_number(profile.corpus.words), strict=True)]
    found = _rows_with(profile, spellings, {leak.word for leak in leaks if not leak.without})
    for word in {leak.word for leak in leaks if leak.without}:
        found |= ~_rows_with(profile, spellings, {word})
    return np.flatnonzero(found)


def _rows_with(profile: DatasetProfile, spellings: Sequence[tuple[str, str]], some: set[str]) -> BoolArray:
    known = np.fromiter((not some.isdisjoint(names) for names in spellings), np.bool_, len(spellings))
    first, found = 0, np.zeros(profile.ends[0], np.bool_)
    for block in profile.corpus[profile.train].blocks():
        row = np.repeat(np.arange(len(block)), block.lengths)
        found[row[known[block.flat]] + first] = True
        first += len(block)
    return found
