"""What a trained model says of the test texts, and what it took → one JSON line of a run, and back.

{"answers": numbers of classes, a byte each, compressed, in base 64; "accuracy"; "seconds" and "processor_seconds" of
training; "words" that it read, each as often as it was read; "labelling_seconds", of the processor; "test_words";
"cut_off": whether the limit ended the training}. Words are counted as `unrolled` splits texts, whoever trained.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from unrolled.text.tokens import words

MARK = '{"answers"'


@dataclass(frozen=True)
class Answers:
    """A line; `answers` is packed."""

    answers: str
    accuracy: float
    seconds: float
    processor_seconds: float
    words: float
    labelling_seconds: float
    test_words: int
    cut_off: bool

    def line(self) -> str:
        """Write the line."""
        return json.dumps(asdict(self))


def packed(numbers: NDArray[np.int64]) -> str:
    """Pack numbers of classes, of which there are at most 256."""
    if numbers.min() < 0 or numbers.max() > 255:
        raise ValueError("expected numbers of classes from 0 to 255")
    return base64.b64encode(zlib.compress(numbers.astype(np.uint8).tobytes(), 9)).decode("ascii")


def unpacked(told: str) -> NDArray[np.int64]:
    """Unpack them again: (texts,)."""
    return np.frombuffer(zlib.decompress(base64.b64decode(told)), np.uint8).astype(np.int64)


def words_of(texts: Sequence[str]) -> int:
    """Count the words of texts."""
    return sum(len(words(text)) for text in texts)
