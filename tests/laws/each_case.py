"""A law of one case → the test that it holds for all cases of each encoder, one test an encoder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.laws.conftest import Case

Law = Callable[..., None]


def _held(law: Law, cases: Iterator[Case], *more: Any) -> None:
    tried = 0
    for case in cases:
        try:
            law(case, *more)
        except AssertionError as error:
            error.add_note(f"in the case {case}, {case.kind} {case.dtype}")
            raise
        tried += 1
    assert tried


def crossed(law: Law) -> Any:
    """Test it on every kind of array, with kernels and without."""

    def test(crossed_cases: Iterator[Case]) -> None:
        _held(law, crossed_cases)

    return _named(test, law)


def trained(law: Law) -> Any:
    """Test it for training, with kernels and without."""

    def test(trained_cases: Iterator[Case]) -> None:
        _held(law, trained_cases)

    return _named(test, law)


def plainly(law: Law) -> Any:
    """Test it on NumPy in float32."""

    def test(plain_cases: Iterator[Case]) -> None:
        _held(law, plain_cases)

    return _named(test, law)


def _named(test: Any, law: Law) -> Any:
    test.__name__, test.__doc__, test.law = law.__name__, law.__doc__, law
    return test
