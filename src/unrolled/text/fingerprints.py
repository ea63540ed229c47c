"""Words of texts → 8 bytes each, by which a model recognises texts that taught it, and from which no text can be read.

A fingerprint is BLAKE2b of the letters and digits of a text's words, without case, accents and compatibility forms and
without blanks: neither how the tokenizer splits a text, which case may decide (`mr.smith`, `MR.SMITH`), nor characters
that nobody sees make a known text new. Of a text without any it is that of its words. A model keeps the fingerprints of
all its texts sorted, each once, so that neither the order of the texts nor how often each occurred is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeAlias
from unicodedata import category, normalize

import numpy as np
from numpy.typing import NDArray

from unrolled.arrays import BoolArray
from unrolled.text.corpus import Corpus

Fingerprints: TypeAlias = NDArray[np.uint64]
SIZE = 8  # bytes


def fingerprints_of(texts: Corpus, words_read: int | None = None) -> Fingerprints:
    """Compute each text's fingerprint, from its first `words_read` words or from all: (texts,).

    Texts that differ in case, blanks, punctuation, accents or invisible characters alone have one fingerprint.
    """
    words = [_letters(word).encode() for word in texts.words]
    whole = [word.encode(errors="surrogatepass") for word in texts.words]
    if words_read is not None:
        texts = Corpus(texts.words, texts.ids, texts.starts, np.minimum(texts.lengths, words_read))
    found = bytearray()
    for block in texts.blocks():
        ids, start = block.flat.tolist(), 0
        for length in block.lengths.tolist():
            own = ids[start : start + length]
            text = b"".join([words[k] for k in own]) or b" ".join([b"", *(whole[k] for k in own)])
            found += blake2b(text, digest_size=SIZE).digest()
            start += length
    return np.frombuffer(found, "<u8").astype(np.uint64)


def _letters(word: str) -> str:
    """Keep what tells a word from others in every spelling: its letters and digits, decomposed and without case."""
    if word.isascii():  # most words, and much quicker
        return word.lower() if word.isalnum() else "".join(filter(str.isalnum, word)).lower()
    folded = normalize("NFKD", normalize("NFKD", word).casefold()).replace("ı", "i")  # İ and I are one letter's
    return "".join(c for c in folded if category(c)[0] in "LN")


@dataclass(frozen=True, eq=False)
class TextFingerprints:
    """The fingerprints of all texts that taught a model, or a model that it was trained further from; sorted, distinct.

    `train` are those of training; `selection` those of other texts that chose its epoch, temperature or threshold.
    They are complete unless word vectors were given: these may have been trained on any text.
    """

    train: Fingerprints
    selection: Fingerprints
    complete: bool = True

    @classmethod
    def of(
        cls,
        train: Fingerprints,
        selection: Fingerprints,
        base: TextFingerprints | None = None,
        *,
        complete: bool = True,
    ) -> TextFingerprints:
        """Sort fingerprints in any order, and add those of a base model."""
        complete = complete and (base is None or base.complete)
        if base is not None:
            train, selection = np.concatenate([train, base.train]), np.concatenate([selection, base.selection])
        train = np.unique(train)
        selection = np.unique(selection)
        return cls(train, selection[~_among(selection, train)], complete)

    @property
    def counts(self) -> dict[str, int]:
        """How many fingerprints there are of each kind."""
        return {"train": len(self.train), "selection": len(self.selection)}

    def in_training(self, texts: Fingerprints) -> BoolArray:
        """Return for each text whether the model was trained on it: (texts,)."""
        return _among(texts, self.train)

    def in_selection(self, texts: Fingerprints) -> BoolArray:
        """Return for each text whether it chose the epoch, the temperature or the threshold: (texts,)."""
        return _among(texts, self.selection)

    def known(self, texts: Fingerprints) -> BoolArray:
        """Return for each text whether it taught the model in any way: (texts,)."""
        return self.in_training(texts) | self.in_selection(texts)


def _among(texts: Fingerprints, known: Fingerprints) -> BoolArray:
    """Search sorted fingerprints, which may be mapped from a file: np.isin would copy and sort them."""
    if not len(known):
        return np.zeros(len(texts), np.bool_)
    found: BoolArray = known[np.minimum(np.searchsorted(known, texts), len(known) - 1)] == texts
    return found
