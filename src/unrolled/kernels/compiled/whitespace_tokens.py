"""Texts → their chunks, which spaces part, as numbers of the distinct chunks in the order in which these are met."""

from __future__ import annotations

import os
from array import array
from collections import defaultdict
from collections.abc import Sequence
from itertools import count

import numpy as np

from unrolled.arrays import Int32Array, IntArray
from unrolled.kernels.compiled.fnv1a import SPARE
from unrolled.kernels.compiled.library import Library, compiled

SEED = int.from_bytes(os.urandom(8), "little") >> 1  # of the places where chunks are looked for, for this process

EncodedTokens = tuple[list[str], Int32Array, IntArray]


def encode_tokens(texts: Sequence[str]) -> EncodedTokens:
    """Split texts as `str.split` does → distinct chunks, the number of every text's chunks, how many each text has."""
    library = compiled()
    return _plainly(texts) if library is None else _compiled(library, texts)


def joined(texts: Sequence[str]) -> tuple[bytes, IntArray]:
    """Write texts in UTF-8, with ASCII's spaces alone → their bytes, where each text begins, where the last ends."""
    ascii_spaces = (text if text.isascii() else " ".join(text.split()) for text in texts)
    encoded = [text.encode("utf-8", "surrogatepass") for text in ascii_spaces]
    return b"".join([*encoded, bytes(SPARE)]), np.cumsum([0, *map(len, encoded)])


def cut(content: bytes, first: IntArray, size: IntArray) -> list[str]:
    """Read chunks back: content[first:first + size] of each."""
    spans = zip(first.tolist(), size.tolist(), strict=True)
    return [content[start : start + length].decode("utf-8", "surrogatepass") for start, length in spans]


def _compiled(library: Library, texts: Sequence[str]) -> EncodedTokens:
    content, starts = joined(texts)
    room = len(content) // 2 + len(texts)  # memory that isn't written to isn't taken
    ids, counts, distinct = np.empty(room, np.int32), np.empty(len(texts), np.int64), np.zeros(1, np.int64)
    first, size = np.empty((2, room), np.int64)
    array = np.frombuffer(content, np.uint8)
    library.call("number_chunks", SEED, array, starts, len(texts), ids, counts, first, size, distinct)
    return cut(content, first[: distinct[0]], size[: distinct[0]]), ids[: counts.sum()].copy(), counts


def _plainly(texts: Sequence[str]) -> EncodedTokens:
    places: defaultdict[str, int] = defaultdict(count().__next__)
    ids, ends = array("i"), array("q", [0])
    for text in texts:
        ids.extend(map(places.__getitem__, text.split()))
        ends.append(len(ids))
    return list(places), np.array(ids, np.int32), np.array(ends[1:], np.int64) - np.array(ends[:-1], np.int64)
