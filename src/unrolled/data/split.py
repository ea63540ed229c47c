"""Texts and labels → the rows to train on and the rows held out: every class in its share, duplicates on one side.

The split depends on the texts, their labels and the seed alone, neither on the order of the rows nor on the machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from unrolled.arrays import IntArray
from unrolled.errors import data as errors

Keys: TypeAlias = NDArray[np.uint64]


def split_off(
    texts: Sequence[str], labels: Sequence[str], *, fraction: float, seed: int
) -> tuple[list[int], list[int]]:
    """Return (training rows, held-out rows), both sorted.

    Of each class about `fraction` of its rows is held out, in whole groups of equal texts: so near that no group left
    in training would still fit, at least one group where there are two or more, and never all. A text that stands
    under several labels counts to the first.
    """
    keys = b"".join(key_of(text.encode(errors="surrogatepass"), seed) for text in texts)
    train, held_out = split_keys(as_keys(keys), labels, fraction=fraction)
    return train.tolist(), held_out.tolist()


def key_of(text: bytes, seed: int) -> bytes:
    """Hash a text with the seed, which draws the order of texts: 16 bytes."""
    return hashlib.blake2b(b"%d\n%b" % (seed, text), digest_size=16).digest()


def as_keys(joined: bytes | bytearray) -> Keys:
    """Read the keys of texts, one behind another: (texts, 2), in the order of their bytes."""
    return np.frombuffer(joined, ">u8").reshape(-1, 2).astype(np.uint64)


def split_keys(keys: Keys, labels: Sequence[str], *, fraction: float) -> tuple[IntArray, IntArray]:
    """Split as `split_off` does, by keys (texts, 2) in place of the texts themselves."""
    if not 0 < fraction < 1:
        raise errors.fraction_out_of_range(fraction)
    groups = groups_of(keys)
    sizes, classes = np.bincount(groups), classes_of_groups(groups, labels)
    chosen = np.zeros(len(sizes), np.bool_)
    for number in np.unique(classes):
        own = np.flatnonzero(classes == number)
        chosen[own[_draw(sizes[own], fraction)]] = True
    held_out = chosen[groups]
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)


def groups_of(keys: Keys) -> IntArray:
    """Number the texts by their keys, equal ones alike, in the keys' order: (texts, 2) → (texts,)."""
    order = np.lexsort((keys[:, 1], keys[:, 0]))
    ordered, groups = keys[order], np.empty(len(order), np.int64)
    groups[order] = np.cumsum(np.concatenate([[False] * (len(order) > 0), (ordered[1:] != ordered[:-1]).any(axis=1)]))
    return groups


def classes_of_groups(groups: IntArray, labels: Sequence[str]) -> IntArray:
    """Number the class of each group, the first of its rows' labels in alphabetic order: (texts,) → (groups,)."""
    place = {label: number for number, label in enumerate(sorted(set(labels)))}
    found = np.full(int(groups.max()) + 1 if len(groups) else 0, len(place))
    np.minimum.at(found, groups, np.fromiter(map(place.__getitem__, labels), np.int64, len(labels)))
    return found


def _draw(sizes: IntArray, fraction: float) -> list[int]:
    """Choose the groups of a class to hold out: each, in order, that still fits into the wanted number of rows."""
    if len(sizes) < 2:
        return []
    wanted, held_out = round(fraction * int(sizes.sum())), list[int]()
    for group, size in enumerate(sizes.tolist()):
        if not wanted:
            break
        if size <= wanted:
            held_out.append(group)
            wanted -= size
    if len(held_out) == len(sizes):
        held_out.remove(int(len(sizes) - 1 - sizes[::-1].argmax()))
    return held_out or [int(sizes.argmin())]
