"""Words of texts → 8 bytes each, by which a model recognises texts that taught it, and from which no text can be read.

A fingerprint is BLAKE2b of a text's words, case-folded and joined by spaces. A model keeps those of all its texts
sorted, each once, so that neither the order of the texts nor how often each occurred is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from unrolled.arrays import BoolArray
from unrolled.text.corpus import Corpus

Fingerprints: TypeAlias = NDArray[np.uint64]
SIZE = 8  # bytes


def fingerprints_of(texts: Corpus, words_read: int | None = None) -> Fingerprints:
    """Compute each text's fingerprint, from its first `words_read` words or from all: (texts,).

    Texts that differ in case or blanks alone have one fingerprint.
    """
    words = [word.casefold().encode(errors="surrogatepass") for word in texts.words]
    if words_read is not None:
        texts = Corpus(texts.words, texts.ids, texts.starts, np.minimum(texts.lengths, words_read))
    found = bytearray()
    for block in texts.blocks():
        ids, start = block.flat.tolist(), 0
        for length in block.lengths.tolist():
            text = b" ".join([words[k] for k in ids[start : start + length]])
            # Only here does case decide how `tokens` splits a text: not in example.com, but in EXAMPLE.COM.
            found += blake2b(text.replace(b" . ", b"."), digest_size=SIZE).digest()
            start += length
    return np.frombuffer(found, "<u8").astype(np.uint64)


@dataclass(frozen=True, eq=False)
class TextFingerprints:
    """The fingerprints of all texts that taught a model, or a model that it was trained further from; sorted, distinct.

    `train` are those of training; `selection` those of other texts that chose its epoch, temperature or threshold.
    """

    train: Fingerprints
    selection: Fingerprints

    @classmethod
    def of(cls, train: Fingerprints, selection: Fingerprints, base: TextFingerprints | None = None) -> TextFingerprints:
        """Sort fingerprints in any order, and add those of a base model."""
        if base is not None:
            train, selection = np.concatenate([train, base.train]), np.concatenate([selection, base.selection])
        train = np.unique(train)
        selection = np.unique(selection)
        return cls(train, selection[~_among(selection, train)])

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
