"""A language model ↔ its folder: config.json, vocabulary.json, model.safetensors or counts.txt, and a manifest."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from unrolled.errors import language_models as errors
from unrolled.language_models import counts_file
from unrolled.language_models.config import Config
from unrolled.language_models.counting import Counting
from unrolled.language_models.language_model import LanguageModel, Predictor
from unrolled.language_models.window import Window, WindowModel
from unrolled.language_models.windows import END
from unrolled.prediction import saved_model
from unrolled.storage import strict_json, tensors
from unrolled.storage.atomic_folder import locate, write_folder
from unrolled.storage.manifest import with_manifest
from unrolled.storage.open_folder import OpenFolder, opened_folder
from unrolled.text.vocabulary import UNKNOWN, Vocabulary

CONFIG, VOCABULARY, WEIGHTS, COUNTS = "config.json", "vocabulary.json", "model.safetensors", "counts.txt"


def save(target: Path, model: LanguageModel, extra_files: Mapping[str, bytes], *, force: bool = False) -> None:
    """Write the model and the files `told` about it, whole or not at all.

    Raises:
        FolderError: the folder can't be written.
        DataError: the words or the counts are more than `load` reads.
    """
    saved_model.reject_large_vocabulary(model.vocabulary.words)
    files = {
        CONFIG: strict_json.to_bytes(model.config.as_json()),
        VOCABULARY: strict_json.to_bytes(list(model.vocabulary.words)),
    }
    if isinstance(model.predictor, Counting):
        files[COUNTS] = counts_file.to_bytes(model.predictor.ngrams, model.predictor.counts)
    elif isinstance(model.predictor, WindowModel):
        files[WEIGHTS] = tensors.to_bytes(model.predictor.weights)
    write_folder(target, with_manifest({**extra_files, **files}), force=force)


def load(folder: Path) -> LanguageModel:
    """Read a model back; a folder that isn't exactly what `save` writes raises a FolderError of one line."""
    with opened_folder(locate(folder, errors.not_a_language_model)) as files:
        config = Config.from_json(strict_json.read_object(files / CONFIG, max_bytes=100_000), os.fspath(files / CONFIG))
        words = strict_json.read_list_of_strings(files / VOCABULARY, max_bytes=saved_model.LARGEST_VOCABULARY)
        if words[:2] != [UNKNOWN, END]:
            raise errors.wrong_vocabulary(os.fspath(files / VOCABULARY))
        return LanguageModel(config, Vocabulary(words), _predictor(files, config, len(words)))


def _predictor(files: OpenFolder, config: Config, words: int) -> Predictor:
    if config.model != "window":
        return Counting(words, *counts_file.read(files / COUNTS, words, config.order), config.model)
    network = Window(words, config.order, config.embedding_dim, config.hidden_size)
    expected = {name: weight.shape for name, weight in network.weights().items()}
    return WindowModel(network, tensors.read(files / WEIGHTS, expected))
