"""A model, a seed and a part of the texts → the model trained, and what it says of each test text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from unrolled.arrays import FloatArray
from unrolled.comparison.candidate import Candidate
from unrolled.comparison.split import Split
from unrolled.data.labelled_corpus import LabelledCorpus
from unrolled.estimator import TextClassifier
from unrolled.storage import strict_json
from unrolled.training import fit
from unrolled.training.deadline import DeadlineExceeded
from unrolled.training.run_context import RunContext

DIGITS = 8  # of a kept probability: fewer would make equal what even a float32 tells apart
TOGETHER = 1024  # test texts that are read before the clock is looked at again


@dataclass(frozen=True)
class RunSpec:
    """One training: which model, from which seed, on which part."""

    candidate: Candidate
    seed: int
    part: int = 0
    threads: int = 1

    @property
    def file_name(self) -> str:
        """Name the files that are kept of it."""
        return f"{self.candidate.file_name}.seed-{self.seed}.part-{self.part}"


@dataclass(frozen=True)
class RunRecord:
    """What a training left: how it went, and the predicted labels of its test texts, as numbers of the classes."""

    run_sha256: str
    stopped: str
    seconds: float
    dev_accuracy: float
    parameters: int
    history: Sequence[Mapping[str, Any]]
    predictions: Sequence[int]
    confidences: Sequence[float]  # the probability of each prediction
    validation_texts: int = 0  # 0 in records of before 2026-12, which don't say

    @property
    def is_finished(self) -> bool:
        """Return whether it ended by itself and not by the clock."""
        return self.stopped != "budget"


class RunFailedError(Exception):
    """A training that left no model, with the reason."""


def identity(trial: RunSpec, split: Split) -> str:
    """Hash everything that decides a training's result; a budget only decides whether it ends by itself."""
    run_config = _classifier(trial, None).run_config()
    train, test = read_words(trial, split)
    parts_of_identity = {**fit.identity(run_config, train, None), "test_sha256": test.digest, "classes": split.classes}
    return strict_json.sha256({**parts_of_identity, "versions": fit.versions(run_config)})


def read_words(trial: RunSpec, split: Split) -> tuple[LabelledCorpus, LabelledCorpus]:
    """Return the words to train on and those to test on, which all models of a seed that read alike share."""
    return split.corpora(split.parts[trial.part], _classifier(trial, None).run_config().reading, trial.seed)


def run(
    trial: RunSpec, split: Split, context: RunContext, *, budget: float | None = None
) -> tuple[TextClassifier, RunRecord]:
    """Train within the budget in seconds, and read the test texts, before the context's last moment.

    Raises KeyboardInterrupt if Ctrl-C ended the training, DeadlineExceeded if that moment did, and RunFailedError if
    there is no model.
    """
    try:
        classifier, probabilities = train_and_read(trial, split, context, budget=budget)
    except DeadlineExceeded:
        raise
    except Exception as error:  # whatever it is, the other models are compared
        raise RunFailedError(f"{error}" or type(error).__name__) from error
    return classifier, _record(classifier, identity(trial, split), probabilities)


def train_and_read(
    trial: RunSpec, split: Split, context: RunContext, *, budget: float | None = None
) -> tuple[TextClassifier, FloatArray]:
    """Train, and compute the probabilities of the part's test texts: (texts, classes of the split)."""
    train, test = read_words(trial, split)
    classifier = _classifier(trial, budget)
    context.deadline.words_after += int(test.corpus.lengths.sum())
    classifier.fit_corpus(train, context=context)
    if classifier.training_["stopped"] == "interrupted":
        raise KeyboardInterrupt
    probabilities = np.zeros((len(test.labels), len(split.classes)))
    columns = [split.numbers[label] for label in classifier.model_.config.labels]
    for rows in (slice(first, first + TOGETHER) for first in range(0, len(test.labels), TOGETHER)):
        context.deadline.reject_late()
        probabilities[rows, columns] = classifier.model_.probabilities_of_words(test.corpus[rows])
    return classifier, probabilities


def _record(classifier: TextClassifier, run_sha256: str, probabilities: FloatArray) -> RunRecord:
    record, history = classifier.training_, classifier.history_
    return RunRecord(
        run_sha256=run_sha256,
        stopped=record["stopped"],
        seconds=record["seconds"],
        dev_accuracy=[line["dev_accuracy"] for line in history if line["best"]][-1],
        parameters=sum(weights.size for weights in classifier.model_.weights.values()),
        history=history,
        predictions=probabilities.argmax(axis=1).tolist(),
        confidences=probabilities.max(axis=1).round(DIGITS).tolist(),
        validation_texts=record["rows"]["dev"],
    )


def _classifier(trial: RunSpec, budget: float | None) -> TextClassifier:
    own: dict[str, Any] = {"random_state": trial.seed, "threads": trial.threads, "budget": budget}
    return TextClassifier(trial.candidate.encoder, **trial.candidate.settings, **own)
