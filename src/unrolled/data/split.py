"""Texts and labels → the rows to train on and the rows held out: every class in its share, duplicates on one side.

The split depends on the texts, their labels and the seed alone, neither on the order of the rows nor on the machine.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence

from unrolled.errors import data as errors

Group = list[int]  # the rows of one distinct text


def split_off(
    texts: Sequence[str], labels: Sequence[str], *, fraction: float, seed: int
) -> tuple[list[int], list[int]]:
    """Return (training rows, held-out rows), both sorted.

    Of each class about `fraction` of its rows is held out, in whole groups of equal texts: so near that no group left
    in training would still fit, at least one group where there are two or more, and never all. A text that stands
    under several labels counts to the first.
    """
    if not 0 < fraction < 1:
        raise errors.fraction_out_of_range(fraction)
    held_out = [row for groups in _classes(texts, labels, seed) for group in _draw(groups, fraction) for row in group]
    return sorted(set(range(len(texts))).difference(held_out)), sorted(held_out)


def _classes(texts: Sequence[str], labels: Sequence[str], seed: int) -> list[list[Group]]:
    """Return each class's groups, in an order that is drawn from the seed and the texts."""
    rows_of: dict[str, Group] = defaultdict(list)
    for row, text in enumerate(texts):
        rows_of[text].append(row)
    classes: dict[str, list[Group]] = defaultdict(list)
    for text in sorted(rows_of, key=lambda text: (_digest(text, seed), text)):
        classes[min(labels[row] for row in rows_of[text])].append(rows_of[text])
    return list(classes.values())


def _digest(text: str, seed: int) -> bytes:
    return hashlib.blake2b(f"{seed}\n{text}".encode(errors="surrogatepass"), digest_size=16).digest()


def _draw(groups: list[Group], fraction: float) -> list[Group]:
    """Return the groups to hold out: each, in order, that still fits into the wanted number of rows."""
    if len(groups) < 2:
        return []
    wanted = round(fraction * sum(map(len, groups)))
    held_out: list[Group] = []
    for group in groups:
        if len(group) <= wanted:
            held_out.append(group)
            wanted -= len(group)
    if len(held_out) == len(groups):
        held_out.remove(max(reversed(held_out), key=len))
    return held_out or [min(groups, key=len)]
