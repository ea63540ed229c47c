"""Labelled files and settings → a trained model folder, with everything said on the way."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from unrolled.data.labelled import Labelled
from unrolled.errors import DataError, TrainingError, UnrolledError
from unrolled.estimator import TextClassifier
from unrolled.evaluation import evaluate
from unrolled.evaluation.table import as_text
from unrolled.runtime import saved_model, told
from unrolled.runtime.whole_folder import refuse_early
from unrolled.terminal.progress_bar import ProgressBar
from unrolled.terminal.sources import Sources
from unrolled.terminal.speech import result, say


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
    classifier.choices()
    refuse_early(output, force=force)
    train = sources.read(files.train, minimum_classes=2)
    dev = sources.read(files.dev) if files.dev else None
    test = sources.read(files.test) if files.test else None
    failure = _fit(classifier, train, dev, test, started)
    if classifier.__sklearn_is_fitted__():
        judged = _judge_and_save(classifier, test, output, force=force)
        failure = failure or judged
    if failure:
        raise failure
    return classifier


def _judge_and_save(
    classifier: TextClassifier, test: Labelled | None, output: Path, *, force: bool
) -> UnrolledError | None:
    """Save what was trained, with its metrics where the texts can be judged; return why they can't."""
    name, part = ("test", test) if test else ("dev", Labelled(*classifier.validation_data_))
    metrics, failure = {}, None
    try:
        metrics[name] = evaluate(part.labels, classifier.predict_proba(part.texts), classifier.model_.config.labels)
    except DataError as error:
        failure = error
    scores = {name: evaluation.as_json() for name, evaluation in metrics.items()}
    files = told.files(classifier.model_.config, classifier.training_, classifier.history_, scores)
    saved_model.save(output, classifier.model_, files, force=force)
    for name, evaluation in metrics.items():
        result(f"{name}: {as_text(evaluation)}\n")
    say(f"Wrote {output}. Try: unrolled predict {shlex.quote(str(output))} FILE")
    return failure


def _fit(
    classifier: TextClassifier, train: Labelled, dev: Labelled | None, test: Labelled | None, started: float
) -> UnrolledError | None:
    """Train; afterwards about as many characters as the test texts have are still to be read."""
    # Words aren't counted before they are split; few words with their space are shorter than 4 characters
    words_after = sum(map(len, test.texts)) // 4 if test else 0
    given = (dev.texts, dev.labels) if dev else None
    with ProgressBar() as bar:
        try:
            classifier.fit(
                train.texts, train.labels, validation_data=given, report=bar, started=started, words_after=words_after
            )
        except TrainingError as error:
            return error
    record = classifier.training_
    say(f"Stopped by {record['stopped']} after {record['steps']:,} steps; kept those of step {record['best_step']:,}.")
    return None
