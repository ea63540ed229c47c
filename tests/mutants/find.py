"""Recorded mutants and the sources of today → the same mutants there, after functions were moved and renamed.

A mutant is looked for, in this order: where `moved.toml` says; under its name, the function unchanged; in a function
of the same structure elsewhere; by its statement in the function of its name; by its statement anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property

from tests.mutants.functions import Function
from tests.mutants.mutations import Mutation, mutations
from tests.mutants.table import Row

ALIKE = 0.7  # of lines that are taken for the same one in another function
GONE = "gone"


@dataclass
class Found:
    """What was found again, and how; what is gone for a given reason; and what must be looked for by hand."""

    mutants: dict[str, Mutation] = field(default_factory=dict)
    how: dict[str, str] = field(default_factory=dict)
    gone: dict[str, str] = field(default_factory=dict)
    missing: list[Row] = field(default_factory=list)


class Sources:
    """The functions of today and their mutations."""

    def __init__(self, functions: Iterable[Function]) -> None:
        self.by_key: dict[str, Function] = {}
        self.by_fingerprint: dict[str, list[Function]] = {}
        self._mutations: dict[str, list[Mutation]] = {}
        for function in functions:
            self.by_key.setdefault(function.key, function)  # of several of one name, as of a property, the first
            self.by_fingerprint.setdefault(function.fingerprint, []).append(function)

    def mutations(self, function: Function) -> list[Mutation]:
        """List the mutations of a function, worked out once."""
        if function.key not in self._mutations:
            self._mutations[function.key] = mutations(self.by_key[function.key])
        return self._mutations[function.key]

    @cached_property
    def by_statement(self) -> dict[tuple[str, str, int], list[Mutation]]:
        """All mutations, by kind and statement."""
        found: dict[tuple[str, str, int], list[Mutation]] = {}
        for function in self.by_key.values():
            for mutation in self.mutations(function):
                found.setdefault((mutation.kind, mutation.statement, mutation.within), []).append(mutation)
        return found


def similarity(first: str, second: str) -> float:
    """Return how alike two lines or names are, from 0 to 1."""
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def find(rows: Iterable[Row], functions: Iterable[Function], moved: Mapping[str, str]) -> Found:
    """Find recorded mutants again."""
    sources, found = Sources(functions), Found()
    rows = list(rows)
    unchanged = {row.key for row in rows if _is_unchanged(row, sources)}
    taken = {f"{row.module}:{row.function}" for row in rows if row.key in unchanged}
    for row in rows:
        target = moved.get(row.key) or moved.get(f"{row.module}:{row.function}")
        if target is not None and target.startswith(GONE):
            found.gone[row.key] = target
            continue
        how, mutation = "moved.toml", None
        if target is not None:
            mutation = _where_told(row, target, sources)
        elif row.key in unchanged:
            how, mutation = "unchanged", _at(row, sources.by_key[f"{row.module}:{row.function}"], sources)
        else:
            how, mutation = _elsewhere(row, sources, taken)
        if mutation is None:
            found.missing.append(row)
        else:
            found.mutants[row.key], found.how[row.key] = mutation, how
    return found


def _is_unchanged(row: Row, sources: Sources) -> bool:
    function = sources.by_key.get(f"{row.module}:{row.function}")
    return function is not None and function.fingerprint == row.fingerprint


def _at(row: Row, function: Function, sources: Sources) -> Mutation | None:
    for mutation in sources.mutations(function):
        if (mutation.kind, mutation.ordinal) == (row.kind, row.ordinal):
            return mutation
    return None


def _where_told(row: Row, target: str, sources: Sources) -> Mutation | None:
    name, _, mutant = target.partition("#")
    if (function := sources.by_key.get(name)) is None:
        raise SystemExit(f"moved.toml: {row.key}: there is no function {name}.")
    if mutant:
        return next((one for one in sources.mutations(function) if one.key == target), None)
    if function.fingerprint == row.fingerprint:
        return _at(row, function, sources)
    return _by_statement(row, sources.mutations(function))


def _elsewhere(row: Row, sources: Sources, taken: set[str]) -> tuple[str, Mutation | None]:
    same = [one for one in sources.by_fingerprint.get(row.fingerprint, []) if one.key not in taken]
    alike = [(_likeness(row, mutation), mutation) for one in same if (mutation := _at(row, one, sources))]
    if alike:
        return "fingerprint", max(alike, key=lambda pair: pair[0])[1]
    function = sources.by_key.get(f"{row.module}:{row.function}")
    if function is not None and (mutation := _by_statement(row, sources.mutations(function))):
        return "statement, same function", mutation
    anywhere = sources.by_statement.get((row.kind, row.statement, row.within), [])
    close = [one for one in anywhere if similarity(one.line, row.line) >= ALIKE]
    if not close:
        return "", None
    return "statement, elsewhere", max(close, key=lambda one: _likeness(row, one))


def _likeness(row: Row, mutation: Mutation) -> float:
    return similarity(mutation.function.key, f"{row.module}:{row.function}") + 2 * similarity(mutation.line, row.line)


def _by_statement(row: Row, inside: list[Mutation]) -> Mutation | None:
    wanted = (row.kind, row.statement, row.within)
    same = [one for one in inside if (one.kind, one.statement, one.within) == wanted]
    return max(same, key=lambda one: similarity(one.line, row.line), default=None)
