"""Texts with labels, one pair after another → the texts' words in a corpus, and the labels; no text itself is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from unrolled.data.split import Keys, as_keys, key_of
from unrolled.text.corpus import Corpus, split
from unrolled.text.fingerprints import Fingerprints, fingerprints_of
from unrolled.text.text_config import TextConfig


@dataclass(frozen=True, eq=False)
class LabelledCorpus:
    """Words of texts, read in a certain way, and what is known of the texts themselves if dev texts are to be drawn."""

    reading: TextConfig
    seed: int | None
    corpus: Corpus
    labels: list[str]
    keys: Keys  # (texts, 2) what tells texts apart and, drawn from the seed, orders them; without a seed none
    digest: str  # of all texts and labels; without a seed ""
    _fingerprints: dict[int | None, Fingerprints] = field(default_factory=dict, repr=False)

    def fingerprints(self, words_read: int | None) -> Fingerprints:
        """Compute the fingerprint of each text, as a model that reads this many words of it knows it: (texts,)."""
        if words_read not in self._fingerprints:
            self._fingerprints[words_read] = fingerprints_of(self.corpus, words_read)
        return self._fingerprints[words_read]


def gather(pairs: Iterable[tuple[str, str]], reading: TextConfig, *, seed: int | None = None) -> LabelledCorpus:
    """Read all pairs of a text and its label; to be trained on they need the seed by which dev texts are split off.

    Memory is taken by the distinct words, and some 50 bytes a text; the places of words are written to a file in the
    system's temporary folder. DataError where that has no room.
    """
    labels, known = list[str](), dict[str, str]()  # one string for each label, however often it occurs
    hashes = None if seed is None else _Hashes(seed)

    def texts() -> Iterator[str]:
        for text, label in pairs:
            labels.append(known.setdefault(label, label))
            if hashes:
                hashes.add(text, label)
            yield text

    corpus = split(texts(), reading)
    keys, digest = (hashes.keys, hashes.digest.hexdigest()) if hashes else (b"", "")
    return LabelledCorpus(reading, seed, corpus, labels, as_keys(keys), digest)


class _Hashes:
    """What is kept of texts themselves."""

    def __init__(self, seed: int) -> None:
        self.seed, self.keys, self.digest = seed, bytearray(), hashlib.sha256()

    def add(self, text: str, label: str) -> None:
        """Note a text and its label."""
        encoded = text.encode(errors="surrogatepass")
        self.keys += key_of(encoded, self.seed)
        for part in (encoded, label.encode(errors="surrogatepass")):  # with their lengths, or joined they might meet
            self.digest.update(len(part).to_bytes(8, "little") + part)
