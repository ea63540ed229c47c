"""Rows of texts and labels → what is looked at, as if they stood in files; and texts without any problem."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

import pytest

from unrolled.checks.profile.dataset_profile import DatasetProfile, profile_files

Pair: TypeAlias = tuple[str, str]
LETTERS = "bdfgklmnprstvz"


@pytest.fixture
def profile(tmp_path: Path) -> Callable[..., DatasetProfile]:
    """How to look at rows, and at test rows beside them; what doesn't belong into a row goes in as it is."""

    def looked(rows: Sequence[Pair], test: Sequence[Pair] | None = None) -> DatasetProfile:
        paths = []
        for name, pairs in (("train.csv", rows), ("test.csv", test)):
            if pairs is not None:
                paths.append(tmp_path / name)
                with paths[-1].open("w", encoding="utf-8", newline="") as file:
                    csv.writer(file).writerows([("text", "label"), *pairs])
        return profile_files([str(path) for path in paths])

    return looked


@pytest.fixture(scope="session")
def clean() -> Callable[..., list[Pair]]:
    """How to make so many rows without any problem: random words, of which a few tell the label a little."""

    def made(count: int, seed: int = 0) -> list[Pair]:
        chance = random.Random(seed)
        words = [f"{a}a{b}o{c}e" for a in LETTERS for b in LETTERS for c in "knt"]
        labels = [("no", "yes")[number % 2] for number in range(count)]
        telling = (["dull", "poor", "weak"], ["fine", "great", "warm"])
        told = [telling[(label == "yes") ^ (chance.random() < 0.1)] for label in labels]
        texts = [" ".join([*chance.choices(words, k=12), chance.choice(some)]) for some in told]
        return list(zip(texts, labels, strict=True))

    return made
