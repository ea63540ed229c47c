"""Labelled texts and choices → a trained model, its history, and the record of how it was made."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

import numpy as np

from unrolled.choices import Choices
from unrolled.data.split import split_off
from unrolled.errors import TrainingError
from unrolled.errors import texts as errors
from unrolled.errors import training as training_errors
from unrolled.model import embeddings
from unrolled.model.embeddings import channel_names
from unrolled.model.vocabulary import Vocabulary
from unrolled.model.weights import initialise
from unrolled.runtime.config import Config
from unrolled.runtime.text_model import TextModel
from unrolled.training.clock import Stopwatch, monotonic
from unrolled.training.loop import Outcome, train
from unrolled.training.preparation import examples, tokenized
from unrolled.training.progress import Report

Labelled = tuple[list[str], list[str]]


@dataclass(frozen=True)
class Fitted:
    """What training leaves; `error` is set where it ended badly, the model being the best until then."""

    model: TextModel
    history: list[dict[str, Any]]
    training: dict[str, Any]
    dev: Labelled
    error: TrainingError | None


def fit(
    choices: Choices,
    labelled: Labelled,
    dev: Labelled | None,
    classes: Sequence[str],
    *,
    report: Report,
    started: float | None = None,
    words_after: int = 0,
) -> Fitted:
    """Split, number the words, train, and keep the best; `classes` are the labels in the order of the logits."""
    watch = Stopwatch(choices.plan.budget, started=started, clock=monotonic)
    (texts, labels), (dev_texts, dev_labels) = _with_dev(labelled, dev, choices)
    words, dev_words = tokenized(texts, choices.reading), tokenized(dev_texts, choices.reading)
    limits = choices.preparation
    vocabulary = Vocabulary.build(words, min_count=limits.min_count, max_features=limits.max_features)
    config = Config(choices.encoder, choices.encoder_options, choices.reading, tuple(classes))
    network = config.network(len(vocabulary))
    weights = initialise(network.weights(), choices.plan.random_state) | _given(choices, vocabulary, network.rows)
    dev_examples = examples(dev_words, dev_labels, network, vocabulary, classes)
    watch.words_after = words_after + 2 * int(dev_examples.words.sum())  # read once more by whoever reports on it
    outcome = train(
        network,
        weights,
        examples(words, labels, network, vocabulary, classes),
        dev_examples,
        choices.plan,
        stopwatch=watch,
        report=report,
    )
    model = TextModel(config, vocabulary, outcome.weights)
    record = _record(choices, labelled, outcome, (len(texts), len(dev_texts)), watch)
    return Fitted(model, [asdict(line) for line in outcome.history], record, (dev_texts, dev_labels), _error(outcome))


def _with_dev(labelled: Labelled, dev: Labelled | None, choices: Choices) -> tuple[Labelled, Labelled]:
    """Pair the training texts with the dev texts, given or split off."""
    texts, labels = labelled
    if len(set(labels)) < 2:
        raise errors.one_class(sorted(set(labels)))
    if dev is not None:
        if not dev[0]:
            raise errors.empty_dev_texts()
        unknown = sorted(set(dev[1]) - set(labels))
        if unknown:
            raise errors.unknown_dev_labels(unknown)
        return labelled, dev
    fraction, seed = choices.preparation.validation_fraction, choices.plan.random_state
    parts = split_off(texts, labels, fraction=fraction, seed=seed)
    if not parts[1]:
        raise errors.no_dev_texts()
    kept, held_out = (([texts[row] for row in rows], [labels[row] for row in rows]) for rows in parts)
    return kept, held_out


def _given(choices: Choices, vocabulary: Vocabulary, rows: int) -> dict[str, np.ndarray[Any, Any]]:
    """Make the embedding tables from given vectors."""
    if choices.vectors is None:
        return {}
    size = choices.reading.embedding_dim
    for word in vocabulary.words:
        if word in choices.vectors:
            _check_vector(word, choices.vectors[word], size)
    table = embeddings.given(vocabulary.words, choices.vectors, size, choices.plan.random_state, rows=rows)
    return {f"embeddings.{channel}": table for channel in channel_names(choices.reading.channels)}


def _check_vector(word: str, vector: Any, size: int) -> None:
    numbers = np.asarray(vector)
    if numbers.ndim != 1 or numbers.dtype.kind not in "fiu" or not np.isfinite(numbers).all():
        raise errors.unusable_vector(word)
    if len(numbers) != size:
        raise errors.vectors_of_other_size(word, len(numbers), size)


def _record(
    choices: Choices, labelled: Labelled, outcome: Outcome, rows: tuple[int, int], watch: Stopwatch
) -> dict[str, Any]:
    """Tell how the model was made, as training.json keeps it."""
    packages = ("unrolled", "numpy", "torch", "safetensors")
    return {
        "settings": {**asdict(choices.preparation), **asdict(choices.plan)},
        "seed": choices.plan.random_state,
        "data_sha256": _digest(labelled),
        "rows": {"train": rows[0], "dev": rows[1]},
        "stopped": outcome.stopped,
        "steps": outcome.steps,
        "best_step": outcome.best_step,
        "seconds": round(watch.elapsed, 3),
        "words_per_second": round(watch.words_per_second),
        "versions": {"python": platform.python_version(), **{package: version(package) for package in packages}},
    }


def _digest(labelled: Sequence[Sequence[str]]) -> str:
    """Hash texts and labels, each with its length, so that no two data sets meet by joining."""
    digest = hashlib.sha256()
    for part in (text.encode(errors="surrogatepass") for pair in zip(*labelled, strict=True) for text in pair):
        digest.update(len(part).to_bytes(8, "little") + part)
    return digest.hexdigest()


def _error(outcome: Outcome) -> TrainingError | None:
    if outcome.stopped != "not_finite":
        return None
    kept = f"the best model, of step {outcome.best_step}, is kept" if outcome.history else "no model was usable yet"
    return training_errors.not_finite(outcome.steps, kept)
