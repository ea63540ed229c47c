"""How a text becomes word vectors: the settings of the chain before the encoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from unrolled.settings import Count
from unrolled.text.tokens import Tokens

Channels: TypeAlias = Literal["tuned", "static", "static+tuned"]


@dataclass(frozen=True, kw_only=True)
class TextConfig:
    """Settings that the trained model needs again to read a text."""

    tokens: Annotated[Tokens, "split off clitics and punctuation, or split at spaces only"] = "words"
    lowercase: Annotated[bool, "read capitals as small letters"] = True
    embedding_dim: Annotated[Count, "size of a word vector"] = 100
    channels: Annotated[Channels, "whether word vectors are trained, kept, or both side by side"] = "tuned"
