"""Texts → their chunks, which spaces part, as numbers of the distinct chunks in the order in which these are met."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Sequence
from itertools import count

import numpy as np
from numpy.typing import NDArray

from unrolled.kernels.library import Library, compiled

Integers = NDArray[np.int64]
Numbered = tuple[list[str], NDArray[np.int32], Integers]


def number_chunks(texts: Sequence[str]) -> Numbered:
    """Split texts as `str.split` does → distinct chunks, the number of every text's chunks, how many each text has."""
    library = compiled()
    return _plainly(texts) if library is None else _compiled(library, texts)


def _compiled(library: Library, texts: Sequence[str]) -> Numbered:
    # other spaces than ASCII's are made so
    ascii_spaces = (text if text.isascii() else " ".join(text.split()) for text in texts)
    encoded = [text.encode("utf-8", "surrogatepass") for text in ascii_spaces]
    starts = np.cumsum([0, *map(len, encoded)])
    joined = b"".join(encoded)
    room = len(joined) // 2 + len(texts)  # memory that isn't written to isn't taken
    ids, counts, distinct = np.empty(room, np.int32), np.empty(len(texts), np.int64), np.zeros(1, np.int64)
    first, size = np.empty(room, np.int64), np.empty(room, np.int64)
    content = np.frombuffer(joined, np.uint8)
    library.call("number_chunks", content, starts, len(texts), ids, counts, first, size, distinct)
    spans = zip(first[: distinct[0]].tolist(), size[: distinct[0]].tolist(), strict=True)
    chunks = [joined[start : start + length].decode("utf-8", "surrogatepass") for start, length in spans]
    return chunks, ids[: counts.sum()].copy(), counts


def _plainly(texts: Sequence[str]) -> Numbered:
    places: defaultdict[str, int] = defaultdict(count().__next__)
    ids, ends = array("i"), array("q", [0])
    for text in texts:
        ids.extend(map(places.__getitem__, text.split()))
        ends.append(len(ids))
    return list(places), np.array(ids, np.int32), np.array(ends[1:], np.int64) - np.array(ends[:-1], np.int64)
