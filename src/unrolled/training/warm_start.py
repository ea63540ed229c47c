"""A trained model and new texts → the vocabulary, the labels and the first weights to go on with.

What the model knows keeps its numbers: old words stay in their places with new ones behind them, each label keeps its
column of the classifier, and hashed n-grams their buckets. What is new begins as in any network.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from unrolled.arrays import AnyArray
from unrolled.model.encoder import Encoder
from unrolled.prediction import saved_model
from unrolled.prediction.run_identity import digest
from unrolled.prediction.text_model import TextModel
from unrolled.storage import training_texts
from unrolled.storage.config import reading_settings
from unrolled.text.vocabulary import Vocabulary

Arrays: TypeAlias = dict[str, AnyArray]


@dataclass(frozen=True)
class BaseModel:
    """A trained model to go on from."""

    folder: Path
    model: TextModel

    @classmethod
    def load(cls, folder: Path, encoder: type[Encoder] | None = None) -> BaseModel:
        """Read the model's folder, with its encoder's class if that is from outside; raises a FolderError."""
        return cls(folder, saved_model.load(folder, encoder=encoder, fingerprints=True))

    @property
    def settings(self) -> dict[str, Any]:
        """Everything that must stay: the encoder, its options, and how it reads."""
        config = self.model.config
        reading = {name: getattr(config.reading, name) for name in reading_settings(config.encoder)}
        return {"encoder": config.encoder, **config.encoder_options, **reading}

    @cached_property
    def sha256(self) -> str:
        """Identify the model."""
        return digest(self.model)

    @cached_property
    def texts_sha256(self) -> str | None:
        """Hash the fingerprints of its texts, which decide what can be proved; None where it has none."""
        known = self.model.fingerprints
        return None if known is None else hashlib.sha256(training_texts.to_bytes(known)).hexdigest()

    def labels(self, new: Iterable[str]) -> list[str]:
        """Sort the labels of the model and those of the new texts."""
        return sorted({*self.model.config.labels, *new})

    def vocabulary(self, new: Vocabulary, max_features: int | None) -> Vocabulary:
        """Append words that only the new texts have, as far as there may be more."""
        words = self.model.vocabulary.words
        more = [word for word in new.words if word not in self.model.vocabulary.ids]
        room = None if max_features is None else max(0, max_features + 1 - len(words))  # the unknown word isn't counted
        return Vocabulary([*words, *more[:room]])

    def weights(self, classes: Iterable[str], first: Mapping[str, Any]) -> Arrays:
        """Copy the model's weights into the first weights of the network to train further."""
        known, grown = len(self.model.vocabulary), dict(first)
        place = {label: number for number, label in enumerate(classes)}
        columns = [place[label] for label in self.model.config.labels]
        for name, old in self.model.weights.items():
            array = np.array(first[name])
            if name.startswith("embeddings."):
                array[:known], array[len(array) - len(old) + known :] = old[:known], old[known:]
            elif name.startswith("classifier.") or name == "b":
                array[..., columns] = old
            elif name == "W":
                array[:known, columns] = old
            elif name == "idf":
                array[:known] = old
            else:
                array[...] = old
            grown[name] = array
        return grown

    def as_record(self, vocabulary: Vocabulary, labels: Iterable[str]) -> dict[str, Any]:
        """Return what the new texts added, as training.json keeps it."""
        words, known, new = self.model.vocabulary, self.model.config.labels, set(labels)
        return {
            "sha256": self.sha256,
            "words": len(words) - 1,
            "new_words": len(vocabulary) - len(words),
            "labels": list(known),
            "new_labels": sorted(new - set(known)),
            "labels_without_new_texts": [label for label in known if label not in new],
        }
