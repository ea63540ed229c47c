"""A trained language model: lines of text → their scores; words → the likeliest next words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from unrolled.arrays import Float64Array, IntArray
from unrolled.language_models.config import Config
from unrolled.language_models.perplexity import Perplexity, Score
from unrolled.language_models.windows import history, split, windows
from unrolled.text.vocabulary import Vocabulary


class Predictor(Protocol):
    """What the window model and the counting models have in common."""

    def log_probabilities(self, histories: IntArray, words: IntArray) -> Float64Array:
        """Histories (rows, order - 1) and words (rows,) → log P(word | history), -inf where it is 0: (rows,)."""

    def distribution(self, history: IntArray) -> Float64Array:
        """History (order - 1,) → P(word | history) of every word: (words,)."""


@dataclass(frozen=True)
class LanguageModel:
    """A predictor with what it needs to read text."""

    config: Config
    vocabulary: Vocabulary
    predictor: Predictor

    def read(self, line: str) -> IntArray:
        """Split a line into the numbers of its words, 0 for unknown ones: (words,)."""
        return self.vocabulary.numbers(split(line, tokens=self.config.tokens, lowercase=self.config.lowercase))

    def score(self, line: str) -> Score:
        """Sum up log P of a line's words and its end."""
        rows = windows(self.read(line), self.config.order)
        found, unknown = self.predictor.log_probabilities(rows[:, :-1], rows[:, -1]), rows[:, -1] == 0
        sums = (float(np.sum(found[~unknown])), float(np.sum(found[unknown])))
        return Score(*sums, words=len(rows) - 1, unknown=int(unknown.sum()))

    def perplexity(self, lines: Iterable[str]) -> Perplexity:
        """Judge the model on one or more lines."""
        return Perplexity.of(map(self.score, lines))

    def next_words(self, words: str, top_k: int) -> list[tuple[str, float]]:
        """Name the likeliest words after the beginning of a line, `</s>` (its end) and `<unk>` among them."""
        found = self.predictor.distribution(history(self.read(words), self.config.order))
        best = np.argsort(-found, kind="stable")[:top_k]
        return [(self.vocabulary.words[word], float(found[word])) for word in best]
