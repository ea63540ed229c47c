"""Labels → their numbers, and groups of labels that differ by spelling alone."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

import numpy as np

from unrolled.arrays import IntArray


def label_encode(labels: Sequence[str]) -> tuple[tuple[str, ...], IntArray]:
    """List the different labels, sorted, and each row's place among them."""
    known = tuple(sorted(set(labels)))
    place = {label: number for number, label in enumerate(known)}
    return known, np.fromiter(map(place.__getitem__, labels), np.int64, len(labels))


def labels_alike(labels: Iterable[str]) -> list[list[str]]:
    """Group the labels that differ only by case, by spaces or by how Unicode spells a letter."""
    groups: dict[str, list[str]] = {}
    for label in sorted(set(labels)):
        groups.setdefault("".join(unicodedata.normalize("NFKC", label).casefold().split()), []).append(label)
    return [group for group in groups.values() if len(group) > 1]
