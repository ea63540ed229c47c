"""An encoder with its options, a kind of array, and texts → what a law is tried on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypeAlias

import numpy as np
import torch

from unrolled.arrays import AnyArray, Array, Float64Array, IntArray
from unrolled.model.encoder import Encoder, HasErrorGrowth
from unrolled.model.network import encode_texts
from unrolled.model.registry import EncoderChoice, encoder_name, make_encoder
from unrolled.model.text_network import TextNetwork
from unrolled.model.weights import initialize, merge
from unrolled.text.text_config import Channels
from unrolled.text.vocabulary import Vocabulary, pad

Kind: TypeAlias = Literal["numpy", "torch"]
Precision: TypeAlias = Literal["f4", "f8"]
Texts: TypeAlias = tuple[tuple[int, ...], ...]
INPUT_SIZE, WORDS, CLASSES = 6, 23, 2
VOCABULARY = Vocabulary(["<unk>", *(f"word{number}" for number in range(1, WORDS))])
TEXTS: Texts = ((3, 7, 1), (), (9, 2, 9, 4, 20, 11, 5), (8,), (12, 1), (1, 1, 6, 19, 0))
PRECISIONS = {"f4": 1e-6, "f8": 1e-12}


class BrokenLawError(AssertionError):
    """A law that an encoder breaks, and how."""


def require(condition: object, message: str) -> None:
    """Raise that a law is broken, unless a condition is met."""
    if not condition:
        raise BrokenLawError(message)


@dataclass(frozen=True)
class Case:
    """One encoder with its options, one kind of array, and some texts."""

    choice: EncoderChoice
    options: Mapping[str, Any]
    kind: Kind = "numpy"
    dtype: Precision = "f4"
    texts: Texts = TEXTS
    seed: int = 5

    def __str__(self) -> str:
        """Name the case."""
        options = ", ".join(f"{name}={value!r}" for name, value in self.options.items())
        return f"{self.name}({options}) on {self.kind} {np.dtype(self.dtype)}"

    @property
    def name(self) -> str:
        """Name the encoder."""
        return encoder_name(self.choice)

    @property
    def words(self) -> int:
        """Count the words that a text may have."""
        return len(VOCABULARY)

    @cached_property
    def encoder(self) -> Encoder:
        """Make the encoder."""
        return make_encoder(self.choice, INPUT_SIZE, self.options)

    @cached_property
    def weights(self) -> dict[str, Array]:
        """Draw weights; the biases too are not 0, so that nothing can hide behind a 0."""
        random = np.random.default_rng(self.seed)
        drawn = initialize(self.encoder.weights(), self.seed)
        return {name: self.array(value + random.normal(0, 0.1, value.shape)) for name, value in drawn.items()}

    @cached_property
    def table(self) -> Float64Array:
        """Draw the vectors of all words, and of what else has a row: (rows, INPUT_SIZE)."""
        return np.random.default_rng(6).normal(size=(self.network().rows, INPUT_SIZE))

    @cached_property
    def batch(self) -> tuple[IntArray, IntArray]:
        """Turn the texts' words into ids as the network reads them, and pad: ids (texts, length), lengths (texts,)."""
        words = [[VOCABULARY.words[number] for number in text] for text in self.texts]
        return pad(encode_texts(self.network(), words, VOCABULARY))

    def network(self, channels: Channels = "tuned") -> TextNetwork:
        """Return the chain around the encoder."""
        size = INPUT_SIZE // len(channels.split("+"))
        return TextNetwork(WORDS, size, channels, self.encoder, CLASSES)

    def array(self, values: AnyArray) -> Array:
        """Bring numbers to the case's kind and precision."""
        values = np.asarray(values, self.dtype)
        return torch.from_numpy(values) if self.kind == "torch" else values

    def encode(self, ids: IntArray, lengths: IntArray) -> AnyArray:
        """Encode texts given by ids: (texts, output_size)."""
        projected = self.encoder.project_tokens(self.weights, self.array(self.table))
        return np.asarray(self.encoder.encode(self.weights, projected, ids, lengths))

    def encode_vectors(self, vectors: AnyArray, lengths: IntArray) -> AnyArray:
        """Encode texts given by their words' vectors: (texts, output_size)."""
        weights = merge(encoder=self.weights)
        with np.errstate(invalid="ignore", over="ignore"):  # inf - inf of the junk that a law puts into padding
            return np.asarray(self.network().encode(weights, self.array(vectors), lengths))

    def difference(self, found: AnyArray, expected: AnyArray) -> str:
        """Return in what two arrays differ by more than rounding in the case's precision; nothing if they don't."""
        for what, one, other in (("shape", found.shape, expected.shape), ("dtype", found.dtype, expected.dtype)):
            if one != other:
                return f"{what} {one} in place of {other}"
        if not (np.isfinite(found).all() and np.isfinite(expected).all()):
            return "numbers that are not finite"
        farthest = np.abs(found - expected).max(initial=0)
        return "" if farthest <= PRECISIONS[self.dtype] * self.largest(found, expected) else f"up to {farthest:.2g}"

    def largest(self, *arrays: AnyArray) -> float:
        """Return the largest number, at least 1 as words' vectors have, times the growth of rounding errors."""
        growth = self.encoder.error_growth(max(map(len, self.texts))) if isinstance(self.encoder, HasErrorGrowth) else 1
        return growth * max(float(np.abs(array).max(initial=1)) for array in arrays)

    def require_equal(self, found: AnyArray, expected: AnyArray, what: str) -> None:
        """Raise that a law is broken if two arrays differ by more than rounding."""
        difference = self.difference(found, expected)
        require(not difference, f"{what}: {difference}")
