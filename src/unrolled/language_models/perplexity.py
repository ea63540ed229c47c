"""Scores of lines → perplexity: exp(-mean of log P) over all words and line ends.

An unknown word is read as `<unk>`, and counts with P(<unk> | the words before). A second perplexity is over the known
words and line ends alone: it says how well a model predicts what it knows.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Score:
    """A line's log P: of its known words and its end, and of its unknown words; its words, and how many are unknown."""

    of_known: float
    of_unknown: float
    words: int
    unknown: int

    @property
    def log_probability(self) -> float:
        """Sum up log P of the line, its end included; -inf where something in it has probability 0."""
        return self.of_known + self.of_unknown


@dataclass(frozen=True)
class Perplexity:
    """How well a model predicts a text; infinite where something that stands in it has probability 0."""

    lines: int
    words: int
    unknown: int
    perplexity: float
    known_perplexity: float

    @classmethod
    def of(cls, scores: Iterable[Score]) -> Perplexity:
        """Sum up the scores of one or more lines."""
        lines = words = unknown = 0
        of_known = of_unknown = 0.0
        for score in scores:
            lines, words, unknown = lines + 1, words + score.words, unknown + score.unknown
            of_known, of_unknown = of_known + score.of_known, of_unknown + score.of_unknown
        everything = words + lines  # every line has an end
        whole, known = (of_known + of_unknown) / everything, of_known / (everything - unknown)
        return cls(lines, words, unknown, perplexity(whole), perplexity(known))

    def as_json(self) -> dict[str, Any]:
        """Return the numbers; null stands for infinity, which JSON lacks."""
        numbers = {"perplexity": self.perplexity, "known_perplexity": self.known_perplexity}
        finite = {name: number if math.isfinite(number) else None for name, number in numbers.items()}
        return {"lines": self.lines, "words": self.words, "unknown": self.unknown, **finite}


def perplexity(mean: float) -> float:
    """Turn a mean log P into a perplexity, infinite beyond what a number holds."""
    return math.exp(-mean) if mean > -700 else math.inf
