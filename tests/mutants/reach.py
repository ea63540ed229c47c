"""The test suite, run once → which blocks of which functions each test reaches, and how long it takes.

What a module's or session's fixture reaches counts for all tests that use it. The result is in `build/mutants/`.
"""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import sys
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from tests.mutants.forks import forked
from tests.mutants.markers import Places, marked_copy

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "src"
BUILD = ROOT / "build" / "mutants"
# They read files instead of running the copy, run a wheel of their own, or need a browser.
LEFT_OUT = ("mutants/", "fuzz/", "laws/installations/", "laws/test_wheel", "laws/test_pages_in_chromium",
            "laws/test_house_rules", "laws/test_imports", "laws/test_kills")  # fmt: skip
FILES_AT_ONCE = 6


def cpu_seconds() -> float:
    """Return the processor time of this process and of those it has waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


class Recorder:
    """A plugin that notes, for each test that passes, the markers that it sets and its seconds."""

    def __init__(self, reached: Path) -> None:
        self._map = np.memmap(reached, np.uint8, "r+")
        self._by_fixture: dict[object, npt.NDArray[np.uint8]] = {}
        self.tests: list[str] = []
        self.seconds: list[float] = []
        self.markers: list[npt.NDArray[np.uint8]] = []
        self.files: dict[str, float] = {}
        self._passed: set[str] = set()

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Generator[None, Any, Any]:
        begun = cpu_seconds()
        report = yield
        if isinstance(collector, pytest.Module):
            self.files[collector.nodeid] = cpu_seconds() - begun
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Generator[None, Any, Any]:
        if fixturedef.scope == "function":
            return (yield)
        before = self._map.copy()
        self._map[:] = 0
        try:
            return (yield)
        finally:
            self._by_fixture[id(fixturedef)] = self._map.copy()
            self._map[:] |= before

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Function) -> Generator[None, Any, Any]:
        self._map[:] = 0
        begun = cpu_seconds()
        result = yield
        took = cpu_seconds() - begun
        if item.nodeid in self._passed:
            found = self._map.copy()
            for definitions in item._fixtureinfo.name2fixturedefs.values():
                for definition in definitions:
                    found |= self._by_fixture.get(id(definition), 0)
            self.tests.append(item.nodeid)
            self.seconds.append(took)
            self.markers.append(np.packbits(found))
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.passed:
            self._passed.add(report.nodeid)
        if report.failed:
            self._passed.discard(report.nodeid)


def suite_files() -> list[Path]:
    """List the files of the suite whose tests are run against mutants."""
    tests = ROOT / "tests"
    files = sorted(tests.rglob("test_*.py"))
    return [path for path in files if not path.relative_to(tests).as_posix().startswith(LEFT_OUT)]


def pytest_in(copy: Path, words: list[str], plugin: object, scratch: Path) -> int:
    """Run tests on a copy of the sources, also in the subprocesses that they start."""
    os.environ["PYTHONPATH"] = str(copy)
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(scratch / "hypothesis")
    sys.path.insert(0, str(copy))
    os.chdir(ROOT)
    plain = [
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:randomly",
        f"--basetemp={scratch / 'tests'}",
        "--tb=short",
        "-W",
        "ignore::pytest.PytestAssertRewriteWarning",
    ]
    long = ["--torture"] if (ROOT / "tests" / "conftest.py").is_file() else []  # the long laws kill too
    return int(pytest.main([*plain, *long, "--hypothesis-seed=0", *words], plugins=[plugin]))


def record(workers: int = 2, say: Callable[[str], object] = print) -> None:
    """Run the suite on a copy with markers, a few files a process, and keep what each process saw."""
    shutil.rmtree(BUILD / "reach", ignore_errors=True)
    for worker in range(workers):
        folder = BUILD / "reach" / f"worker-{worker}"
        folder.mkdir(parents=True)
        marked_copy(SOURCES, folder / "src", folder / "reached")
    shutil.copy(BUILD / "reach" / "worker-0" / "src" / "_places.json", BUILD / "reach" / "places.json")
    files = suite_files()
    groups = [files[start :: -(-len(files) // FILES_AT_ONCE)] for start in range(-(-len(files) // FILES_AT_ONCE))]
    jobs = [(_record_group(number, group), 3600.0) for number, group in enumerate(groups)]
    begun = time.monotonic()
    for done, (number, ended) in enumerate(forked(jobs, workers, BUILD / "reach"), 1):
        say(f"{done} of {len(jobs)}, {time.monotonic() - begun:.0f} s: group {number} {ended}")


def _record_group(number: int, group: list[Path]) -> Callable[[int], int]:
    def job(worker: int) -> int:
        folder = BUILD / "reach" / f"worker-{worker}"
        recorder = Recorder(folder / "reached")
        words = [str(path.relative_to(ROOT)) for path in group]
        code = pytest_in(folder / "src", words, recorder, folder)
        to = BUILD / "reach" / f"group-{number}"
        np.savez_compressed(
            to, tests=np.array(recorder.tests), seconds=recorder.seconds, markers=np.array(recorder.markers)
        )
        to.with_suffix(".json").write_text(json.dumps(recorder.files), "utf-8")
        shutil.copy(folder.parent / f"worker-{worker}.log", to.with_suffix(".log"))
        return code

    return job


@dataclass
class Reach:
    """What the recorded tests reach."""

    places: Places
    files: dict[str, float] = field(default_factory=dict)
    tests: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    markers: list[npt.NDArray[np.uint8]] = field(default_factory=list)

    @cached_property
    def _matrix(self) -> npt.NDArray[np.uint8]:
        return np.array(self.markers)

    @cached_property
    def cost(self) -> dict[str, float]:
        """The seconds of each test."""
        return dict(zip(self.tests, self.seconds, strict=True))

    @cached_property
    def opening(self) -> dict[str, float]:
        """The seconds of each file before its tests: to collect it, and what its fixtures seem to take.

        A fixture of a module or session is paid by the first case of a test function: it takes longer than the others.
        """
        costs: dict[str, dict[str, list[float]]] = {}
        for test, seconds in zip(self.tests, self.seconds, strict=True):
            costs.setdefault(file_of(test), {}).setdefault(test.partition("[")[0], []).append(seconds)
        return {
            file: self.files.get(file, 0.0)
            + max(next(iter(of_file.values()))[0] - median([one for some in of_file.values() for one in some]), 0.0)
            + max(some[0] - min(some) for some in [*of_file.values()][1:] or [[0.0]])
            for file, of_file in costs.items()
        }

    def of(self, module: str, place: str) -> list[str]:
        """List the tests that reach the statement at "line:column" of a file."""
        marker = self.places[module][place]
        column = self._matrix[:, marker // 8] & (0x80 >> marker % 8)
        return [self.tests[number] for number in np.flatnonzero(column)]


def load() -> Reach:
    """Read what `record` has kept."""
    if not (BUILD / "reach" / "places.json").is_file():
        raise SystemExit("Run `python -m tests.mutants reach` first.")
    reach = Reach(json.loads((BUILD / "reach" / "places.json").read_text("utf-8")))
    for path in sorted((BUILD / "reach").glob("group-*.npz")):
        with np.load(path) as found:
            reach.tests.extend(map(str, found["tests"]))
            reach.seconds.extend(map(float, found["seconds"]))
            reach.markers.extend(found["markers"])
        reach.files.update(json.loads(path.with_suffix(".json").read_text("utf-8")))
    return reach


def file_of(test: str) -> str:
    """Return the file of a test, as its id begins."""
    return re.split("::", test, maxsplit=1)[0]
