"""Labelled files and settings → a trained model folder, with everything said on the way."""

from __future__ import annotations

import math
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from unrolled.arrays import FloatArray
from unrolled.cli.abstention_messages import report_abstention
from unrolled.cli.console import info, print_result
from unrolled.cli.data_messages import report_data
from unrolled.cli.model_messages import (
    report_backend,
    report_base_model,
    report_readable_texts,
    report_receptive_field,
    report_truncated,
)
from unrolled.cli.progress_bar import ProgressBar
from unrolled.cli.run_folder import RunFolder
from unrolled.cli.seen_rows import of_unseen
from unrolled.cli.sources import Sources
from unrolled.cli.termination import exit_on_sigterm
from unrolled.data.labelled_corpus import LabelledCorpus
from unrolled.data.source import reject_standard_input_twice
from unrolled.errors import DataError, FolderError, TrainingError, UnrolledError
from unrolled.errors import folder as folder_errors
from unrolled.estimator import TextClassifier
from unrolled.evaluation import evaluate
from unrolled.evaluation.seen_texts import count_seen
from unrolled.model.registry import is_linear
from unrolled.prediction import saved_model
from unrolled.prediction.text_model import TextModel
from unrolled.reports.evaluation_table import as_text
from unrolled.storage import strict_json, training_record
from unrolled.storage.rescue import save_or_rescue
from unrolled.text.corpus import Corpus
from unrolled.text.fingerprints import fingerprints_of
from unrolled.training import fit
from unrolled.training.checkpoints import Checkpoints
from unrolled.training.deadline import Deadline, monotonic
from unrolled.training.find_learner import reject_missing_package
from unrolled.training.resolve_config import DEFAULT, reject_conflicts, reject_inapplicable
from unrolled.training.run_config import RunConfig
from unrolled.training.run_context import RunContext
from unrolled.training.signals import report_if_terminated
from unrolled.training.warm_start import BaseModel

CHUNK = 512  # texts between two looks at the clock
SLACK = 5.0  # seconds beyond the budget that judging may take; it may end 10 seconds late, saving included


@dataclass(frozen=True)
class Files:
    """The files of a training run; dev and test may be missing."""

    train: str
    dev: str | None
    test: str | None


def train_and_save(
    encoder: str | None,
    settings: Mapping[str, Any],
    files: Files,
    sources: Sources,
    output: RunFolder,
    *,
    started: float,
    base_model: Path | None = None,
) -> TextClassifier | None:
    """Refuse early what can't work, read, train, judge, save; None where this very run has ended before.

    A run that ends badly saves its best model first; one that SIGTERM ends keeps its state and exits with 143.
    """
    reject_standard_input_twice(files.train, files.dev, files.test)
    classifier = TextClassifier(encoder or DEFAULT, base_model=base_model, **settings)
    run_config = classifier.run_config()
    if run_config.start:
        reject_conflicts(run_config.start, settings if encoder is None else {**settings, "encoder": encoder})
    reject_inapplicable(run_config.encoder, settings)
    reject_missing_package(run_config)
    output.reject_early()
    with output.held(), exit_on_sigterm("nothing was trained yet."):
        output.reject_unfinished()
        train, dev, test = _read_corpora(files, sources, run_config)
        run = {**fit.identity(run_config, train, dev), "test_sha256": test.digest if test else None}
        run_sha256 = strict_json.sha256(run)
        if output.is_finished(run_sha256):
            info(f"{output.folder} is the model of this very run, which has ended: nothing is left to do.")
            output.clear(run)  # what a kill in the midst of this left
            return None
        checkpoints = output.checkpoints(run, fit.versions(run_config))
        written = f"{output.folder} is written, and with --resume the same command also judges it."
        with checkpoints.until_saved(written):
            failure = _fit(classifier, run_config, train, dev, _context(test, checkpoints, started))
            if failure and not classifier.__sklearn_is_fitted__():
                output.clear(run)
                raise failure
            classifier.training_["run_sha256"] = run_sha256
            save_or_rescue(  # whatever becomes of the judging
                output.folder,
                lambda folder: _save(classifier, {}, folder, force=output.force or output.resume),
                left=output.left(),
            )
        with report_if_terminated(written):
            if run_config.start:
                report_base_model(run_config.start, classifier.training_["started_from"])
            deadline = math.inf if run_config.plan.budget is None else started + run_config.plan.budget + SLACK
            failure = _finish(classifier, run_config.start, files, train, test, output, deadline) or failure
            output.clear(run)
    if failure:
        raise failure
    return classifier


def _read_corpora(
    files: Files, sources: Sources, run_config: RunConfig
) -> tuple[LabelledCorpus, LabelledCorpus | None, LabelledCorpus | None]:
    """Read the texts to train on, the dev texts and the test texts, each where there are some."""
    reading, seed, known = (
        run_config.reading,
        run_config.plan.random_state,
        run_config.start.labels([]) if run_config.start else [],
    )
    train = sources.gather(files.train, reading, seed=seed, known=known, minimum_classes=1 if run_config.start else 2)
    known = sorted({*known, *train.labels})
    dev, test = (
        sources.gather(file, reading, seed=seed, known=known) if file else None for file in (files.dev, files.test)
    )
    report_data((files.train, files.test), train, dev, test, options=sources.words(), run_config=run_config)
    return train, dev, test


def _finish(
    classifier: TextClassifier,
    start: BaseModel | None,
    files: Files,
    train: LabelledCorpus,
    test: LabelledCorpus | None,
    output: RunFolder,
    deadline: float,
) -> UnrolledError | None:
    report_backend()
    report_receptive_field(classifier.model_)
    report_truncated(classifier.model_, classifier.model_.cut(train.corpus.lengths))
    report_readable_texts(classifier.model_)
    if abstention := classifier.training_.get("abstention"):
        report_abstention(abstention)
    failure = _evaluate(classifier, start, files, test, output, deadline)
    info(f"Wrote {output.folder}. Try: unrolled predict {shlex.quote(str(output.folder))} FILE")
    return failure


def _evaluate(
    classifier: TextClassifier,
    start: BaseModel | None,
    files: Files,
    test: LabelledCorpus | None,
    output: RunFolder,
    deadline: float,
) -> UnrolledError | None:
    """Judge the model on the test texts, else the dev texts, as far as a budget allows; return why they can't be.

    Of the test texts, report how many taught the model; of dev texts, how many taught the base model.
    """
    name, (texts, labels) = ("test", (test.corpus, test.labels)) if test else ("dev", classifier.validation_data_)
    model = classifier.model_
    try:
        probabilities = _read(model, texts, deadline)
        if probabilities is None:
            left = f"unrolled evaluate MODEL {files.test or 'FILE'}"
            info(f"The budget is over before all {name} texts were judged: {left}")
            return None
        evaluation = evaluate(labels, probabilities, model.config.labels, abstention=model.config.abstention)
    except DataError as error:
        return error
    metrics, text = evaluation.as_json(), as_text(evaluation)
    if taught := model if test else start and start.model:
        own = fingerprints_of(texts, model.words_read)
        seen = count_seen(taught.fingerprints, own, labels, probabilities, model.config.labels)
        metrics["trained_on"] = seen and seen.as_json()
        text += of_unseen(seen, "the model" if test else "the model to start from")
    if test is None and not is_linear(model.config.encoder):
        text += "\n\nThese dev texts chose which step is kept, so the scores are optimistic: --test FILE scores others."
    print_result(f"{name}: {text}\n")
    try:
        _save(classifier, {name: metrics}, output.folder, force=True)
    except FolderError as error:
        return folder_errors.without_figures(error, output.folder)
    return None


def _read(model: TextModel, texts: Corpus, deadline: float) -> FloatArray | None:
    chunks = []
    for start in range(0, len(texts), CHUNK):
        if monotonic() > deadline:
            return None
        chunks.append(model.probabilities_of_words(texts[start : start + CHUNK]))
    return np.concatenate(chunks)


def _save(classifier: TextClassifier, metrics: Mapping[str, Any], folder: Path, *, force: bool) -> None:
    files = training_record.files(classifier.model_.config, classifier.training_, classifier.history_, metrics)
    saved_model.save(folder, classifier.model_, files, force=force)


def _context(test: LabelledCorpus | None, checkpoints: Checkpoints, started: float) -> RunContext:
    """Count the time from when the command began; after training, the words of the test texts are still to be read."""
    words_after = int(test.corpus.lengths.sum()) if test else 0
    return RunContext(deadline=Deadline(started=started, words_after=words_after), checkpoints=checkpoints)


def _fit(
    classifier: TextClassifier,
    run_config: RunConfig,
    train: LabelledCorpus,
    dev: LabelledCorpus | None,
    context: RunContext,
) -> UnrolledError | None:
    """Train, and return what ended it badly."""
    with ProgressBar() as bar:
        try:
            classifier.fit_corpus(
                train, validation_corpus=dev, context=replace(context, callback=bar), run_config=run_config
            )
        except TrainingError as error:
            return error
    record = classifier.training_
    outcome = f"the model of step {record['best_step']:,} is kept"
    info(f"Stopped by {record['stopped']} after {record['steps']:,} steps; {outcome}.")
    return None
