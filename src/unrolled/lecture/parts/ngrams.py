"""N-grams: local order, the row that each hashes to, and the global order that follows from the local one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from unrolled.lecture.example import NGRAM_SENTENCE, words_of
from unrolled.lecture.part import Part
from unrolled.lecture.writing import columns, paragraph
from unrolled.model.encoders.ngrams import Ngrams
from unrolled.text.ngrams import BASIS, MODULUS, PRIME, fnv1a, hashed_ngrams, ngrams

BUCKETS = Ngrams(input_size=4).buckets
NAMES = ("unigrams", "bigrams", "trigrams", "4-grams")


def steps() -> Iterator[str]:
    """List the n-grams, hash them, put them in order again."""
    words = words_of(NGRAM_SENTENCE)
    yield from ("", f"'{NGRAM_SENTENCE}'")
    yield from columns(
        [[name, f"{{{', '.join(ngrams(words, n, n))}}}"] for n, name in enumerate(NAMES, start=1)], left=2
    )
    yield from paragraph(
        "Single words have the vocabulary's rows of the embedding table. A longer n-gram has the row that it hashes "
        f"to, one of {BUCKETS}: FNV-1a takes byte after byte, h = ((h xor byte) * {PRIME}) mod 2^32."
    )
    yield from _first_bytes(words)
    yield from _buckets(words)
    yield from ("", "Global order from local order: each bigram's last word begins the next one")
    yield f"  {' → '.join(_chained(ngrams(words, 2, 2)))}"
    yield from _exchanged(words)


def _first_bytes(words: Sequence[str]) -> Iterator[str]:
    text, state = " ".join(words[:2]), BASIS
    yield from ("", f"The first two bytes of '{text}'")
    for byte in text.encode()[:2]:
        after = fnv1a(bytes([byte]), state)
        yield f"  {chr(byte)}, byte {byte}:  h = (({state} xor {byte}) * {PRIME}) mod {MODULUS} = {after}"
        state = after


def _buckets(words: Sequence[str]) -> Iterator[str]:
    rows = [["n-gram", "hash", f"hash mod {BUCKETS}"]]
    for n in range(2, len(NAMES) + 1):
        (buckets,) = hashed_ngrams([words], n, n, BUCKETS)
        rows += [
            [gram, str(fnv1a(gram.encode())), str(bucket)]
            for gram, bucket in zip(ngrams(words, n, n), buckets, strict=True)
        ]
    yield ""
    yield from columns(rows)


def _chained(bigrams: Sequence[str]) -> list[str]:
    """Find the order of the words from a set of bigrams without repeated words."""
    after = dict(sorted(bigram.split() for bigram in bigrams))
    (first,) = set(after) - set(after.values())
    found = [first]
    while found[-1] in after:
        found.append(after[found[-1]])
    return found


def _exchanged(words: Sequence[str]) -> Iterator[str]:
    turned = [words[2], words[1], words[0], *words[3:]]
    yield from ("", f"'{' '.join(turned)}' has the same unigrams, and of the longer n-grams")
    for n, name in enumerate(NAMES, start=1):
        here, there = (set(ngrams(order, n, n)) for order in (words, turned))
        yield f"  {len(here & there)} of {len(here)} {name} in common"


PART = Part(
    section=4,
    title="Local order: n-grams",
    equation="n-grams = {w_i w_{i+1} … w_{i+n-1}},    i = 1 … T-n+1",
    files=("text/ngrams.py", "model/encoders/ngrams.py"),
    steps=steps,
)
