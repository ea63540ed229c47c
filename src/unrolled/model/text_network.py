"""The chain: ids (texts, length) and lengths (texts,) → logits (texts, classes), each arrow callable alone.

Ids are rows of the embedding tables: first the vocabulary's words, then, if the encoder reads hashed n-grams, their
buckets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from unrolled.arrays import AnyIntArray, Array, IntArray
from unrolled.kernels.arrays import array_namespace, rows
from unrolled.kernels.compiled.fnv1a import hash_ngrams
from unrolled.kernels.compiled.library import compiled
from unrolled.model import classifier, embeddings
from unrolled.model.encoder import Dropout, Encoder, HasHashedNgrams, no_dropout
from unrolled.model.weights import Weight, Weights, merge, select
from unrolled.text.corpus import lengths_of
from unrolled.text.ngrams import hashed_ngrams
from unrolled.text.text_config import Channels
from unrolled.text.vocabulary import Vocabulary, distinct


@dataclass(frozen=True)
class TextNetwork:
    """Embeddings, an encoder and a classifier, without their weights."""

    words: int
    embedding_dim: int
    channels: Channels
    encoder: Encoder
    classes: int

    @property
    def rows(self) -> int:
        """Rows of the embedding tables: words, and buckets of n-grams."""
        return self.words + (self.encoder.buckets if isinstance(self.encoder, HasHashedNgrams) else 0)

    def number_together(self, texts: Sequence[Sequence[str]], vocabulary: Vocabulary) -> tuple[AnyIntArray, IntArray]:
        """Turn words into rows of the embedding tables: of an n-gram encoder also those of its hashed n-grams.

        The rows of one text after another, and how many each has (texts,). In n-grams too an unknown word is read as
        `<unk>`.
        """
        return self.rows_of_words(vocabulary.numbers_together(texts), lengths_of(texts), vocabulary)

    def rows_of_words(
        self, ids: AnyIntArray, lengths: IntArray, vocabulary: Vocabulary
    ) -> tuple[AnyIntArray, IntArray]:
        """Number texts whose words are numbered: ids (words of all,), lengths (texts,) → as `number_together`."""
        encoder = self.encoder
        if not isinstance(encoder, HasHashedNgrams) or encoder.ngram_range == (1, 1):
            return ids, lengths
        if library := compiled():
            return hash_ngrams(library, ids, lengths, vocabulary.encoded, encoder.ngram_range, encoder.buckets)
        shortest, longest = encoder.ngram_range
        words = np.split(ids, np.cumsum(lengths)[:-1]) if len(lengths) else []
        known = [[vocabulary.words[number] for number in own] for own in words]
        hashed = hashed_ngrams(known, max(shortest, 2), longest, encoder.buckets)
        single = words if shortest == 1 else [own[:0] for own in words]
        numbers = [np.concatenate([own, self.words + more]) for own, more in zip(single, hashed, strict=True)]
        return np.concatenate([ids[:0], *numbers]), np.array([len(own) for own in numbers], np.int64)

    def weights(self) -> dict[str, Weight]:
        """Declare the weights of the whole chain, named `embeddings.…`, `encoder.…`, `classifier.…`."""
        return merge(
            embeddings=embeddings.weights(self.rows, self.embedding_dim, self.channels),
            encoder=self.encoder.weights(),
            classifier=classifier.weights(self.encoder.output_size, self.classes),
        )

    def embed(self, weights: Weights) -> Array:
        """Return the vectors of all words in the embedding tables: (words, vector size)."""
        return embeddings.embed(select(weights, "embeddings"), self.channels)

    def encode(self, weights: Weights, vectors: Array, lengths: IntArray) -> Array:
        """Read word vectors (texts, length, vector size) → (texts, output_size)."""
        texts, length, size = vectors.shape
        ids = np.arange(texts * length).reshape(texts, length)
        encoder_weights = select(weights, "encoder")
        projected = self.encoder.project_tokens(encoder_weights, array_namespace(vectors).reshape(vectors, (-1, size)))
        return self.encoder.encode(encoder_weights, projected, ids, lengths)

    def classify(self, weights: Weights, encodings: Array) -> Array:
        """Encodings (texts, output_size) → logits (texts, classes)."""
        return classifier.classify(select(weights, "classifier"), encodings)

    def logits(
        self,
        weights: Weights,
        ids: IntArray,
        lengths: IntArray,
        *,
        drop: Dropout = no_dropout,
        drop_words: Dropout = no_dropout,
    ) -> Array:
        """Run the chain on texts, `ids` being rows of the embedding tables, all of which are projected once.

        `drop_words` is applied to the vectors of the words, `drop` between layers and to the encoding.
        """
        encoder_weights = select(weights, "encoder")
        projected = self.encoder.project_tokens(encoder_weights, drop_words(self.embed(weights)))
        return self.read_projected(weights, projected, ids, lengths, drop)

    def project_tokens(self, weights: Weights, words: IntArray) -> Array:
        """Return what the encoder projects of some rows of the embedding tables: (words, projected size)."""
        return self.encoder.project_tokens(select(weights, "encoder"), self.embed(_of_rows(weights, words)))

    def read_projected(
        self, weights: Weights, projected: Array, ids: IntArray, lengths: IntArray, drop: Dropout = no_dropout
    ) -> Array:
        """Run the rest of the chain on texts whose `ids` are rows of what was projected: (texts, classes)."""
        encodings = self.encoder.encode(select(weights, "encoder"), projected, ids, lengths, drop)
        return self.classify(weights, drop(encodings))

    def read(self, weights: Weights, ids: IntArray, lengths: IntArray) -> Array:
        """Run the chain on the batch's own words alone: (texts, classes)."""
        small, local, _ = restrict(weights, ids, lengths)
        return self.logits(small, local, lengths)


def restrict(
    weights: Mapping[str, Array], ids: IntArray, lengths: IntArray
) -> tuple[dict[str, Array], IntArray, IntArray]:
    """Cut the embedding tables down to a batch's own words → weights, ids into them, the words' rows."""
    words, local = distinct(ids, lengths)
    return _of_rows(weights, words), local, words


def _of_rows(weights: Mapping[str, Array], words: IntArray) -> dict[str, Array]:
    return {name: rows(table, words) if name.startswith("embeddings.") else table for name, table in weights.items()}
