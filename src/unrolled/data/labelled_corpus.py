"""Texts with labels, one pair after another → the texts' words in a corpus, and the labels; no text itself is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from unrolled.data.split import Keys, as_keys, key_of
from unrolled.model.corpus import Corpus, split
from unrolled.model.reading import Reading


@dataclass(frozen=True, eq=False)
class LabelledCorpus:
    """Words of texts, read in a certain way, and what is known of the texts themselves."""

    reading: Reading
    seed: int
    corpus: Corpus
    labels: list[str]
    keys: Keys  # (texts, 2) what tells texts apart and, drawn from the seed, orders them
    digest: str  # of all texts and labels

    def __len__(self) -> int:
        """Count the texts."""
        return len(self.labels)


def gather(pairs: Iterable[tuple[str, str]], reading: Reading, *, seed: int) -> LabelledCorpus:
    """Read all pairs of a text and its label; `seed` is that by which dev texts will be split off.

    Memory is taken by the distinct words, and some 50 bytes a text; the places of words are written to a file in the
    system's temporary folder. DataError where that has no room.
    """
    gathering = _Gathering(seed)
    corpus = split(gathering.texts(pairs), reading)
    keys = as_keys(gathering.keys)
    return LabelledCorpus(reading, seed, corpus, gathering.labels, keys, gathering.digest.hexdigest())


class _Gathering:
    """What is noted of the pairs while their texts are split."""

    def __init__(self, seed: int) -> None:
        self.seed, self.keys, self.labels = seed, bytearray(), list[str]()
        self.known: dict[str, str] = {}  # one string for each label, however often it occurs
        self.digest = hashlib.sha256()

    def texts(self, pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
        """Pass the texts on."""
        for text, label in pairs:
            encoded, own = text.encode(errors="surrogatepass"), self.known.setdefault(label, label)
            self.labels.append(own)
            self.keys += key_of(encoded, self.seed)
            for part in (encoded, own.encode(errors="surrogatepass")):  # with their lengths, or joined they might meet
                self.digest.update(len(part).to_bytes(8, "little") + part)
            yield text
