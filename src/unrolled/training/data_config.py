"""Texts and labels → vocabulary, training examples and dev examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from unrolled.arrays import IntArray
from unrolled.model.network import Network
from unrolled.settings import Count, Interval
from unrolled.text.corpus import Corpus, lengths_of
from unrolled.text.memmap import to_memmap
from unrolled.text.vocabulary import Vocabulary
from unrolled.training.examples import Examples


@dataclass(frozen=True, kw_only=True)
class DataConfig:
    """Settings of what training sees of its texts."""

    min_count: Annotated[Count, "minimum count of a word; rarer words are read as unknown"] = 1
    max_features: Annotated[Count | None, "maximum size of the vocabulary"] = None
    validation_fraction: Annotated[
        float, Interval(0, 1, closed="neither"), "share of the texts split off for validation"
    ] = 0.1
    target_precision: Annotated[
        float | Mapping[str, float] | None,
        Interval(0, 1, closed="neither"),
        "abstain (label null) below a threshold chosen so that at least this share of the answers is correct: 0.95, or "
        "for single labels spam=0.95,ham=0.9",
    ] = None
    fingerprints: Annotated[
        bool, "keep an 8-byte fingerprint of each text, for evaluate, --base-model and --target-precision"
    ] = True

    def vocabulary(self, texts: Iterable[Sequence[str]] | Counter[str]) -> Vocabulary:
        """Know the words of texts, or those counted, that are neither too rare nor too many."""
        return Vocabulary.build(texts, min_count=self.min_count, max_features=self.max_features)


def examples(
    texts: Sequence[Sequence[str]],
    labels: Sequence[str],
    network: Network,
    vocabulary: Vocabulary,
    classes: Sequence[str],
) -> Examples:
    """Number words, as the network reads them, and labels; the numbers of a corpus are stored in a file as its own."""
    place, counts = {label: number for number, label in enumerate(classes)}, [np.empty(0, np.int64)]

    def pieces() -> Iterator[IntArray]:
        for block in texts.blocks() if isinstance(texts, Corpus) else [texts]:
            numbers, own = network.number_together(block, vocabulary)
            counts.append(own)
            yield numbers

    ids, numbered = to_memmap(pieces()), np.fromiter(map(place.__getitem__, labels), np.int64, len(labels))
    return Examples(ids, np.concatenate(counts), numbered, lengths_of(texts))
