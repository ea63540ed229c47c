"""The SIMD levels of this processor → the compiled library at each of them, in place of the one that is chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import pytest

from unrolled.kernels.compiled import library
from unrolled.kernels.compiled.library import Level, Library

LEVELS: tuple[Level, ...] = get_args(Level)


@pytest.fixture(params=LEVELS)
def compiled(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Library:
    """The library at one level; a processor has all levels up to its own."""
    found = library.find_library()
    if isinstance(found, str):
        pytest.skip(found)
    if LEVELS.index(request.param) > LEVELS.index(found.level):
        pytest.skip(f"this processor has only {found.level}")
    chosen = Library(library.PATH, request.param)
    monkeypatch.setattr(library, "find_library", lambda: chosen)
    return chosen


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the kernels that were called, in order."""
    names: list[str] = []
    call: Callable[..., None] = Library.call

    def noted(self: Library, name: str, *arguments: Any) -> None:
        names.append(name)
        call(self, name, *arguments)

    monkeypatch.setattr(Library, "call", noted)
    return names
