"""The contract of an encoder: word vectors and which words stand where → one vector a text, (texts, output_size).

An encoder is a frozen dataclass. Its fields with defaults are its options, named as in PyTorch, scikit-learn or Kim
(2014); `input_size`, the size of a word vector, is set by the chain. Options that don't go together raise a
SettingError in `__post_init__`. It declares its weights and its arithmetic once; the arrays decide what that means:
torch tensors are trained, NumPy arrays predict, NumPy in float64 replays.

Its first layer, where it is linear in the word, stands apart: `project_tokens` is applied once to every *distinct* word
of a batch, `encode` then looks the projections up by id. So dropout on embeddings falls on word types, never on tokens.

The laws that every encoder keeps, for each of its options (`python -m unrolled.encoder_laws NAME` tries them):
1. padding    more padding, with any junk in it, changes nothing;
2. company    a text alone equals the same text in any batch and order;
3. shape      the encoding is (texts, output_size);
4. emptiness  a text without words gives a finite vector, stated by the encoder;
5. learning   after one step every trainable tensor moved, of the embedding the batch's rows and no others;
6. order      shuffling the words changes the encoding exactly if `order_sensitive`;
7. memory     saved and loaded it is the same function;
8. runtime    NumPy and torch agree;
9. equation   in float64 it equals ten lines of NumPy that follow the lecture, gradients by finite differences.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias, runtime_checkable

from unrolled.arrays import Array, IntArray
from unrolled.model.weights import Weight, Weights

Dropout: TypeAlias = Callable[[Array], Array]


def no_dropout(x: Array) -> Array:
    """Drop nothing: what prediction passes where training passes dropout."""
    return x


class Encoder(Protocol):
    """What a file in `encoders/` offers, or a class from outside the package."""

    @property
    def input_size(self) -> int:
        """Size of a word vector."""

    @property
    def output_size(self) -> int:
        """Size of the vector that a text becomes."""

    @property
    def order_sensitive(self) -> bool:
        """Whether the order of the words can change the encoding."""

    @property
    def receptive_field(self) -> int | None:
        """Most words in a row that are seen together, before a sum or a maximum; None where it is the whole text."""

    def weights(self) -> dict[str, Weight]:
        """Declare every weight: its name, shape and first values."""

    def empty_encoding(self, weights: Weights) -> Array:
        """Return the encoding of a text without words: (output_size,)."""

    def project_tokens(self, weights: Weights, vectors: Array) -> Array:
        """Apply what is linear in the single word: (words, input_size) → (words, projected size)."""

    def encode(
        self, weights: Weights, projected: Array, ids: IntArray, lengths: IntArray, drop: Dropout = no_dropout
    ) -> Array:
        """Read texts: projected words, ids (texts, length ≥ 1) of its rows, lengths (texts,) → (texts, output_size).

        Ids at or beyond a text's length are padding and never looked at. `drop` falls between layers.
        """


@runtime_checkable
class HasMaxLength(Protocol):
    """What an encoder has in addition if it reads only the beginning of a long text."""

    @property
    def max_length(self) -> int:
        """Words that are read, from the first."""


def words_read(encoder: Encoder | None) -> int | None:
    """Return how many of a text's words are read, from the first; None for all."""
    return encoder.max_length if isinstance(encoder, HasMaxLength) else None


@runtime_checkable
class HasKernels(Protocol):
    """Part of an encoder that compiled kernels may stand in for, in float32 on the CPU."""

    @property
    def is_compiled(self) -> bool:
        """Whether they do with the encoder's options."""


def is_compiled(encoder: Encoder) -> bool:
    """Return whether compiled kernels, where there are any, stand in for the arithmetic of an encoder."""
    return isinstance(encoder, HasKernels) and encoder.is_compiled


@runtime_checkable
class HasErrorGrowth(Protocol):
    """Part of an encoder that may enlarge rounding errors, so that its laws hold less exactly."""

    def error_growth(self, words: int) -> float:
        """Return by how much at most in a text of this many words."""


@runtime_checkable
class HasHashedNgrams(Protocol):
    """What an encoder has in addition if it reads hashed n-grams, each a row of the embedding tables like a word."""

    @property
    def ngram_range(self) -> tuple[int, int]:
        """Words of the shortest and of the longest n-gram; single words are the vocabulary's, not hashed."""

    @property
    def buckets(self) -> int:
        """Rows for hashed n-grams."""
