"""Models, seeds and the parts of the texts → a record of each training; one that fails stops no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from unrolled.comparison.candidate import Candidate
from unrolled.comparison.result_store import ResultStore
from unrolled.comparison.run import RunFailedError, RunRecord, RunSpec, identity, read_words, run
from unrolled.comparison.split import Split
from unrolled.comparison.time_budget import TimeBudget
from unrolled.errors import DataError, FolderError
from unrolled.errors import comparison as errors
from unrolled.estimator import TextClassifier
from unrolled.storage.rescue import save_elsewhere
from unrolled.training.callback import Callback
from unrolled.training.deadline import Deadline, DeadlineExceeded
from unrolled.training.run_context import RunContext

Log = Callable[[str], None]


@dataclass
class RunResults:
    """What came of all trainings, as far as they were begun, why some models failed, and which were given up."""

    records: dict[RunSpec, RunRecord] = field(default_factory=dict)
    failures: dict[Candidate, str] = field(default_factory=dict)
    given_up: set[Candidate] = field(default_factory=set)

    def is_active(self, trial: RunSpec) -> bool:
        """Return whether its model neither failed nor was given up."""
        return trial.candidate not in self.failures and trial.candidate not in self.given_up

    def ends_within(self, share: float | None, trial: RunSpec) -> bool:
        """Return whether each training of its model so far ended by itself, and would have within these seconds."""
        own = [record for one, record in self.records.items() if one.candidate == trial.candidate]
        return share is None or all(record.is_finished and record.seconds < share for record in own)


def run_specs(candidates: Sequence[Candidate], seeds: int, parts: int, threads: int) -> list[RunSpec]:
    """List the trainings: every model on all parts before any a second time, and one after the other.

    So where the time is too short for all, those that come first have answered every text.
    """
    return [
        RunSpec(candidate, seed, part, threads)
        for seed in range(seeds)
        for candidate in candidates
        for part in range(parts)
    ]


def run_all(
    wanted: Sequence[RunSpec], split: Split, store: ResultStore, shares: TimeBudget, *, report: Callback, log: Log
) -> RunResults:
    """Train each model, or take what is kept of it; KeyboardInterrupt leaves what was kept until then."""
    results, waiting = RunResults(), list(_not_stored(wanted, split, store, log))
    results.records |= {trial: record for trial, record in waiting if record}
    missing = [trial for trial, record in waiting if not record]
    for number, trial in enumerate(missing):
        left = [one for one in missing[number:] if results.is_active(one)]
        if trial not in left:
            continue
        if not shares.are_over:
            read_words(trial, split)  # what all share is no one's own time
        share = shares.of_next(sum(one.seed == trial.seed for one in left))
        if share == 0:
            log(f"The time is over: {len(left)} of {len(missing)} trainings are not begun.")
            break
        name = f"[{number + 1}/{len(missing)}] {trial.candidate.name}, seed {trial.seed}"
        name += f", part {trial.part + 1} of {len(split.parts)}" if len(split.parts) > 1 else ""
        if trial.seed and not results.ends_within(share, trial):
            results.given_up.add(trial.candidate)
            log(f"{name}: not begun, for it would not end in {share:.1f} s")
            continue
        try:
            context = RunContext(callback=report, deadline=Deadline(last=shares.last(share)))
            classifier, record = run(trial, split, context, budget=share)
        except DeadlineExceeded:
            results.given_up.add(trial.candidate)
            log(f"{name}: given up: its time was over before it had read the texts to judge it by")
        except RunFailedError as error:
            results.failures[trial.candidate] = str(error)
            log(f"{name}: failed: {error}")
        else:
            _keep(store, trial, record, classifier)
            results.records[trial] = record
            reached = f"validation accuracy {100 * record.dev_accuracy:.1f} %"
            log(f"{name}: {reached}, {record.seconds:.1f} s, {record.stopped}")
    return results


def _keep(store: ResultStore, trial: RunSpec, record: RunRecord, classifier: TextClassifier) -> None:
    """Keep what came of a training; where that fails, keep it elsewhere and raise a FolderError that says where."""
    try:
        store.keep(trial, record, classifier)
    except (FolderError, DataError) as error:
        place = save_elsewhere(lambda folder: ResultStore(folder).keep(trial, record, classifier))
        raise errors.not_saved(error, trial.file_name, place, store.folder) from error


def _not_stored(
    wanted: Sequence[RunSpec], split: Split, store: ResultStore, log: Log
) -> Iterator[tuple[RunSpec, RunRecord | None]]:
    """Pair each training with what is kept of it; none that failed before is."""
    found = 0
    for trial in wanted:
        record = store.record(trial, identity(trial, split)) if store.has(trial) else None
        found += record is not None
        yield trial, record
    if found:
        log(f"{found} of {len(wanted)} trainings are kept from before.")
