"""What a run was asked for, every default resolved, each setting with the part that needs it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from unrolled.model.embeddings import Vectors
from unrolled.model.encoder import words_read
from unrolled.model.registry import EncoderChoice, is_linear, make_encoder
from unrolled.prediction.saved_model import reject_large_vocabulary
from unrolled.text.text_config import TextConfig
from unrolled.text.vocabulary import Vocabulary
from unrolled.training.data_config import DataConfig
from unrolled.training.training_config import TrainingConfig
from unrolled.training.warm_start import BaseModel


@dataclass(frozen=True)
class RunConfig:
    """What was chosen, every default resolved."""

    encoder: EncoderChoice
    encoder_options: Mapping[str, Any]
    vectors: Vectors | None
    reading: TextConfig
    preparation: DataConfig
    plan: TrainingConfig
    start: BaseModel | None = None

    @property
    def words_read(self) -> int | None:
        """How many of a text's words the encoder reads, from the first; None for all."""
        if is_linear(self.encoder):
            return None
        return words_read(make_encoder(self.encoder, self.reading.vector_size, self.encoder_options))

    def vocabulary(self, texts: Iterable[Sequence[str]] | Counter[str]) -> Vocabulary:
        """Know the words of the training texts, or their words as counted, behind those of a model to start from.

        Raises:
            DataError: there are more than a model's folder can hold.
        """
        known = self.preparation.vocabulary(texts)
        if self.start:
            known = self.start.vocabulary(known, self.preparation.max_features)
        reject_large_vocabulary(known.words)
        return known
