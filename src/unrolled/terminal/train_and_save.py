"""Labelled files and settings → a trained model folder, with everything said on the way."""

from __future__ import annotations

import math
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from unrolled.data.labelled_corpus import LabelledCorpus
from unrolled.errors import DataError, TrainingError, UnrolledError
from unrolled.estimator import TextClassifier
from unrolled.evaluation import evaluate
from unrolled.evaluation.table import as_text
from unrolled.model.corpus import Corpus
from unrolled.runtime import saved_model, told
from unrolled.runtime.text_model import Floats, TextModel
from unrolled.runtime.whole_folder import refuse_early
from unrolled.terminal.progress_bar import ProgressBar
from unrolled.terminal.remarks import say_arithmetic, say_cut, say_receptive_field
from unrolled.terminal.remarks_on_data import say_of_data
from unrolled.terminal.sources import Sources
from unrolled.terminal.speech import result, say
from unrolled.training.clock import monotonic

CHUNK = 512  # texts between two looks at the clock
SLACK = 5.0  # seconds beyond the budget that judging may take; it may end 10 seconds late, saving included


@dataclass(frozen=True)
class Files:
    """The files of a training run; dev and test may be missing."""

    train: str
    dev: str | None
    test: str | None


def train_and_save(
    encoder: str,
    settings: Mapping[str, Any],
    files: Files,
    sources: Sources,
    output: Path,
    *,
    force: bool,
    started: float,
) -> TextClassifier:
    """Refuse early what can't work, read, train, judge, save; a run that ends badly saves its best model first."""
    classifier = TextClassifier(encoder, **settings)
    choices = classifier.choices()
    refuse_early(output, force=force)
    seed = choices.plan.random_state
    train = sources.gather(files.train, choices.reading, seed=seed, minimum_classes=2)
    dev, test = (sources.gather(file, choices.reading, seed=seed) if file else None for file in (files.dev, files.test))
    say_of_data((files.train, files.test), train, dev, test)
    failure = _fit(classifier, train, dev, test, started)
    if classifier.__sklearn_is_fitted__():
        _save(classifier, {}, output, force=force)  # first of all: whatever becomes of the judging, the model is there
        say_arithmetic()
        say_receptive_field(classifier.model_)
        say_cut(classifier.model_, train.corpus.lengths)
        judged = _judge(classifier, files, test, output, started)
        failure = failure or judged
        say(f"Wrote {output}. Try: unrolled predict {shlex.quote(str(output))} FILE")
    if failure:
        raise failure
    return classifier


def _judge(
    classifier: TextClassifier, files: Files, test: LabelledCorpus | None, output: Path, started: float
) -> UnrolledError | None:
    """Judge the model on the test texts, else the dev texts, as far as a budget allows; return why they can't be."""
    name, (texts, labels) = ("test", (test.corpus, test.labels)) if test else ("dev", classifier.validation_data_)
    budget = classifier.choices().plan.budget
    try:
        probabilities = _read(classifier.model_, texts, math.inf if budget is None else started + budget + SLACK)
        if probabilities is None:
            left = f"unrolled evaluate MODEL {files.test or 'FILE'}"
            say(f"The budget is over before all {name} texts were judged: {left}")
            return None
        evaluation = evaluate(labels, probabilities, classifier.model_.config.labels)
    except DataError as error:
        return error
    _save(classifier, {name: evaluation.as_json()}, output, force=True)
    result(f"{name}: {as_text(evaluation)}\n")
    return None


def _read(model: TextModel, texts: Corpus, deadline: float) -> Floats | None:
    chunks = []
    for start in range(0, len(texts), CHUNK):
        if monotonic() > deadline:
            return None
        chunks.append(model.probabilities_of_words(texts[start : start + CHUNK]))
    return np.concatenate(chunks)


def _save(classifier: TextClassifier, metrics: Mapping[str, Any], output: Path, *, force: bool) -> None:
    files = told.files(classifier.model_.config, classifier.training_, classifier.history_, metrics)
    saved_model.save(output, classifier.model_, files, force=force)


def _fit(
    classifier: TextClassifier,
    train: LabelledCorpus,
    dev: LabelledCorpus | None,
    test: LabelledCorpus | None,
    started: float,
) -> UnrolledError | None:
    """Train; afterwards the words of the test texts are still to be read."""
    words_after = int(test.corpus.lengths.sum()) if test else 0
    with ProgressBar() as bar:
        try:
            classifier.fit_corpus(train, validation_corpus=dev, report=bar, started=started, words_after=words_after)
        except TrainingError as error:
            return error
    record = classifier.training_
    say(f"Stopped by {record['stopped']} after {record['steps']:,} steps; kept those of step {record['best_step']:,}.")
    return None
