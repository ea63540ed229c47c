"""A test and its cases → one test that tries every case and names those that fail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from inspect import signature
from typing import Any

import pytest

Test = Callable[..., None]
_FAILURES = (Exception, pytest.fail.Exception)


def each(names: str | Sequence[str], cases: Iterable[Any]) -> Callable[[Test], Test]:
    """Try all cases in one test, as `pytest.mark.parametrize` does in many; for cases that take little time."""
    wanted = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    tried = [(case,) if len(wanted) == 1 else tuple(case) for case in cases]

    def decorate(test: Test) -> Test:
        @wraps(test)
        def all_cases(**fixtures: Any) -> None:
            _reject([_failure(test, {**fixtures, **dict(zip(wanted, case, strict=True))}) for case in tried])

        others = [one for name, one in signature(test).parameters.items() if name not in wanted]
        all_cases.__signature__ = signature(test).replace(parameters=others)  # type: ignore[attr-defined]
        return all_cases

    return decorate


def _failure(test: Test, values: dict[str, Any]) -> BaseException | None:
    try:
        test(**values)
    except (*_FAILURES, pytest.skip.Exception) as error:
        error.add_note(f"in the case {values!r:.500}")
        return error
    return None


def _reject(found: Sequence[BaseException | None]) -> None:
    """Raise the failures; skip only if every case was skipped."""
    assert found, "no case was tried"
    failures = [error for error in found if isinstance(error, _FAILURES)]
    if len(failures) > 1:
        raise BaseExceptionGroup(f"{len(failures)} of {len(found)} cases fail", failures)
    for error in failures or (found if all(found) else ()):
        assert error
        raise error
