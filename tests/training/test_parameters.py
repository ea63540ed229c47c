"""The signature of a classifier → names and defaults of every setting, as the parts that use them have them."""

from __future__ import annotations

import inspect

import pytest

from unrolled import TextClassifier
from unrolled.errors import SettingError
from unrolled.training.resolve_config import SETTINGS, all_options

SIGNATURE = inspect.signature(TextClassifier).parameters


def test_every_setting_is_in_the_signature_with_its_default() -> None:
    assert {name: SIGNATURE[name].default for name in SETTINGS} == {n: s.default for n, s in SETTINGS.items()}


def test_every_option_of_every_encoder_is_in_the_signature() -> None:
    assert {name: SIGNATURE[name].default for name in all_options()} == dict.fromkeys(all_options())


def test_nothing_else_is() -> None:
    assert set(SIGNATURE) == {"encoder", "vectors", "base_model", "options", *SETTINGS, *all_options()}


def test_an_option_of_nobody_is_refused() -> None:
    with pytest.raises(SettingError, match="hidden_size"):
        TextClassifier("cnn", hiden_size=3)


def test_options_that_are_left_out_are_no_parameters() -> None:
    assert "hidden_size" not in TextClassifier("lstm").get_params()
    assert TextClassifier("lstm", hidden_size=3).get_params()["hidden_size"] == 3
