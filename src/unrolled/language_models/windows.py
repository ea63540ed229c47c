"""A line of text → its word numbers, and for each word and the line's end the n - 1 words before it.

The end is `</s>`, predicted like a word; before the first word stand n - 1 of it, as if another line had ended there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated

import numpy as np

from unrolled.arrays import IntArray
from unrolled.settings import Count
from unrolled.text.tokens import Tokens, words
from unrolled.text.vocabulary import UNKNOWN, Vocabulary

END = "</s>"
END_ID = 1  # after the unknown word


def split(line: str, *, tokens: Tokens, lowercase: bool) -> list[str]:
    """Split a line into words; where `</s>` itself is written in it, that is an unknown word and not an end."""
    return [UNKNOWN if word == END else word for word in words(line, tokens=tokens, lowercase=lowercase)]


def build_vocabulary(
    lines: Iterable[Sequence[str]],
    *,
    min_count: Annotated[Count, "minimum count of a word; rarer words are read as <unk>"] = 1,
    max_features: Annotated[Count | None, "maximum size of the vocabulary"] = None,
) -> Vocabulary:
    """Know the lines' words, `<unk>` and `</s>`."""
    unknown, *known = Vocabulary.build(lines, min_count=min_count, max_features=max_features).words
    return Vocabulary([unknown, END, *known])


def windows(line: IntArray, order: int) -> IntArray:
    """Return each word of a line, and its end, with the order - 1 words before it: (words + 1, order)."""
    framed = np.concatenate([np.full(order - 1, END_ID), line, [END_ID]])
    return np.lib.stride_tricks.sliding_window_view(framed, order)


def history(line: IntArray, order: int) -> IntArray:
    """Take the order - 1 words that the next word of an unfinished line is predicted from: (order - 1,)."""
    return windows(line, order)[-1, :-1]
