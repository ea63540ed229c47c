"""How a text becomes word vectors: the settings of the chain before the encoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from unrolled.settings import Count
from unrolled.text.tokens import Tokens

Embeddings: TypeAlias = Literal["trainable", "frozen", "both"]
Channels: TypeAlias = Literal["tuned", "static", "static+tuned"]
_CHANNELS: dict[Embeddings, Channels] = {"trainable": "tuned", "frozen": "static", "both": "static+tuned"}
EMBEDDINGS_OF: dict[str, Embeddings] = {channels: embeddings for embeddings, channels in _CHANNELS.items()}


@dataclass(frozen=True, kw_only=True)
class TextConfig:
    """Settings that the trained model needs again to read a text."""

    tokens: Annotated[Tokens, "tokenizer: split off clitics and punctuation, or split at spaces only"] = "words"
    lowercase: Annotated[bool, "convert to lowercase"] = True
    embedding_dim: Annotated[Count, "size of the word vectors"] = 100
    embeddings: Annotated[
        Embeddings, "train the word vectors, keep given ones frozen, or both (Kim's two channels)"
    ] = "trainable"

    @property
    def vector_size(self) -> int:
        """Return the size of a word's vector, in all its channels."""
        return self.embedding_dim * len(self.channels.split("+"))

    @property
    def channels(self) -> Channels:
        """Return the embeddings as the network and the model folder call them."""
        return _CHANNELS[self.embeddings]
