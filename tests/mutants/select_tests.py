"""The tests that reach a mutant → those that are run, in stages: the likeliest to notice it and the cheapest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath

from tests.mutants.reach import Reach, file_of

BUDGET, STAGE = 12.0, 4.0  # processor seconds of all tests of a mutant, and of those of one stage
MOST = 2000
# They take long without using the processor, or longer than a mutant has.
LONG = ("laws/test_hostile_folders.py::test_only_the_folder", "laws/test_resumed_prediction", "laws/test_lecture_page",
        "laws/test_documents", "laws/test_memory_of_prediction")  # fmt: skip


def mirrors(module: str, test: str) -> bool:
    """Return whether a test is in the test file of a module."""
    file, path = PurePath(file_of(test)), PurePath(module)
    of = file.stem.removeprefix("test_").removesuffix("_faults")
    return of == path.stem and (file.parent.name == path.parent.name or len(path.parts) <= 2)


def cheapest_first(tests: Iterable[str], cost: Mapping[str, float]) -> Iterator[str]:
    """Yield the cheapest case of each test function, then the second cheapest of each, and so on."""
    by_function: dict[str, list[str]] = {}
    for test in sorted(tests, key=lambda one: (cost[one], one)):
        by_function.setdefault(test.partition("[")[0], []).append(test)
    ranked = [(number, cost[test], test) for cases in by_function.values() for number, test in enumerate(cases)]
    return (test for _, _, test in sorted(ranked))


def stages(module: str, tests: Iterable[str], reach: Reach, first: str = "") -> list[list[str]]:
    """Choose the tests of a module's mutant, cut where their seconds are over those of a stage."""
    tests = [test for test in tests if not test.removeprefix("tests/").startswith(LONG)]
    own = [test for test in tests if mirrors(module, test)]
    outside = set(tests) - set(own)
    known = [first] if first in reach.cost else []
    order = [*known, *cheapest_first(own, reach.cost), *cheapest_first(outside, reach.cost)]
    chosen: list[list[str]] = [[]]
    files: set[str] = set()
    spent = begun = 0.0
    for test in dict.fromkeys(order[:MOST]):
        file = file_of(test)
        cost = reach.cost[test] + (0 if file in files else reach.opening[file])
        if spent + cost > BUDGET and spent:
            continue
        starts_others = test in outside and any(one in own for one in chosen[-1])
        if chosen[-1] and (spent + cost - begun > STAGE or starts_others):
            chosen.append([])
            begun = spent
            files.clear()
        files.add(file)
        spent += cost
        chosen[-1].append(test)
    return [stage for stage in chosen if stage]
