"""Encoders are found by the names of their files, and a wrong name or option is told with the nearest right one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.each import each
from unrolled.errors import SettingError
from unrolled.model import encoders
from unrolled.model.registry import encoder_class, encoder_names, encoder_options, make_encoder


def test_every_file_is_one_encoder() -> None:
    (folder,) = encoders.__path__
    assert encoder_names() == sorted(path.stem for path in Path(folder).glob("*.py") if path.stem != "__init__")
    assert {"average", "cnn", "lstm"} <= set(encoder_names())


@each("name", encoder_names())
def test_an_encoder_is_made_with_its_defaults_and_with_options(name: str) -> None:
    options = encoder_options(name)
    made = make_encoder(name, 7, {})
    assert isinstance(made, encoder_class(name))
    assert made.input_size == 7
    assert {option: getattr(made, option) for option in options} == {o.name: o.default for o in options.values()}
    assert "input_size" not in options


def test_options_reach_the_encoder_in_their_own_types() -> None:
    made: Any = make_encoder("cnn", 7, {"filter_sizes": [1, 5]})
    assert made.filter_sizes == (1, 5)
    assert made.output_size == 2 * made.num_filters


@pytest.mark.parametrize(("name", "told"), [("lstmm", "'lstm'"), ("CNN", "cnn"), ("averge", "'average'"), ("", "lstm")])
def test_an_unknown_encoder_is_told_with_the_known_ones(name: str, told: str) -> None:
    with pytest.raises(SettingError) as raised:
        make_encoder(name, 7, {})
    assert told in raised.value.advice
    assert f"'{name}'" in raised.value.problem
    assert raised.value.where == "setting 'encoder'"


def test_an_option_of_another_encoder_is_told_with_its_owner() -> None:
    with pytest.raises(SettingError, match=r"^setting 'num_filters': .*'lstm' has no option") as raised:
        make_encoder("lstm", 7, {"num_filters": 3})
    assert "'num_filters', which belongs to cnn" in raised.value.problem
    assert "hidden_size" in raised.value.problem


def test_an_option_that_nobody_has_is_told_with_the_nearest() -> None:
    with pytest.raises(SettingError, match=r"Did you mean 'hidden_size'\?") as raised:
        make_encoder("lstm", 7, {"hidden_sise": 3})
    assert raised.value.where == "setting 'hidden_sise'"


def test_a_wrong_value_is_told_with_what_is_allowed() -> None:
    with pytest.raises(SettingError, match=r"expected one of last, mean, max, got 'first'") as raised:
        make_encoder("lstm", 7, {"pooling": "first"})
    assert raised.value.where == "setting 'pooling'"


@each("name", encoder_names())
def test_each_option_is_checked(name: str) -> None:
    for option in encoder_options(name):
        with pytest.raises(SettingError, match=f"setting '{option}'"):
            make_encoder(name, 7, {option: object()})
