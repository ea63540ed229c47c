"""Mutants → which tests kill them: each on a copy of the sources, in a forked process, for at most 30 seconds."""

from __future__ import annotations

import compileall
import json
import os
import shutil
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.mutants.forks import FAILED, Ended, forked
from tests.mutants.mutations import Mutation
from tests.mutants.reach import BUILD, SOURCES, file_of, pytest_in

LIMIT, LAST_START = 30.0, 20.0  # seconds after which a mutant's tests are ended, and after which none is begun
LOOPS = 2  # times the seconds of the same test without the mutant, from which on it loops
LOOPING = " (loops)"
LONG_AGO = 1_000_000_000  # seconds since 1970
WORKERS, SIGNALLED = 2, 100  # SIGNALLED plus a signal: the exit code for tests that died of it


@dataclass(frozen=True)
class Trial:
    """One mutant, or None for the sources as they are, with the stages of its tests."""

    mutation: Mutation | None
    stages: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant: killed, survived or timeout; the test that ended it, and how many were run."""

    outcome: str
    test: str
    tests_run: int
    seconds: float


class Watcher:
    """A plugin that runs the chosen tests in their order and notes in a file which one runs or fails."""

    def __init__(self, chosen: Sequence[str], notes: Path, run_before: int, begun: float) -> None:
        self._order = {test: number for number, test in enumerate(chosen)}
        self._notes, self._begun = notes, begun
        self._run = run_before
        self._note("collection of " + ", ".join(sorted({file_of(test) for test in chosen})[:3]))

    def _note(self, test: str, failed: bool = False) -> None:
        passed = time.monotonic() - self._begun
        note = {"test": test, "failed": failed, "run": self._run, "since": passed}
        self._notes.write_text(json.dumps(note), "utf-8")

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        chosen = [item for item in items if item.nodeid in self._order]
        items[:] = sorted(chosen, key=lambda item: self._order[item.nodeid])

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> bool | None:
        if time.monotonic() - self._begun > LAST_START:
            return True  # as if it were done: it is left out
        self._run += 1
        self._note(item.nodeid)
        return None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._note(report.nodeid, failed=True)


def run(trials: Sequence[Trial], workers: int = WORKERS) -> Iterator[tuple[int, Verdict]]:
    """Run mutants; yield the number of each and its verdict, those to be looked at twice at the end."""
    folder = BUILD / "run"
    shutil.rmtree(folder, ignore_errors=True)
    for worker in range(workers):
        shutil.copytree(SOURCES, folder / f"worker-{worker}" / "src")
        compileall.compile_dir(folder / f"worker-{worker}" / "src", quiet=2)
    doubtful: list[tuple[int, Verdict, float]] = []
    for number, ended in forked([(_job(number, one, folder), LIMIT) for number, one in enumerate(trials)],
                                workers, folder):  # fmt: skip
        verdict, since = _verdict(ended, folder / f"{number}.json")
        if ended.overtime:
            doubtful.append((number, verdict, ended.seconds - since))
        else:
            yield number, verdict
    yield from _looked_at_twice(doubtful, workers, folder)


def _job(number: int, trial: Trial, folder: Path) -> Callable[[int], int]:
    def job(worker: int) -> int:
        begun = time.monotonic()
        scratch, notes = folder / f"worker-{worker}", folder / f"{number}.json"
        copy = scratch / "src"
        _put(trial.mutation, copy, number)
        before = 0
        for stage in trial.stages:
            if code := _in_a_fork(copy, stage, Watcher(stage, notes, before, begun), scratch):
                return code
            before += len(stage)
            if time.monotonic() - begun > LAST_START:
                break
        return 0

    return job


def _put(mutation: Mutation | None, copy: Path, number: int) -> None:
    last = copy.parent / "mutated"
    if last.is_file():
        module = last.read_text("utf-8")
        shutil.copy2(SOURCES / module, copy / module)  # with its time: the compiled file is valid again
        last.unlink()
    if mutation is not None:
        last.write_text(mutation.function.module, "utf-8")
        path = copy / mutation.function.module
        path.write_text(mutation.mutated(), "utf-8")
        os.utime(path, (LONG_AGO + number,) * 2)  # no compiled file of this time and size: it would be taken instead


def _in_a_fork(copy: Path, stage: Sequence[str], watcher: Any, scratch: Path) -> int:
    if pid := os.fork():
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        return 0 if code == pytest.ExitCode.NO_TESTS_COLLECTED else code if code >= 0 else SIGNALLED - code
    code = FAILED
    try:
        code = pytest_in(copy, ["-x", *dict.fromkeys(map(file_of, stage))], watcher, scratch)
    except Exception:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _verdict(ended: Ended, notes: Path) -> tuple[Verdict, float]:
    if ended.code == FAILED and not ended.overtime:
        raise RuntimeError(f"The tests of a mutant could not be run: see the logs in {notes.parent}.")
    note: dict[str, Any] = {"test": "", "run": 0, "since": 0.0}
    if notes.is_file():
        note = json.loads(notes.read_text("utf-8"))
    outcome = "timeout" if ended.overtime else "killed" if ended.code else "survived"
    return Verdict(outcome, note["test"] if ended.code else "", note["run"], ended.seconds), note["since"]


def _looked_at_twice(
    doubtful: Sequence[tuple[int, Verdict, float]], workers: int, folder: Path
) -> Iterator[tuple[int, Verdict]]:
    jobs = []
    for place, (_, verdict, _) in enumerate(doubtful):
        tests = [[verdict.test]] if "::" in verdict.test else []
        jobs.append((_job(-1 - place, Trial(None, tests), folder), LIMIT))
    for place, ended in forked(jobs, workers, folder):
        number, verdict, running = doubtful[place]
        if ended.code == 0 and "::" in verdict.test and running >= LOOPS * ended.seconds:
            verdict = Verdict("killed", verdict.test + LOOPING, verdict.tests_run, verdict.seconds)
        yield number, verdict
