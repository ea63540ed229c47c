"""Numbers → two digits and zeros, never less."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from unrolled.formatting.ceil_to_2_significant import ceil_to_2_significant


@given(st.integers(1, 10**9) | st.floats(0.5, 1e9))
def test_it_is_the_least_of_two_digits_that_is_enough(number: float) -> None:
    found = ceil_to_2_significant(number)
    step = max(1, 10 ** (len(str(found)) - 2))
    assert found % step == 0
    assert found >= number - 1e-6 * step
    assert found - step < number


def test_examples() -> None:
    assert [ceil_to_2_significant(n) for n in (1, 7, 10, 99, 100, 101, 7_801, 99_001)] == [
        1, 7, 10, 99, 100, 110, 7_900, 100_000,
    ]  # fmt: skip
