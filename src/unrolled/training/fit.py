"""Words of labelled texts and choices → a trained model, its history, and the record of how it was made.

What trains is in `learners/`: `network` needs torch, `logistic` scikit-learn, `hogwild` neither.
"""

from __future__ import annotations

import hashlib
import math
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
from unrolled.model.registry import LOGISTIC
from unrolled.prediction.saved_model import refuse_large_config
from unrolled.prediction.text_model import TextModel
from unrolled.storage.config import Config
from unrolled.training.calibration import calibrate, refuse_unknown_targets, uncalibrated
from unrolled.training.callback import Callback
from unrolled.training.checkpoints import Checkpoints
from unrolled.training.deadline import Deadline, monotonic
from unrolled.training.folds import FOLDS
from unrolled.training.out_of_fold import Learner, Predictions, predict_out_of_fold
from unrolled.training.result import TrainingResult
from unrolled.training.run_config import HOGWILD, RunConfig, settings_for
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
    choices: RunConfig,
    labelled: LabelledCorpus,
    dev: LabelledCorpus | None,
    classes: Sequence[str],
    *,
    report: Callback,
    started: float | None = None,
    words_after: int = 0,
    last: float = math.inf,
    checkpoints: Checkpoints | None = None,
) -> FitResult:
    """Split off dev texts, train, and tell how it went; `classes` are the labels in the order of the logits."""
    watch = Deadline(choices.plan.budget, started=started, last=last, clock=monotonic)
    parts, target = split_dataset(labelled, dev, choices), choices.preparation.target_precision
    refuse_unknown_targets(target, classes)
    refuse_large_config(Config(choices.encoder, choices.encoder_options, choices.reading, tuple(classes)))
    _check_ngrams(choices, int(parts.training[0].lengths.max()))
    watch.words_after = words_after + 2 * int(parts.dev[0].lengths.sum())  # once by whoever reports on them
    learn, checkpoints = _learner(choices), checkpoints or Checkpoints()
    with watch.reserved(0.0 if parts.folds is None else FOLDS / (FOLDS + 1)):
        model, outcome = learn(choices, parts.training, parts.dev, classes, watch, report, checkpoints)
    calibrated: dict[str, Any] = {}
    if target is not None and outcome.history:
        folds: list[Predictions] = []
        if parts.folds is not None and outcome.stopped not in ("interrupted", "not_finite"):
            folds = predict_out_of_fold(
                learn, choices, parts, parts.folds, classes, outcome, watch, report, checkpoints
            )
        unproved = parts.unproved or "interrupted"
        model, calibrated["abstention"] = (
            calibrate(model, parts.dev, folds, target) if folds else uncalibrated(model, target, unproved)
        )
    model = replace(model, fingerprints=parts.fingerprints)
    record = {**_record(choices, labelled, outcome, parts, watch), **calibrated}
    if choices.start:
        record["started_from"] = choices.start.told(model.vocabulary, labelled.labels)
    history = [asdict(line) for line in outcome.history]
    return FitResult(model, history, record, parts.dev, parts.dev_rows, _error(outcome))


def gathered(choices: RunConfig, texts: Sequence[str], labels: Sequence[str]) -> LabelledCorpus:
    """Gather texts as `fit` wants them."""
    return gather(zip(texts, labels, strict=True), choices.reading, seed=choices.plan.random_state)


def identity(choices: RunConfig, labelled: LabelledCorpus, dev: LabelledCorpus | None) -> dict[str, Any]:
    """Tell two runs apart: everything that decides what is trained, and on what; a budget too, as it ends a run."""
    parts = {"encoder": choices.encoder, **choices.encoder_options}
    for part in (choices.reading, choices.preparation, choices.plan):
        parts |= asdict(part)
    parts["channels"] = choices.reading.channels  # as checkpoints have called the embeddings from the beginning
    del parts["embeddings"]
    return {
        "settings": {name: list(value) if isinstance(value, tuple) else value for name, value in parts.items()},
        "data_sha256": labelled.digest,
        "dev_sha256": dev.digest if dev else None,
        "start_from_sha256": choices.start.sha256 if choices.start else None,
        "start_from_texts_sha256": choices.start.texts_sha256 if choices.start else None,
        "vectors_sha256": None if choices.vectors is None else _digest_of_vectors(choices.vectors),
    }


def _digest_of_vectors(vectors: Vectors) -> str:
    """Hash words and their vectors, in the order of the words."""
    digest = hashlib.sha256()
    for word in sorted(vectors):
        digest.update(word.encode(errors="surrogatepass") + b"\0" + np.asarray(vectors[word], "<f8").tobytes())
    return digest.hexdigest()


def versions(choices: RunConfig) -> dict[str, str]:
    """List what a run computes with."""
    own = (choices.package.name,) if choices.package else ()
    return {"python": platform.python_version(), **packages.versions("unrolled", "numpy", *own, "safetensors")}


def _check_ngrams(choices: RunConfig, longest: int) -> None:
    """Refuse n-grams that no text is long enough for: nothing would be read."""
    shortest = choices.encoder_options.get("ngram_range", (1,))[0]
    if shortest > max(longest, 1):
        raise setting_errors.ngrams_beyond_texts(shortest, longest)


def _learner(choices: RunConfig) -> Learner:
    """Import what trains the encoder and nothing else: torch, scikit-learn or neither."""
    if choices.encoder == LOGISTIC:
        from unrolled.training.learners import logistic

        return logistic.learn
    if choices.plan.optimizer == HOGWILD:
        from unrolled.training.learners import hogwild

        return hogwild.learn
    from unrolled.training.learners import network

    return network.learn


def _record(
    choices: RunConfig, labelled: LabelledCorpus, outcome: TrainingResult, parts: DatasetSplit, watch: Deadline
) -> dict[str, Any]:
    """Tell how the model was made, as training.json keeps it."""
    settings, optimizer = {**asdict(choices.preparation), **asdict(choices.plan)}, choices.plan.optimizer
    known = settings_for(choices.encoder, optimizer)
    return {
        "settings": {name: value for name, value in settings.items() if name in known},
        **({"repeatable": choices.plan.threads == 1} if optimizer == HOGWILD else {}),
        "seed": choices.plan.random_state,
        "data_sha256": labelled.digest,
        "rows": {"train": len(parts.training[1]), "dev": len(parts.dev[1])},
        "fingerprints": parts.fingerprints.counts if parts.fingerprints else None,
        "stopped": outcome.stopped,
        "steps": outcome.steps,
        "best_step": outcome.best_step,
        "seconds": round(watch.elapsed, 3),
        "words_per_second": round(watch.words_per_second),
        "versions": versions(choices),
    }


def _error(outcome: TrainingResult) -> TrainingError | None:
    if outcome.stopped != "not_finite":
        return None
    kept = f"the model of step {outcome.best_step} is kept" if outcome.history else "no model was usable yet"
    return training_errors.not_finite(outcome.steps, kept)
