"""Labelled files and models → each trained, judged and told: a table, compare.json and compare.html in a folder."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from unrolled.cli.console import info, print_result
from unrolled.cli.progress_bar import ProgressBar
from unrolled.cli.sources import Sources
from unrolled.comparison.candidate import Candidate
from unrolled.comparison.own_files import JSON, PAGE, clear, reject_foreign
from unrolled.comparison.result_json import as_json
from unrolled.comparison.result_store import ResultStore
from unrolled.comparison.runner import RunResults, run_all, run_specs
from unrolled.comparison.split import Split, by_folds, by_fraction, with_test_texts
from unrolled.comparison.summary import Conditions, summarize
from unrolled.comparison.time_budget import TimeBudget
from unrolled.data.source import reject_standard_input_twice
from unrolled.environment.packages import TORCH
from unrolled.errors import DataError, FolderError
from unrolled.errors import comparison as errors
from unrolled.errors.output import writing
from unrolled.reports.comparison import html
from unrolled.reports.comparison_table import as_text
from unrolled.storage import strict_json
from unrolled.storage.atomic_file import write_file
from unrolled.storage.file_lock import acquire
from unrolled.storage.older_output import with_checksum
from unrolled.training import fit
from unrolled.training.find_learner import learner_of, reject_missing_package
from unrolled.training.signals import Terminated, terminated_by_sigterm


@dataclass(frozen=True)
class Request:
    """What to compare, on what, and in which time."""

    train: str
    test: str | None
    folds: int | None
    models: Sequence[Candidate]
    seeds: int
    budget: float | None  # seconds
    margin: float  # a share
    threads: int
    started: float


def compare(request: Request, sources: Sources, output: Path, *, force: bool, resume: bool) -> None:
    """Refuse early what can't work, train what isn't kept, and tell what came of it."""
    if request.test is not None and request.folds is not None:
        raise errors.test_and_folds()
    reject_standard_input_twice(request.train, request.test)
    # torch first: the extra that has it has the others too
    for run_config in sorted(
        (model.run_config() for model in request.models), key=lambda found: learner_of(found).package is not TORCH
    ):
        reject_missing_package(run_config)
    with acquire(output), terminated_by_sigterm(), _made(output, force=force, resume=resume):
        split, description = _split(request, sources)
        if force and not resume:
            clear(output)
        with _report_if_stopped(ResultStore(output)):
            results = _run_all(request, split, ResultStore(output))
            compared = summarize(request.models, results, split, ResultStore(output), _conditions(request, description))
            write_file(output / JSON, strict_json.with_checksum(as_json(compared)))
            write_file(output / PAGE, with_checksum(html(compared)).encode())
    print_result(as_text(compared))
    info(f"Wrote {output / PAGE} and {output / JSON}; the models are in {output / 'models'}.")


def _split(request: Request, sources: Sources) -> tuple[Split, str]:
    """Read the texts and split them: the split, and a description of it."""
    train = sources.read(request.train, minimum_classes=2)
    if request.test is not None:
        split = with_test_texts(train, sources.read(request.test))
        if sum(split.unknown.values()) == len(split.tested):
            raise errors.no_known_label(request.test, sorted(set(train.labels)), sorted(split.unknown))
        return split, request.test
    if request.folds is not None:
        return by_folds(train, request.folds), f"{request.folds} folds of {request.train}"
    return by_fraction(train), f"a fifth of {request.train}"


def _run_all(request: Request, split: Split, store: ResultStore) -> RunResults:
    wanted = run_specs(request.models, request.seeds, len(split.parts), request.threads)
    shares = TimeBudget(request.started, request.budget, answers=len(split.tested) * len(request.models))
    with ProgressBar(epochs=False) as bar:
        results = run_all(wanted, split, store, shares, report=bar, log=info)
    if not results.records:
        raise errors.none_trained([f"{model.name}: {reason}" for model, reason in results.failures.items()])
    return results


@contextmanager
def _report_if_stopped(store: ResultStore) -> Iterator[None]:
    """Report which trainings are saved when Ctrl-C, a signal or a full disk ends the block."""
    try:
        yield
    except (KeyboardInterrupt, Terminated, FolderError, DataError):
        ended = f"The trainings that ended are kept in {store.folder}: the same command with --resume goes on."
        info(f"Stopped. {'No training had ended, so nothing is saved.' if store.is_empty else ended}")
        raise


@contextmanager
def _made(output: Path, *, force: bool, resume: bool) -> Iterator[None]:
    """Make the folder, so that it is known that one can be made; an error that leaves it empty takes it away again."""
    with writing(output):
        _reject(output, force=force, resume=resume)
        output.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        with suppress(OSError):
            output.rmdir()
        raise


def _reject(output: Path, *, force: bool, resume: bool) -> None:
    """Raise the FolderError of a folder that holds something else, or an earlier comparison that wasn't asked for."""
    if os.path.lexists(output) and not output.is_dir():
        raise errors.not_a_comparison(output)
    reject_foreign(output)
    if output.is_dir() and os.listdir(output) and not force and not resume:
        raise errors.leftover(output)


def _conditions(request: Request, test: str) -> Conditions:
    versions: dict[str, str] = {}
    for model in request.models:
        versions |= fit.versions(model.run_config())
    return Conditions(
        train=request.train,
        test=test,
        margin=request.margin,
        seeds=request.seeds,
        budget=request.budget,
        machine=f"{platform.system()}, {platform.machine()}, {os.cpu_count()} processors",
        versions=versions,
        started=request.started,
    )
