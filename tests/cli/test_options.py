"""A function's settings → options of a command line that are read, checked and handed on only where they were given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

import pytest
import typer
from typer.testing import CliRunner

from tests.each import each
from unrolled.cli.options import number, with_settings
from unrolled.cli.usage_errors import Refused
from unrolled.settings import Interval, settings_of


def kettle(
    *,
    litres: Annotated[float, Interval(0, 2), "How much water"] = 0.5,
    cups: Annotated[int, Interval(1)] = 3,
    whistles: bool = True,
    kind: Literal["enamel", "copper"] = "enamel",
    minutes: tuple[int, ...] = (2, 4),
    colour: str | None = None,
    random_state: int = 0,
) -> None:
    """Have settings of every kind."""
    del litres, cups, whistles, kind, minutes, colour, random_state


Boil = Callable[..., tuple[int, Any, str]]


@pytest.fixture
def boil() -> Boil:
    """How to run a command with those settings: (exit code, what it was given, what it printed)."""
    given: list[tuple[str, Mapping[str, Any]]] = []
    settings = settings_of(kettle)
    groups = {"Water": {"litres": settings["litres"]}, "Rest": {n: s for n, s in settings.items() if n != "litres"}}

    @with_settings(groups)
    def command(
        room: Annotated[str, typer.Argument(help="Where.")],
        loud: Annotated[bool, typer.Option("--loud", help="Shout.")] = False,
        **settings: Any,
    ) -> None:
        """Boil water."""
        given.append((f"{room} {loud}", settings))

    application = typer.Typer()
    application.command()(command)

    def run(*words: str) -> tuple[int, Any, str]:
        given.clear()
        done = CliRunner().invoke(application, words, env={"COLUMNS": "120"})
        return done.exit_code, given[0] if given else None, done.output

    return run


def test_only_what_was_given_is_handed_on(boil: Boil) -> None:
    assert boil("kitchen")[:2] == (0, ("kitchen False", {}))
    assert boil("--loud", "kitchen")[:2] == (0, ("kitchen True", {}))


@each(
    ("words", "expected"),
    [
        (["--litres", "1"], {"litres": 1.0}),
        (["--litres=0"], {"litres": 0.0}),
        (["--cups", "12"], {"cups": 12}),
        (["--whistles"], {"whistles": True}),
        (["--no-whistles"], {"whistles": False}),
        (["--kind", "copper"], {"kind": "copper"}),
        (["--minutes", "1,2,3"], {"minutes": (1, 2, 3)}),
        (["--minutes", "7"], {"minutes": (7,)}),
        (["--colour", "dark red"], {"colour": "dark red"}),
        (["--seed", "4", "--cups", "1"], {"random_state": 4, "cups": 1}),
    ],
)
def test_what_was_given_is_read_as_the_setting_s_kind(boil: Boil, words: list[str], expected: Any) -> None:
    for order in ([*words, "kitchen"], ["kitchen", *words]):
        code, given, printed = boil(*order)
        assert (code, given) == (0, ("kitchen False", expected)), printed
        assert {name: type(value) for name, value in given[1].items()} == {n: type(v) for n, v in expected.items()}


@each(
    ("option", "value", "part"),
    [
        ("--litres", "3", "at most 2"),
        ("--litres", "much", "a number"),
        ("--cups", "0", "at least 1"),
        ("--cups", "1.5", "an integer"),
        ("--kind", "tin", "enamel"),
        ("--minutes", "1,x", "integer"),
        ("--minutes", "", "integer"),
    ],
)
def test_what_cannot_be_is_wrong_usage_and_says_what_can(boil: Boil, option: str, value: str, part: str) -> None:
    code, given, printed = boil("kitchen", option, value)
    assert (code, given) == (2, None)
    assert option in printed
    assert part in " ".join(printed.replace("│", " ").split())


def test_the_help_names_every_option_with_its_group_meaning_and_default(boil: Boil) -> None:
    code, given, printed = boil("--help")
    assert (code, given) == (0, None)
    lines = printed.splitlines()
    for group in ("Water", "Rest"):
        assert any(group in line for line in lines)
    for option in ("--loud", "--litres", "--cups", "--whistles", "--no-whistles", "--kind", "--minutes", "--colour"):
        assert option in printed
    assert "--seed" in printed
    assert "--random-state" not in printed
    assert all(part in printed for part in ("Boil water.", "How much water", "0.5", "2,4", "enamel|copper"))


def test_the_command_itself_stays_as_it_was() -> None:
    def command(room: str, **settings: Any) -> None:
        """Boil water."""

    run = with_settings({"Rest": settings_of(kettle)})(command)
    assert run.__doc__ == "Boil water."
    assert command.__annotations__.keys() == {"room", "settings", "return"}


@each("text", ["nan", "inf", "-0.1", "1.1", "much", ""])
def test_a_number_is_read_within_its_ends(text: str) -> None:
    assert [number(float, 0, 1)(value) for value in ("0", "0.5", "1")] == [0, 0.5, 1]
    with pytest.raises(Refused, match="expected a number at least 0 and at most 1, got"):
        number(float, 0, 1)(text)
