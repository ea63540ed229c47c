"""Cases that fail, are skipped or hold → what the one test of all of them says."""

from __future__ import annotations

import pytest

from tests.each import each


def outcome(cases: list[str]) -> list[str]:
    tried: list[str] = []

    @each("case", cases)
    def law(case: str) -> None:
        tried.append(case)
        if case == "skipped":
            pytest.skip("it can't be tried here")
        if case == "not refused":
            pytest.fail("it was not refused")
        assert case != "false"

    law()
    return tried


def test_every_case_is_tried_and_may_be_skipped() -> None:
    assert outcome(["true", "skipped", "true"]) == ["true", "skipped", "true"]


@pytest.mark.parametrize("wrong", ["false", "not refused"])
def test_one_case_that_fails_fails_the_test_and_is_named(wrong: str) -> None:
    with pytest.raises((AssertionError, pytest.fail.Exception)) as caught:
        outcome(["true", wrong, "skipped"])
    assert wrong in caught.value.__notes__[0]


def test_several_are_all_reported() -> None:
    with pytest.raises(BaseExceptionGroup) as caught:
        outcome(["false", "true", "not refused"])
    assert [type(error) for error in caught.value.exceptions] == [AssertionError, pytest.fail.Exception]


def test_a_test_of_which_every_case_is_skipped_is_skipped() -> None:
    with pytest.raises(pytest.skip.Exception):
        outcome(["skipped", "skipped"])


def test_a_test_without_cases_fails() -> None:
    with pytest.raises(AssertionError, match="no case"):
        outcome([])
