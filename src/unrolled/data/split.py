"""Texts and labels → the rows to train on and the rows held out: every class in its share, duplicates on one side.

The split depends on the texts, their labels and the seed alone, neither on the order of the rows nor on the machine.
"""

from __future__ import annotations

import hashlib
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import accumulate

from unrolled.errors import data as errors

Group = list[int]  # the rows of one distinct text


def split_off(
    texts: Sequence[str], labels: Sequence[str], *, fraction: float, seed: int
) -> tuple[list[int], list[int]]:
    """Return (training rows, held-out rows), both sorted.

    Of each class as near to `fraction` of its rows is held out as whole groups of equal texts allow: at least one
    group where it has two or more, and never all. A text that stands under several labels counts to the first.
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
    """Return the groups to hold out: the first in order, exchanged as little as the nearest reachable count asks."""
    if len(groups) < 2:
        return []
    by_size: dict[int, list[Group]] = defaultdict(list)
    for group in groups:
        by_size[len(group)].append(group)
    sizes = sorted(by_size)
    sums = _reachable_sums([(size, len(by_size[size])) for size in sizes])
    count = sum(map(len, groups))
    wanted = fraction * count
    left = next(rows for rows in _by_distance(range(1, count), wanted) if sums[-1] >> rows & 1)
    first = _first_sizes(groups, wanted)
    held_out: list[Group] = []
    for size, smaller_sums in zip(reversed(sizes), reversed(sums[:-1]), strict=True):
        takes = _by_distance(range(min(len(by_size[size]), left // size) + 1), first[size])
        take = next(take for take in takes if smaller_sums >> (left - take * size) & 1)
        held_out += by_size[size][:take]
        left -= take * size
    return held_out


def _reachable_sums(times_of_sizes: list[tuple[int, int]]) -> list[int]:
    """Return, for the first 0, 1, 2 … sizes, the number whose bit s is set where s is a sum of such groups."""
    sums = [1]
    for size, times in times_of_sizes:
        reachable, block = sums[-1], 1
        while times:  # blocks of 1, 2, 4 … and the rest make every number of groups up to `times`
            step = min(block, times)
            reachable |= reachable << step * size
            times, block = times - step, block * 2
        sums.append(reachable)
    return sums


def _first_sizes(groups: list[Group], wanted: float) -> Counter[int]:
    """Count the sizes of the groups that come first and together do not exceed the wanted rows."""
    totals = accumulate(map(len, groups))
    return Counter(len(group) for group, total in zip(groups, totals, strict=True) if total <= wanted)


def _by_distance(numbers: range, wanted: float) -> Iterator[int]:
    """Return the numbers from the nearest outwards, of two equally near ones the smaller first."""
    middle = bisect(numbers, wanted)
    return merge(reversed(numbers[:middle]), numbers[middle:], key=lambda number: abs(number - wanted))
