"""Mutants of the sources: do the tests of today notice all that the tests of the record noticed?

    python -m tests.mutants reach          run the suite once and note what each test reaches; about 15 minutes
    python -m tests.mutants draw           draw mutants anew into mutants.tsv, without outcomes
    python -m tests.mutants run            run those without an outcome and record it; about 20 minutes for 420
    python -m tests.mutants run --again    run the survivors against further tests, those that there was no time for
    python -m tests.mutants check          run the tests that killed mutants without them: none may fail
    python -m tests.mutants find           look for the recorded mutants in the sources of today; list those not found
    python -m tests.mutants compare        run those that were killed; list those that no longer are, and exit 1

Before `run` and `compare`, `reach` must have been run on the same sources and tests; it writes to `build/mutants/`.
A mutant is found again after its function was moved or renamed (find.py); if the body was changed too, add its new
place to moved.toml. The record names, for each mutant, its area, function, kind, line, edit, outcome, and the test that
killed it.
`--only TEXT` restricts `run`, `find` and `compare` to mutants whose area or key contains TEXT.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import zip_longest

from tests.mutants import forks, reach, run, select_tests, table
from tests.mutants.draw import AREAS, draw
from tests.mutants.find import Found, find
from tests.mutants.functions import functions_of
from tests.mutants.mutations import Mutation
from tests.mutants.reach import SOURCES, Reach
from tests.mutants.run import Trial, Verdict
from tests.mutants.table import Row

SEED = 18


def main(words: Sequence[str]) -> int:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["reach", "draw", "run", "check", "find", "compare"])
    parser.add_argument("--only", default="", help="restrict to mutants whose area or key contains this")
    parser.add_argument("--again", action="store_true", help="run the survivors against further tests")
    parser.add_argument("--seed", type=int, default=SEED, help="seed of `draw`")
    given = parser.parse_args(words)
    if given.command == "draw":
        table.write(draw(functions_of(SOURCES), given.seed))
        return 0
    if given.command == "reach":
        forks.warm()
        reach.record()
        return 0
    if given.command == "run":
        return _run(given.only, given.again)
    return {"check": _check, "find": _find, "compare": _compare}[given.command](given.only)


def _chosen(rows: Sequence[Row], only: str) -> list[Row]:
    return [row for row in rows if only in row.area or only in row.key]


def _found(rows: Sequence[Row]) -> Found:
    found = find(rows, functions_of(SOURCES), table.read_moved())
    for row in found.missing:
        print(f"not found: {row.key}\n    line {row.line_number}: {row.line}\n    {row.edit}")
    for key, reason in found.gone.items():
        print(f"{key}: {reason}")
    return found


def _find(only: str) -> int:
    rows = _chosen(table.read(), only)
    found = _found(rows)
    for row in rows:
        if found.how.get(row.key, "unchanged") != "unchanged":
            mutation = found.mutants[row.key]
            print(f"{row.key} → {mutation.key} ({found.how[row.key]})\n    {row.line}\n    {mutation.line}")
    print(dict(Counter(found.how.values())), f"gone: {len(found.gone)}, not found: {len(found.missing)}")
    return bool(found.missing)


def _run(only: str, again: bool) -> int:
    rows = {row.key: row for row in table.read()}
    wanted = "survived" if again else ""

    def record(row: Row, verdict: Verdict) -> None:
        if again and verdict.outcome == "timeout":  # it isn't the mutant that takes long: other tests were run before
            verdict = Verdict("survived", "", verdict.tests_run, verdict.seconds)
        tests_run, seconds = row.tests_run + verdict.tests_run, row.seconds + verdict.seconds
        rows[row.key] = row.with_outcome(verdict.outcome, verdict.test, tests_run, seconds)
        table.write(rows.values())

    waiting = [row for row in _chosen(list(rows.values()), only) if row.outcome == wanted]
    by_area = [[row for row in waiting if row.area == area] for area in AREAS]
    mixed = [row for some in zip_longest(*by_area) for row in some if row is not None]
    _run_all(mixed, _found(mixed).mutants, record)
    for area in AREAS:
        print(area, dict(Counter(row.outcome for row in rows.values() if row.area == area)))
    return 0


def _check(only: str) -> int:
    rows = [row for row in _chosen(table.read(), only) if row.outcome == "killed"]
    failing: list[str] = []

    def record(row: Row, verdict: Verdict) -> None:
        if verdict.outcome != "survived":
            failing.append(f"{verdict.outcome} without the mutant: {row.key}\n    {verdict.test}")

    _run_all(rows, _found(rows).mutants, record, without=True)
    print(*failing, sep="\n")
    return bool(failing)


def _compare(only: str) -> int:
    rows = [row for row in _chosen(table.read(), only) if row.outcome == "killed"]
    found = _found(rows)
    alive: list[str] = []

    def record(row: Row, verdict: Verdict) -> None:
        if verdict.outcome != "killed":
            mutation = found.mutants[row.key]
            alive.append(f"{verdict.outcome}: {mutation.key}\n    {mutation.edit}\n    was killed by {row.test}")

    _run_all(rows, found.mutants, record)
    print(*alive, sep="\n")
    print(f"{len(found.mutants)} run, {len(alive)} no longer killed, {len(found.missing)} not found")
    return bool(alive or found.missing)


def _run_all(
    rows: Sequence[Row], mutants: dict[str, Mutation], record: Callable[[Row, Verdict], None], without: bool = False
) -> None:
    known = reach.load()
    rows = [row for row in rows if row.key in mutants]
    trials = []
    for row in rows:
        chosen = _stages(row, mutants[row.key], known)
        trials.append(
            Trial(None, _until(row.test.removesuffix(run.LOOPING), chosen))
            if without
            else Trial(mutants[row.key], chosen)
        )
    forks.warm()
    for done, (number, verdict) in enumerate(run.run(trials), 1):
        record(rows[number], verdict)
        print(f"{done} of {len(rows)}: {verdict.outcome} {rows[number].key} ({verdict.seconds:.0f} s, {verdict.test})")
        sys.stdout.flush()


def _stages(row: Row, mutation: Mutation, known: Reach) -> list[list[str]]:
    module = mutation.function.module
    tests = known.of(module, mutation.place)
    after = row.tests_run if row.outcome == "survived" else 0
    return select_tests.stages(module, tests, known, row.test.removesuffix(run.LOOPING), after)


def _until(killer: str, chosen: list[list[str]]) -> list[list[str]]:
    for number, stage in enumerate(chosen):
        if killer in stage:
            return [*chosen[:number], stage[: stage.index(killer) + 1]]
    return chosen


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
