"""Words of labelled texts and a run config → a network trained step by step with torch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from unrolled.arrays import AnyArray
from unrolled.errors import settings as setting_errors
from unrolled.errors import texts as errors
from unrolled.model import embeddings
from unrolled.model.embeddings import channel_names
from unrolled.model.registry import encoder_options
from unrolled.model.weights import initialize
from unrolled.prediction.text_model import TextModel
from unrolled.storage.config import Config
from unrolled.text.vocabulary import Vocabulary
from unrolled.training.callback import Callback
from unrolled.training.checkpoints import Checkpoints
from unrolled.training.data_config import examples
from unrolled.training.deadline import Deadline
from unrolled.training.result import TrainingResult
from unrolled.training.run_config import RunConfig
from unrolled.training.session import train
from unrolled.training.split_dataset import Words


def learn(
    run_config: RunConfig,
    training: Words,
    dev: Words,
    classes: Sequence[str],
    watch: Deadline,
    report: Callback,
    checkpoints: Checkpoints,
) -> tuple[TextModel, TrainingResult]:
    """Number the words, train, and keep the best."""
    vocabulary = run_config.vocabulary(training[0])
    config = Config(run_config.encoder, run_config.encoder_options, run_config.reading, tuple(classes))
    network = config.text_network(len(vocabulary))
    weights = initialize(network.weights(), run_config.plan.random_state) | _given(run_config, vocabulary, network.rows)
    if run_config.start:
        weights = run_config.start.weights(classes, weights)
    seen, held_out = (examples(*part, network, vocabulary, classes) for part in (training, dev))
    _check_filters(run_config, int(seen.words.max()))
    outcome = train(
        network, weights, seen, held_out, run_config.plan, stopwatch=watch, report=report, checkpoints=checkpoints
    )
    return TextModel(config, vocabulary, outcome.weights), outcome


def _check_filters(run_config: RunConfig, longest: int) -> None:
    """Refuse filters, unless they are the default's, that no text is long enough for: they would see zeros."""
    chosen = run_config.encoder_options.get("filter_sizes", (0,))
    if max(chosen) > longest and chosen != encoder_options(run_config.encoder)["filter_sizes"].default:
        raise setting_errors.filter_beyond_texts(max(chosen), longest)


def _given(run_config: RunConfig, vocabulary: Vocabulary, rows: int) -> dict[str, AnyArray]:
    """Make the embedding tables from given vectors."""
    if run_config.vectors is None:
        return {}
    size = run_config.reading.embedding_dim
    for word in vocabulary.words:
        if word in run_config.vectors:
            _check_vector(word, run_config.vectors[word], size)
    table = embeddings.given(vocabulary.words, run_config.vectors, size, run_config.plan.random_state, rows=rows)
    return {f"embeddings.{channel}": table for channel in channel_names(run_config.reading.channels)}


def _check_vector(word: str, vector: Any, size: int) -> None:
    numbers = np.asarray(vector)
    if numbers.ndim != 1 or numbers.dtype.kind not in "fiu" or not np.isfinite(numbers).all():
        raise errors.unusable_vector(word)
    if len(numbers) != size:
        raise errors.vectors_of_other_size(word, len(numbers), size)
