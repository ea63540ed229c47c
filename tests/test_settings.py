"""Signatures → settings: what each kind takes and refuses, from Python and from a command line's text."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.each import each
from unrolled.errors import SettingError
from unrolled.model.registry import encoder_names, encoder_options
from unrolled.settings import Count, Interval, Positive, Proportion, Setting, checked, seconds, settings_of
from unrolled.text.text_config import TextConfig
from unrolled.training.training_config import TrainingConfig


@dataclass(frozen=True, kw_only=True)
class Example:
    """One field of every kind."""

    size: int
    count: Annotated[Count, "how many"] = 3
    rate: Positive = 0.5
    share: Proportion = 0.0
    free: Annotated[float, Interval()] = 1.0
    flag: bool = False
    name: str = "x"
    choice: Literal["last", "mean"] = "last"
    sizes: tuple[Count, ...] = (2, 3)
    pair: tuple[Count, Count] = (1, 2)
    limit: Count | None = None
    budget: Annotated[Positive | None, seconds] = None


SETTINGS = settings_of(Example)
TAKEN: list[tuple[str, Any, Any]] = [
    ("count", 1, 1),
    ("count", np.int32(7), 7),
    ("rate", 2, 2.0),
    ("rate", np.float32(0.5), 0.5),
    ("rate", np.int64(2), 2.0),
    ("rate", Fraction(1, 4), 0.25),
    ("share", 0, 0.0),
    ("share", 0.999, 0.999),
    ("free", -1e300, -1e300),
    ("flag", True, True),
    ("name", "any text", "any text"),
    ("name", np.str_("y"), "y"),
    ("choice", "mean", "mean"),
    ("sizes", [4, np.int8(1)], (4, 1)),
    ("sizes", (5,), (5,)),
    ("pair", [7, np.int64(7)], (7, 7)),
    ("pair", (9, 1), (9, 1)),
    ("limit", None, None),
    ("limit", 9, 9),
]
REFUSED: dict[str, list[Any]] = {
    "count": [0, -1, 1.0, 2.5, True, False, "3", None, [3], (3,), 1j, np.True_, np.float64(3), np.array([1, 2])],
    "rate": [0, -0.1, True, np.True_, "0.5", None, [0.5], float("nan"), float("inf"), 1j, np.array([0.5]), 10**400],
    "share": [1, 1.0, -1e-9, 2, float("nan"), -float("inf"), Fraction(10**400)],
    "free": [float("nan"), float("inf"), -float("inf"), np.float32("nan"), "1", np.ones(2)],
    "flag": [0, 1, "true", None, "False", [True]],
    "name": [1, None, b"x", ["x"], True],
    "choice": ["first", "Last", "", None, 0, ["last"], ("last", "mean")],
    "sizes": [3, (), [], (2, 0), (2, "3"), (True,), "2,3", None, {2, 3}, (2, (3,))],
    "pair": [(), (1,), [1, 2, 3], (1, 0), (1, 2.0), (1, None), "1,2", 12, None, {1, 2}],
    "limit": [0, "none", 1.5, True],
}


@each(("name", "given_value", "kept"), TAKEN)
def test_a_right_value_is_kept_in_the_setting_s_own_type(name: str, given_value: Any, kept: Any) -> None:
    found = SETTINGS[name].check(given_value)
    assert found == kept
    assert type(found) is type(kept) or isinstance(given_value, np.str_)  # NumPy's text is a text
    assert not isinstance(found, tuple) or {type(item) for item in found} == {int}


@each(("name", "value"), [(n, v) for n, values in REFUSED.items() for v in values])
def test_a_wrong_value_is_refused(name: str, value: Any) -> None:
    with pytest.raises(SettingError) as raised:
        SETTINGS[name].check(value)
    assert raised.value.problem.startswith(f"expected {SETTINGS[name].allowed}, got ")
    assert raised.value.where == f"setting '{name}'"


@each(("name", "value"), [("count", -1), ("rate", "0.5"), ("choice", "first"), ("sizes", ()), ("flag", 1)])
def test_the_error_tells_what_is_allowed_what_came_and_what_to_do(name: str, value: Any) -> None:
    with pytest.raises(SettingError) as raised:
        SETTINGS[name].check(value)
    error = raised.value
    assert error.problem.endswith(f", got {value!r}")
    assert error.advice
    assert str(error) == f"setting '{name}': {error.problem}. {error.advice}"


def test_a_whole_number_too_large_for_a_float_is_taken_or_refused() -> None:
    with suppress(SettingError):
        assert SETTINGS["count"].check(10**400) == 10**400
    with suppress(SettingError):
        assert SETTINGS["count"].parse("9" * 400) == 10**400 - 1


@settings(deadline=None)
@given(
    st.sampled_from(sorted(SETTINGS)),
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text(max_size=5)
        | st.complex_numbers()
        | st.binary(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3) | st.tuples(inner) | st.dictionaries(st.text(max_size=2), inner, max_size=2)
        ),
        max_leaves=4,
    ),
)
def test_any_value_is_taken_as_it_is_or_refused_as_a_setting_error(name: str, value: Any) -> None:
    try:
        found = SETTINGS[name].check(value)
    except SettingError:
        return
    assert found == (tuple(value) if isinstance(value, list) else value)


@each(
    ("name", "text", "value"),
    [
        ("count", "12", 12),
        ("rate", "1e-3", 0.001),
        ("rate", "2", 2.0),
        ("flag", "true", True),
        ("flag", "False", False),
        ("name", "none", "none"),
        ("choice", "mean", "mean"),
        ("sizes", "2,3,4", (2, 3, 4)),
        ("sizes", "5", (5,)),
        ("pair", "2,1", (2, 1)),
        ("limit", "none", None),
        ("limit", "None", None),
        ("limit", "7", 7),
        ("budget", "90", 90.0),
        ("budget", "60s", 60.0),
        ("budget", "1.5m", 90.0),
        ("budget", "2h", 7200.0),
        ("budget", "none", None),
    ],
)
def test_text_is_read_in_the_setting_s_own_type(name: str, text: str, value: Any) -> None:
    found = SETTINGS[name].parse(text)
    assert found == value
    assert type(found) is type(value)


@each(
    ("name", "text"),
    [
        *[("count", text) for text in ("", "0", "-1", "1.5", "three", "none", "1,2", "9" * 5000)],
        *[("rate", text) for text in ("", "nan", "inf", "1e400", "0", "none", "60s")],
        *[("flag", text) for text in ("", "yes", "1", "none")],
        *[("choice", text) for text in ("", "first", "last,mean", "LAST")],
        *[("sizes", text) for text in ("", "2,", ",", "2,,3", "2;3", "2,0", "none", "2,x")],
        *[("pair", text) for text in ("", "1", "1,", "1,2,3", "0,1", "none")],
        *[("limit", text) for text in ("", "0", "nothing")],
        *[("budget", text) for text in ("", "s", "5d", "-5s", "0", "nan", "infs", "1h30m")],
    ],
)
def test_unreadable_text_is_told_as_it_was_given(name: str, text: str) -> None:
    with pytest.raises(SettingError, match=f"^setting '{name}': expected ") as raised:
        SETTINGS[name].parse(text)
    assert raised.value.problem.startswith(f"expected {SETTINGS[name].allowed}, got ")


def every_setting() -> list[Setting]:
    found = [setting for target in (Example, TextConfig, TrainingConfig) for setting in settings_of(target).values()]
    return found + [option for name in encoder_names() for option in encoder_options(name).values()]


@each("setting", every_setting())
def test_every_default_is_allowed_and_can_be_spelt_and_read_back(setting: Setting) -> None:
    assert setting.check(setting.default) == setting.default
    assert setting.parse(setting.formatted(setting.default)) == setting.default
    others = setting.other_values()
    assert (others == []) == (setting.kind is str and not setting.choices)
    assert all(setting.check(value) == value != setting.default for value in others)


@settings(deadline=None)
@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=4), st.booleans(), st.sampled_from(["last", "mean"]))
def test_what_is_spelt_is_read_back(sizes: list[int], flag: bool, choice: str) -> None:
    pair = (sizes[0], sizes[-1])
    values = (("sizes", tuple(sizes)), ("pair", pair), ("count", sizes[0]), ("flag", flag), ("choice", choice))
    for name, value in values:
        assert SETTINGS[name].parse(SETTINGS[name].formatted(value)) == value


def test_a_setting_says_in_words_what_it_may_be() -> None:
    assert {name: setting.allowed for name, setting in SETTINGS.items()} == {
        "count": "an integer at least 1 and at most 2,147,483,647",
        "rate": "a number above 0",
        "share": "a number at least 0 and below 1",
        "free": "a number",
        "flag": "true or false",
        "name": "a text",
        "choice": "one of last, mean",
        "sizes": "a list of at most 100, each an integer at least 1 and at most 2,147,483,647",
        "pair": "a list of 2, each an integer at least 1 and at most 2,147,483,647",
        "limit": "an integer at least 1 and at most 2,147,483,647 or none",
        "budget": "a number above 0 or none",
    }


@pytest.mark.parametrize("target", [Example, TextConfig, TrainingConfig])
def test_the_settings_are_the_parameters_with_defaults(target: Callable[..., Any]) -> None:
    parameters = inspect.signature(target).parameters.values()
    expected = {p.name: p.default for p in parameters if p.default is not inspect.Parameter.empty}
    assert {name: setting.default for name, setting in settings_of(target).items()} == expected
    assert SETTINGS["count"].meaning == "how many"


def test_functions_and_plain_classes_have_settings_too() -> None:
    def function(texts: list[str], *, rate: Positive = 0.5) -> None: ...

    class Plain:
        def __init__(self, count: Count = 4) -> None: ...

    assert settings_of(function)["rate"].allowed == "a number above 0"
    assert list(settings_of(function)) == ["rate"]
    assert settings_of(Plain)["count"].default == 4


def test_checked_fills_in_the_defaults() -> None:
    found = checked(SETTINGS, {"count": 9, "sizes": [1]}, "Example")
    assert found == {**{name: setting.default for name, setting in SETTINGS.items()}, "count": 9, "sizes": (1,)}


@pytest.mark.parametrize(("name", "told"), [("cuont", "Did you mean 'count'?"), ("qqq", "Use one of: budget, choice,")])
def test_an_unknown_name_is_told_with_the_nearest(name: str, told: str) -> None:
    with pytest.raises(SettingError) as raised:
        checked(SETTINGS, {name: 1}, "the example")
    assert raised.value.advice.startswith(told)
    assert "the example" in raised.value.problem
    assert raised.value.where == f"setting '{name}'"


@settings(deadline=None)
@given(
    st.sampled_from(["both", "left", "right", "neither"]),
    st.floats(-3, 3),
    st.floats(-5, 5) | st.floats(),
)
def test_an_interval_holds_what_lies_between_its_ends(closed: Any, left: float, value: float) -> None:
    right = left + 1.5
    for number in (left, right, value):
        at_left, at_right = closed in ("both", "left"), closed in ("both", "right")
        inside = left < number < right or (number == left and at_left) or (number == right and at_right)
        assert (number in Interval(left, right, closed)) == inside


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_no_interval_holds_what_is_not_finite(value: float) -> None:
    assert value not in Interval()


@pytest.mark.parametrize(("text", "value"), [("90", 90), ("1.5s", 1.5), ("2m", 120), ("1h", 3600)])
def test_durations_have_units(text: str, value: float) -> None:
    assert seconds(text) == value


def test_a_setting_by_label_takes_one_number_or_a_mapping() -> None:
    def target(
        share: Annotated[float | Mapping[str, float] | None, Interval(0, 1, closed="neither")] = None,
    ) -> None:
        """Take a share, or one for each label."""

    setting = settings_of(target)["share"]
    assert (setting.parse("0.95"), setting.parse("none")) == (0.95, None)
    assert setting.parse("spam=0.95,a=b=0.9") == {"spam": 0.95, "a=b": 0.9}
    assert setting.parse('{"a, b": 0.9}') == {"a, b": 0.9}
    assert setting.check({1: 0.5}) == {"1": 0.5}
    assert setting.parse(setting.formatted({"spam": 0.95, "ham": 0.9})) == {"spam": 0.95, "ham": 0.9}
    assert "a mapping of labels" in setting.allowed
    for text in ("1.5", "spam=1.5", "spam=", "=0.9", "spam=0.9,0.8", "{}", "{", "[0.9]", '{"a": null, "b": "x"}'):
        with pytest.raises(SettingError):
            setting.parse(text)
    for value in ({}, {"spam": None}, {"spam": 0}, {"spam": "0.9"}, [0.9]):
        with pytest.raises(SettingError):
            setting.check(value)
