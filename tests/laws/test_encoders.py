"""Every encoder with each option alone, and with any options together → the laws of `unrolled.model.encoder`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unrolled.encoder_laws.case import Case
from unrolled.encoder_laws.cases import cases
from unrolled.encoder_laws.laws import LAWS, Law
from unrolled.model.registry import encoder_names, encoder_options


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.check.__name__)
@pytest.mark.parametrize("encoder", encoder_names())
def test_every_encoder_keeps_the_law(encoder: str, law: Law) -> None:
    assert law.broken_by(encoder) == [], law.meaning


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_all_of_it_holds_for_any_options_together(
    draw_case: Callable[[st.DataObject], Case],
    draw_way: Callable[[st.DataObject], AbstractContextManager[None]],
    data: st.DataObject,
) -> None:
    case = draw_case(data)
    with draw_way(data):
        for law in LAWS:
            if law.any_options:
                law.check(case)


def test_each_option_of_each_encoder_is_varied() -> None:
    for name in encoder_names():
        for option in encoder_options(name).values():
            values = {case.options.get(option.name, option.default) for case in cases(name)}
            assert len(values) > 1, (name, option.name)
