"""The tests that reach a mutant → those that are run, in stages: the likeliest to notice it and the cheapest first."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from pathlib import PurePath

from tests.mutants.reach import Reach, file_of

BUDGET, STAGE = 12.0, 4.0  # processor seconds of all tests of a mutant, and of those of one stage
MOST = 2000
# They take long without using the processor, or longer than a mutant has.
LONG = (
    "laws/test_hostile_folders",
    "laws/test_resumed_prediction",
    "laws/test_lecture_page",
    "laws/test_documents",
    "laws/test_memory_of_prediction",
)


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


def stages(module: str, tests: Iterable[str], reach: Reach, first: str = "", after: int = 0) -> list[list[str]]:
    """Choose the tests of a module's mutant, cut into stages; if `after` of them were run before, the next ones."""
    tests = [test for test in tests if not test.removeprefix("tests/").startswith(LONG)]
    own = [test for test in tests if mirrors(module, test)]
    outside = set(tests) - set(own)
    known = [first] if first in reach.cost else []
    order = [*known, *cheapest_first(own, reach.cost), *cheapest_first(outside, reach.cost)]
    chosen = _chosen(order, outside, reach)
    if after:
        done = set([test for stage in chosen for test in stage][:after])
        chosen = _chosen([test for test in order if test not in done], outside, reach)
    return chosen


def _chosen(order: Iterable[str], outside: Container[str], reach: Reach) -> list[list[str]]:
    chosen: list[list[str]] = [[]]
    own_before = False
    files: set[str] = set()
    spent = begun = 0.0
    for test in list(dict.fromkeys(order))[:MOST]:
        file = file_of(test)
        cost = reach.cost[test] + (0 if file in files else reach.opening[file])
        if spent + cost > BUDGET and spent:
            continue
        starts_others = test in outside and own_before
        if chosen[-1] and (spent + cost - begun > STAGE or starts_others):
            chosen.append([])
            begun = spent
            files.clear()
        files.add(file)
        spent += cost
        chosen[-1].append(test)
        own_before = test not in outside
    return [stage for stage in chosen if stage]
