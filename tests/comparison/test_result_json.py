"""compare.json: there and back again, through its bytes."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.comparison.read_result import read_result
from tests.each import each
from tests.reports.many_compared import all_kinds
from unrolled.comparison.result import (
    ComparisonResult,
    Coverage,
    Disagreement,
    Epoch,
    McNemar,
    Model,
    OfLength,
    Recommendation,
    Run,
)
from unrolled.comparison.result_json import as_json
from unrolled.evaluation.bootstrap import Interval
from unrolled.reports.comparison import html
from unrolled.storage.strict_json import parse, to_bytes

KINDS = all_kinds()
TEXT = st.text(st.characters(exclude_categories=()), max_size=8)
NUMBER = st.floats(allow_nan=False, allow_infinity=False)
WHOLE = st.integers(-(10**20), 10**20)
INTERVAL = st.builds(Interval, NUMBER, NUMBER, NUMBER)
TESTS = st.builds(McNemar, WHOLE, WHOLE, WHOLE, NUMBER, NUMBER)
EPOCHS = st.builds(Epoch, WHOLE, NUMBER, st.none() | NUMBER, NUMBER, NUMBER)


def many(one: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(one, max_size=2).map(tuple)


RUNS = st.builds(Run, WHOLE, NUMBER, NUMBER, NUMBER, TEXT, many(EPOCHS))
COVERAGES = st.builds(Coverage, NUMBER, WHOLE, NUMBER, st.none() | INTERVAL)
LENGTHS = st.builds(OfLength, WHOLE, WHOLE, WHOLE, INTERVAL)
OPTIONS = st.dictionaries(TEXT, st.none() | st.booleans() | WHOLE | NUMBER | TEXT | st.lists(WHOLE), max_size=2)


@st.composite
def comparisons(draw: st.DrawFn) -> ComparisonResult:
    labels = draw(st.lists(TEXT, unique=True, max_size=3).map(tuple))
    matrix = st.just(()) | st.tuples(*[st.tuples(*[WHOLE] * len(labels))] * len(labels))
    names = draw(st.lists(TEXT.filter(bool), unique=True, max_size=3))
    optional = st.none() | INTERVAL
    models = tuple(
        draw(
            st.builds(
                Model, st.just(name), TEXT, OPTIONS, st.sampled_from(["finished", "unfinished", "failed", "not_run"]),
                TEXT, st.none() | WHOLE, st.none() | WHOLE, *[st.none() | NUMBER] * 4, *[optional] * 3,
                st.none() | NUMBER, many(TESTS), many(RUNS), many(LENGTHS),
                many(COVERAGES), matrix,
            )
        )
        for name in names
    )  # fmt: skip
    chosen = st.sampled_from(names) if names else st.nothing()
    texts = st.builds(Disagreement, WHOLE, TEXT, TEXT, st.dictionaries(TEXT, TEXT, max_size=2))
    return draw(
        st.builds(
            ComparisonResult, TEXT, TEXT, WHOLE, WHOLE, st.just(labels), NUMBER, WHOLE, st.none() | NUMBER, NUMBER,
            TEXT,
            st.dictionaries(TEXT, TEXT, max_size=2), st.just("") | chosen,
            st.none() | st.builds(Recommendation, chosen, TEXT, st.none() | WHOLE), st.just(models),
            many(texts), WHOLE, many(TEXT),
        )
    )  # fmt: skip


@settings(max_examples=60)
@given(comparisons())
def test_any_comparison_is_the_same_after_its_file(found: ComparisonResult) -> None:
    assert read_result(parse(to_bytes(as_json(found)))) == found


@each("kind", KINDS)
def test_the_page_can_be_made_again_from_the_file_alone(kind: str) -> None:
    again = read_result(parse(to_bytes(as_json(KINDS[kind]))))
    assert html(again) == html(KINDS[kind])
