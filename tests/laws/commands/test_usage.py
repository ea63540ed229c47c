"""Every command found, its words wrong or in another order → wrong usage, told in three parts, or the same call."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.each import each
from tests.laws.commands.found import GROUPS, NAMES, arguments, made, options
from unrolled.cli.options import READ
from unrolled.errors import SettingError

VALUES = ("2", "csv", "last", "words", "linear", "tuned", "none", "cpu", "0.5", "1,2")  # some option takes each


@each("name", NAMES)
def test_an_unknown_option_is_wrong_usage(
    unrolled: Callable[..., Any], words: Callable[..., list[str]], name: str
) -> None:
    done = unrolled(*words(name), "--frobnicate")
    assert (done.code, done.out) == (2, "")
    told = f"Error: `unrolled {name}` has no option '--frobnicate'. "
    assert done.error(2).startswith(told)
    assert re.fullmatch(rf"Did you mean '--\w+'\?|See `unrolled {name} --help`\.", done.error(2).removeprefix(told))


@each("name", NAMES)
def test_one_word_too_many_is_wrong_usage(
    unrolled: Callable[..., Any], words: Callable[..., list[str]], name: str
) -> None:
    done = unrolled(*words(name), "frobnicate")
    assert (done.code, done.out) == (2, "")
    told = f"`unrolled {name}`: unexpected argument 'frobnicate'. See `unrolled {name} --help`."
    assert done.error(2) == f"Error: {told}"


@each("name", NAMES)
def test_an_option_s_value_that_is_missing_needless_or_wrong_is_told_by_its_name(
    unrolled: Callable[..., Any], words: Callable[..., list[str]], name: str
) -> None:
    for option in [option for option in options(name) if not option.is_eager]:
        where = f"Error: option '{option.opts[0]}': "
        if option.is_flag:
            told = unrolled(*words(name), f"{option.opts[0]}=3").error(2)
            assert told == f"{where}it takes no value. See `unrolled {name} --help`."
            continue
        told = unrolled(*words(name), option.opts[0]).error(2)
        assert told == f"{where}a value is missing. See `unrolled {name} --help`."
        is_free = option.name == "delimiter" or getattr(option.type, "func", None) in READ
        if is_free or type(option.type).__name__ not in ("FuncParamType", "TyperChoice"):
            continue  # any text will do, until it is looked at
        told = unrolled(*words(name), option.opts[0], "frob").error(2)
        assert told.startswith(where)
        assert ", got 'frob'. " in told
        assert told.endswith((f". See `unrolled {name} --help`.", ". Choose an allowed value."))


@each("name", [name for name in NAMES if any(p.required for p in made(name).params)])
def test_a_word_too_few_is_wrong_usage_and_says_which(unrolled: Callable[..., Any], name: str) -> None:
    done = unrolled(*name.split())
    assert (done.code, done.out) == (2, "")
    first = next(p for p in made(name).params if p.required)
    called = first.metavar if first.param_type_name == "argument" else f"option '{first.opts[0]}'"
    assert done.error(2).startswith(f"Error: `unrolled {name}`: {called} is missing (")
    assert done.error(2).endswith(f"). See `unrolled {name} --help`.")


def read(name: str, parts: list[list[str]]) -> dict[str, str]:
    """Parse a command's words and spell what it would be called with."""
    found = made(name).make_context(name, [word for part in parts for word in part]).params
    return {key: str(value) for key, value in found.items()}


def value_for(name: str, option: Any, others: list[list[str]]) -> list[str]:
    """Give an option's words: a value that it takes, or none for a flag."""
    spelling = option.opts[-1]
    if option.is_flag:
        return [spelling]
    for value in (*VALUES, *(option.metavar or "").split("|")):
        try:
            read(name, [*others, [spelling, value]])
        except SettingError:
            continue
        return [spelling, value]
    raise AssertionError(f"no value found for {spelling}")


@each("name", NAMES)
def test_options_stand_in_any_order_also_between_the_arguments(name: str) -> None:
    places = [[f"{argument.metavar}.csv"] for argument in arguments(name)]
    required = [["-o", "out"] for option in options(name) if option.required]
    others = [option for option in options(name) if not option.required and not option.is_eager]
    chosen = [*required, *(value_for(name, option, [*places, *required]) for option in others)]
    expected = read(name, [*places, *chosen])

    @settings(max_examples=25, deadline=None, database=None)
    @given(st.permutations([*chosen, *([["place"]] * len(places))]))
    def in_any_order(order: list[list[str]]) -> None:
        rest = iter(places)
        assert read(name, [next(rest) if part == ["place"] else part for part in order]) == expected

    in_any_order()


@pytest.mark.parametrize("name", GROUPS)
def test_a_group_without_a_command_shows_its_help_and_an_unknown_one_is_wrong_usage(
    unrolled: Callable[..., Any], name: str
) -> None:
    done = unrolled(*name.split())
    assert done.code == 2
    assert all(word in done.out + done.err for word in made(name).list_commands(None))
    done = unrolled(*name.split(), "frobnicate")
    assert (done.code, done.out) == (2, "")
    assert done.error(2).startswith(f"Error: `unrolled {name}` has no command 'frobnicate'. Use one of: ")
