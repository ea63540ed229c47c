"""`unrolled lecture` → the list of parts; with a part's name, that part; with another word, the nearest part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.each import each
from unrolled.lecture.find_part import contents, find_part, part_names


def test_without_a_part_the_parts_are_listed_and_how_to_ask(unrolled: Callable[..., Any]) -> None:
    done = unrolled("lecture")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == list(contents())
    assert "unrolled lecture cnn" in done.out


@each("name", part_names())
def test_a_part_is_printed(unrolled: Callable[..., Any], name: str) -> None:
    done = unrolled("lecture", name)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == list(find_part(name).lines())


def test_an_unknown_part_is_wrong_usage_and_the_nearest_is_named(unrolled: Callable[..., Any]) -> None:
    assert "Did you mean 'cnn'?" in unrolled("lecture", "cnm").error(2)
    assert "Use one of: average, " in unrolled("lecture", "zzzzzz").error(2)
