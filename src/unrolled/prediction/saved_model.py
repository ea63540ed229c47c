"""A trained model ↔ its folder: config.json, vocabulary.json, model.safetensors, records, and a manifest."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from unrolled.errors import config as errors
from unrolled.errors import texts as text_errors
from unrolled.model.encoder import Encoder
from unrolled.prediction.projection_cache import MEMORY
from unrolled.prediction.text_model import TextModel
from unrolled.storage import strict_json, tensors, training_texts
from unrolled.storage.atomic_folder import locate, write_folder
from unrolled.storage.config import Config
from unrolled.storage.manifest import with_manifest
from unrolled.storage.open_folder import opened_folder
from unrolled.storage.training_texts import FINGERPRINTS
from unrolled.text.vocabulary import UNKNOWN, Vocabulary

CONFIG, VOCABULARY, WEIGHTS = "config.json", "vocabulary.json", "model.safetensors"
LARGEST_CONFIG = 10_000_000  # bytes: some 100,000 labels
LARGEST_VOCABULARY = 1_000_000_000


def save(target: Path, model: TextModel, extra_files: Mapping[str, bytes], *, force: bool = False) -> None:
    """Write the model and the files `told` about it, whole or not at all.

    Raises:
        FolderError: the folder can't be written.
        DataError: the labels or the words are more than `load` reads.
    """
    reject_large_config(model.config)
    reject_large_vocabulary(model.vocabulary.words)
    files = {
        CONFIG: strict_json.to_bytes(model.config.as_json()),
        VOCABULARY: strict_json.to_bytes(list(model.vocabulary.words)),
        WEIGHTS: tensors.to_bytes(model.weights),
    }
    if model.fingerprints is not None:
        files[FINGERPRINTS] = training_texts.to_bytes(model.fingerprints)
    write_folder(target, with_manifest({**extra_files, **files}), force=force)


def reject_large_config(config: Config) -> None:
    """Raise the DataError of labels that together are longer than `load` reads."""
    size = len(strict_json.to_bytes(config.as_json()))
    if size > LARGEST_CONFIG:
        raise text_errors.labels_too_large(len(config.labels), size, LARGEST_CONFIG)


def reject_large_vocabulary(words: Sequence[str]) -> None:
    """Raise the DataError of words that together are longer than `load` reads."""
    size = strict_json.size_of_texts(words)
    if size > LARGEST_VOCABULARY:
        raise text_errors.vocabulary_too_large(size, LARGEST_VOCABULARY)


def load(
    folder: Path, *, encoder: type[Encoder] | None = None, cache_memory: int = MEMORY, fingerprints: bool = False
) -> TextModel:
    """Read a model back; a folder that isn't exactly what `save` writes raises a FolderError of one line.

    Where its encoder is from outside the package, the class must be passed as `encoder`.

    In use the model keeps at most `cache_memory` bytes of words that its encoder projected. The fingerprints of its
    texts are read only where they are asked for: whoever saves the model again needs them.
    """
    with opened_folder(locate(folder, errors.not_a_model)) as files:
        content = strict_json.read_object(files / CONFIG, max_bytes=LARGEST_CONFIG)
        config = Config.from_json(content, os.fspath(files / CONFIG), encoder)
        words = strict_json.read_list_of_strings(files / VOCABULARY, max_bytes=LARGEST_VOCABULARY)
        if words[:1] != [UNKNOWN]:
            raise errors.wrong_vocabulary(os.fspath(files / VOCABULARY))
        expected = {name: weight.shape for name, weight in config.network(len(words)).weights().items()}
        weights = tensors.read(files / WEIGHTS, expected)
        known = fingerprints and FINGERPRINTS in files.records
        texts = training_texts.read(files / FINGERPRINTS) if known else None
        return TextModel(config, Vocabulary(words), weights, cache_memory, texts)
