"""Classes that are encoders and classes that aren't → options, or an error that says what is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest

from tests.each import each
from tests.guide_encoder import Total
from unrolled.errors import SettingError
from unrolled.model import outside_encoder
from unrolled.model.encoders.lstm import LSTM
from unrolled.model.registry import encoder_options, make_encoder, resolve_encoder


@dataclass(frozen=True, kw_only=True)
class Several(Total):  # type: ignore[misc]
    width: int = 3
    name: str = "x"
    sizes: tuple[int, ...] = (1, 2)
    kind: Literal["a", "b"] = "a"
    limit: int | None = None


@dataclass(frozen=True)
class NoDefault(Total):  # type: ignore[misc]
    width: int = field(kw_only=True)


@dataclass(frozen=True)
class OfAFunction(Total):  # type: ignore[misc]
    squash: Callable[..., Any] = abs


@dataclass(frozen=True)
class OfADict(Total):  # type: ignore[misc]
    sizes: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class WrongDefault(Total):  # type: ignore[misc]
    width: int = 0.5  # type: ignore[assignment]


@dataclass(frozen=True)
class Unfinished:
    input_size: int = 0

    def weights(self) -> dict[str, Any]:
        return {}


class Plain:
    pass


def test_options_are_the_fields_other_than_the_input_size() -> None:
    assert list(encoder_options(Several)) == ["scale", "width", "name", "sizes", "kind", "limit"]
    made = Several(input_size=7, width=5)
    assert resolve_encoder(made) == (Several, {**resolve_encoder(Several())[1], "width": 5})
    assert resolve_encoder(Several) == (Several, {})


def test_a_class_of_the_package_is_known_by_its_name() -> None:
    assert resolve_encoder(LSTM) == ("lstm", {})
    name, options = resolve_encoder(LSTM(input_size=3, hidden_size=5))
    assert (name, options["hidden_size"], "input_size" in options) == ("lstm", 5, False)


@each(
    ("kind", "words"),
    [
        (Plain, "dataclass"),
        (Unfinished, "output_size, order_sensitive, receptive_field, empty_encoding, project_tokens, encode"),
        (NoDefault, "'width'"),
        (OfAFunction, "options that are int, float"),
        (OfADict, "'sizes'"),
        (WrongDefault, "'width'"),
    ],
)
def test_what_is_no_encoder_is_refused(kind: type[Any], words: str) -> None:
    with pytest.raises(SettingError, match=words) as caught:
        resolve_encoder(kind)
    assert kind.__name__ in str(caught.value)


@each("wrong", [3, None, ["cnn"], object()])
def test_neither_a_name_nor_a_class_is_refused_where_it_is_made(wrong: Any) -> None:
    assert resolve_encoder(wrong) == (wrong, {})
    with pytest.raises(SettingError, match="there is no encoder"):
        make_encoder(wrong, 1, {})


def test_an_object_is_of_the_word_vectors_size_or_of_none() -> None:
    for size in (0, 8):
        outside_encoder.check_input_size(Total(input_size=size), 8)
    with pytest.raises(SettingError, match=r"input_size is 7.*size 8"):
        outside_encoder.check_input_size(Total(input_size=7), 8)
