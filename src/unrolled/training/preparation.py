"""Texts and labels → vocabulary, training examples and dev examples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from unrolled.model.chunks import Splitter
from unrolled.model.corpus import lengths_of
from unrolled.model.network import Network
from unrolled.model.reading import Reading
from unrolled.model.vocabulary import Vocabulary
from unrolled.settings import Count, Interval
from unrolled.training.examples import Examples


@dataclass(frozen=True, kw_only=True)
class Preparation:
    """Settings of what training sees of its texts."""

    min_count: Annotated[Count, "rarer words are read as unknown"] = 1
    max_features: Annotated[Count | None, "most words to know"] = None
    validation_fraction: Annotated[float, Interval(0, 1, closed="neither"), "share split off as dev texts"] = 0.1


def tokenized(texts: Sequence[str], reading: Reading) -> list[list[str]]:
    """Split every text into words."""
    splitter = Splitter(reading)
    return [splitter.words(text) for text in texts]


def examples(
    texts: Sequence[Sequence[str]],
    labels: Sequence[str],
    network: Network,
    vocabulary: Vocabulary,
    classes: Sequence[str],
) -> Examples:
    """Number words, as the network reads them, and labels."""
    place = {label: number for number, label in enumerate(classes)}
    words = lengths_of(texts)
    return Examples(network.number(texts, vocabulary), np.array([place[label] for label in labels]), words)
