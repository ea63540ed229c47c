"""Words of labelled texts and a run config → a trained model, its history, and the record of how it was made.

What trains is in `learners/`; `find_learner` knows which.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from unrolled.arrays import IntArray
from unrolled.data.labelled_corpus import LabelledCorpus, gather
from unrolled.environment import packages
from unrolled.errors import TrainingError
from unrolled.errors import settings as setting_errors
from unrolled.errors import training as training_errors
from unrolled.model.embeddings import Vectors
from unrolled.model.registry import encoder_name
from unrolled.prediction.saved_model import reject_large_config
from unrolled.prediction.text_model import TextModel
from unrolled.storage.config import Config
from unrolled.training.calibration import calibrate, reject_unknown_targets, uncalibrated
from unrolled.training.deadline import Deadline
from unrolled.training.find_learner import learner_of
from unrolled.training.folds import FOLDS
from unrolled.training.learn import learn
from unrolled.training.out_of_fold import Predictions, predict_out_of_fold
from unrolled.training.result import TrainingResult
from unrolled.training.run_config import RunConfig
from unrolled.training.run_context import RunContext
from unrolled.training.split_dataset import DatasetSplit, Words, split_dataset


@dataclass(frozen=True)
class FitResult:
    """What training leaves; `error` is set where it ended badly, the model being the best until then."""

    model: TextModel
    history: list[dict[str, Any]]
    training: dict[str, Any]
    dev: Words
    dev_rows: IntArray | None  # of the dev texts given, or else of the training texts; None where all those given
    error: TrainingError | None


def fit(
    run_config: RunConfig,
    labelled: LabelledCorpus,
    dev: LabelledCorpus | None,
    classes: Sequence[str],
    context: RunContext,
) -> FitResult:
    """Split off dev texts, train, and tell how it went; `classes` are the labels in the order of the logits.

    The budget of the settings is counted from when the context's deadline began.
    """
    deadline = context.deadline
    deadline.allow(run_config.plan.budget)
    parts, target = split_dataset(labelled, dev, run_config), run_config.preparation.target_precision
    reject_unknown_targets(target, classes)
    reject_large_config(Config(run_config.encoder, run_config.encoder_options, run_config.reading, tuple(classes)))
    _check_ngrams(run_config, int(parts.training[0].lengths.max()))
    deadline.words_after += 2 * int(parts.dev[0].lengths.sum())  # once by whoever reports on them
    with deadline.reserved(0.0 if parts.folds is None else FOLDS / (FOLDS + 1)):
        model, outcome = learn(run_config, parts.training, parts.dev, classes, context)
    calibrated: dict[str, Any] = {}
    if target is not None and outcome.history:
        folds: list[Predictions] = []
        if parts.folds is not None and outcome.stopped not in ("interrupted", "not_finite"):
            folds = predict_out_of_fold(run_config, parts, parts.folds, classes, outcome, context)
        unproved = parts.unproved or "interrupted"
        model, calibrated["abstention"] = (
            calibrate(model, parts.dev, folds, target) if folds else uncalibrated(model, target, unproved)
        )
    model = replace(model, fingerprints=parts.fingerprints)
    record = {**_record(run_config, labelled, outcome, parts, deadline), **calibrated}
    if run_config.start:
        record["started_from"] = run_config.start.as_record(model.vocabulary, labelled.labels)
    history = [asdict(line) for line in outcome.history]
    return FitResult(model, history, record, parts.dev, parts.dev_rows, _error(outcome))


def gather_for(run_config: RunConfig, texts: Sequence[str], labels: Sequence[str]) -> LabelledCorpus:
    """Gather texts as `fit` wants them."""
    return gather(zip(texts, labels, strict=True), run_config.reading, seed=run_config.plan.random_state)


def identity(run_config: RunConfig, labelled: LabelledCorpus, dev: LabelledCorpus | None) -> dict[str, Any]:
    """Return the identity of a run: everything that decides its result; a budget too, as it ends a run."""
    parts = {"encoder": encoder_name(run_config.encoder), **run_config.encoder_options}
    for part in (run_config.reading, run_config.preparation, run_config.plan):
        parts |= asdict(part)
    parts["channels"] = run_config.reading.channels  # as checkpoints have called the embeddings from the beginning
    del parts["embeddings"]
    return {
        "settings": {name: list(value) if isinstance(value, tuple) else value for name, value in parts.items()},
        "data_sha256": labelled.digest,
        "dev_sha256": dev.digest if dev else None,
        "start_from_sha256": run_config.start.sha256 if run_config.start else None,
        "start_from_texts_sha256": run_config.start.texts_sha256 if run_config.start else None,
        "vectors_sha256": None if run_config.vectors is None else _digest_of_vectors(run_config.vectors),
    }


def _digest_of_vectors(vectors: Vectors) -> str:
    """Hash words and their vectors, in the order of the words."""
    digest = hashlib.sha256()
    for word in sorted(vectors):
        digest.update(word.encode(errors="surrogatepass") + b"\0" + np.asarray(vectors[word], "<f8").tobytes())
    return digest.hexdigest()


def versions(run_config: RunConfig) -> dict[str, str]:
    """List what a run computes with."""
    package = learner_of(run_config).package
    own = (package.name,) if package else ()
    return {"python": platform.python_version(), **packages.versions("unrolled", "numpy", *own, "safetensors")}


def _check_ngrams(run_config: RunConfig, longest: int) -> None:
    """Refuse n-grams that no text is long enough for: nothing would be read."""
    known = run_config.encoder_options if isinstance(run_config.encoder, str) else {}
    shortest = known.get("ngram_range", (1,))[0]
    if shortest > max(longest, 1):
        raise setting_errors.ngrams_beyond_texts(shortest, longest)


def _record(
    run_config: RunConfig, labelled: LabelledCorpus, outcome: TrainingResult, parts: DatasetSplit, deadline: Deadline
) -> dict[str, Any]:
    """Return how the model was made, as training.json keeps it."""
    learner, settings = learner_of(run_config), {**asdict(run_config.preparation), **asdict(run_config.plan)}
    return {
        "settings": {name: value for name, value in settings.items() if name in learner.settings},
        **learner.record(run_config.plan),
        "seed": run_config.plan.random_state,
        "data_sha256": labelled.digest,
        "rows": {"train": len(parts.training[1]), "dev": len(parts.dev[1])},
        "fingerprints": parts.fingerprints.counts if parts.fingerprints else None,
        "stopped": outcome.stopped,
        "steps": outcome.steps,
        "best_step": outcome.best_step,
        "seconds": round(deadline.elapsed, 3),
        "words_per_second": round(deadline.words_per_second),
        "versions": versions(run_config),
    }


def _error(outcome: TrainingResult) -> TrainingError | None:
    if outcome.stopped != "not_finite":
        return None
    outcome_model = f"the model of step {outcome.best_step} is kept" if outcome.history else "no model was usable yet"
    return training_errors.not_finite(outcome.steps, outcome_model)
