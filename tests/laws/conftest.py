"""Every encoder found, its options and the kinds of arrays → the cases that the laws are tested on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from unrolled.encoder_laws.case import WORDS, Case
from unrolled.encoder_laws.cases import ARITHMETICS, ARRAYS, by, is_possible
from unrolled.kernels.compiled.library import Library, find_library
from unrolled.model.registry import encoder_names, encoder_options
from unrolled.settings import SMALL, Setting
from unrolled.training.threads import threads


def any_value(setting: Setting) -> SearchStrategy[Any]:
    """Draw a small value of a setting."""
    drawn: SearchStrategy[Any]
    if setting.choices:
        drawn = st.sampled_from(setting.choices)
    elif setting.kind is bool:
        drawn = st.booleans()
    elif setting.kind is float:
        drawn = st.floats(-2, 2, width=16)
    else:
        drawn = st.integers(0, 4) if setting.several or (setting.default or 0) <= SMALL else st.integers(1, 8)
    drawn = (
        st.lists(drawn, min_size=setting.size or 1, max_size=setting.size or 3).map(tuple) if setting.several else drawn
    )
    return (st.none() | drawn if setting.optional else drawn).filter(setting.is_allowed)


@st.composite
def combinations(draw: st.DrawFn, name: str) -> Case:
    """Draw a case of an encoder: its options together, texts, and the kind of array."""
    each = {option.name: any_value(option) for option in encoder_options(name).values()}
    options = draw(st.fixed_dictionaries(each).filter(lambda values: is_possible(Case(name, values))))
    texts = draw(st.lists(st.lists(st.integers(0, WORDS - 1), max_size=8).map(tuple), min_size=1, max_size=5))
    return Case(name, options, *draw(st.sampled_from(ARRAYS)), tuple(texts))


@pytest.fixture(scope="session", params=encoder_names())
def draw_case(request: pytest.FixtureRequest) -> Callable[[st.DataObject], Case]:
    """How to draw a case with any options, for every encoder."""
    return lambda data: data.draw(combinations(request.param))


@pytest.fixture(scope="session")
def draw_way() -> Callable[[st.DataObject], AbstractContextManager[None]]:
    """How to draw what computes while a block runs."""
    ways = ARITHMETICS if isinstance(find_library(), Library) else ("plain",)
    return lambda data: by(data.draw(st.sampled_from(ways)))


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Let torch use one thread: on a busy machine several of them wait for each other at every tiny array."""
    with threads(1):
        yield
