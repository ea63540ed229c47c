"""The sources and a seed → mutants, as many of each area, and of as many functions as there are."""

from __future__ import annotations

import random
from collections.abc import Iterable

from tests.mutants.functions import Function
from tests.mutants.mutations import Mutation, mutations
from tests.mutants.table import Row

AREAS = {
    "text": ("text/", "data/", "checks/", "validation.py"),
    "model": ("model/",),
    "kernels": ("kernels/",),
    "training": ("training/", "calibration/"),
    "prediction and storage": ("prediction/", "storage/"),
    "evaluation": ("evaluation/",),
}
PER_AREA = 70
EASY, SELDOM = "return None", 0.1  # any test kills these: drawn only with that probability where there are others
UNSPOKEN = ("__repr__", "__str__", "__del__")


def area_of(module: str) -> str | None:
    """Return the area of a file, or None if it isn't drawn from."""
    inside = module.removeprefix("unrolled/")
    return next((area for area, starts in AREAS.items() if inside.startswith(starts)), None)


def draw(functions: Iterable[Function], seed: int, per_area: int = PER_AREA) -> list[Row]:
    """Draw mutants: one of each function in turn, in a drawn order, of a kind drawn among those that it has."""
    drawn: list[Row] = []
    by_area: dict[str, dict[str, list[Mutation]]] = {area: {} for area in AREAS}
    for function in functions:
        area = area_of(function.module)
        if area is not None and function.node.name not in UNSPOKEN and (found := mutations(function)):
            by_area[area].setdefault(function.key, found)
    for area, of_functions in by_area.items():
        chance = random.Random(f"{seed} {area}")
        drawn.extend(_row(area, one) for one in _draw_some(of_functions, per_area, chance))
    return drawn


def _draw_some(of_functions: dict[str, list[Mutation]], count: int, chance: random.Random) -> list[Mutation]:
    left = {key: list(found) for key, found in sorted(of_functions.items())}
    drawn: list[Mutation] = []
    while left and len(drawn) < count:
        order = list(left)
        chance.shuffle(order)
        order.sort(key=lambda key: _kinds(left[key]) == [EASY])
        for key in order[: count - len(drawn)]:
            kinds = _kinds(left[key])
            harder = [kind for kind in kinds if kind != EASY]
            kind = chance.choice(harder if harder and chance.random() >= SELDOM else kinds)
            mutation = chance.choice([one for one in left[key] if one.kind == kind])
            left[key].remove(mutation)
            drawn.append(mutation)
            if not left[key]:
                del left[key]
    return sorted(drawn, key=lambda one: one.key)


def _kinds(found: list[Mutation]) -> list[str]:
    return sorted({one.kind for one in found})


def _row(area: str, mutation: Mutation) -> Row:
    function = mutation.function
    number = function.source.encode()[: mutation.start].count(b"\n") + 1
    return Row(
        area, function.module, function.name, mutation.kind, mutation.ordinal, function.fingerprint,
        mutation.statement, mutation.within, number, mutation.line, mutation.edit,
    )  # fmt: skip
