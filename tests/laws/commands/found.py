"""The application → its commands and groups, and what each of them takes, by what it is found to have."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any, TypeAlias

import typer

from unrolled.cli.app import application

Command: TypeAlias = Any  # what typer makes of a function
GROUP: Command = typer.main.get_command(application)


def made(name: str) -> Command:
    found = GROUP
    for word in name.split():
        found = found.get_command(None, word)
    return found


def all_names(group: str = "") -> Iterator[str]:
    """List the groups and the commands, those of a group by both words: `lm`, `lm train`."""
    for word in made(group).list_commands(None):
        name = f"{group} {word}".strip()
        yield name
        if hasattr(made(name), "list_commands"):
            yield from all_names(name)


GROUPS = [name for name in all_names() if hasattr(made(name), "list_commands")]
NAMES = [name for name in all_names() if name not in GROUPS]


def module(name: str) -> Any:
    return importlib.import_module(f"unrolled.cli.commands.{name.replace(' ', '.').replace('-', '_')}")


def options(name: str) -> list[Any]:
    return [parameter for parameter in made(name).params if parameter.param_type_name == "option"]


def arguments(name: str) -> list[Any]:
    return [parameter for parameter in made(name).params if parameter.param_type_name == "argument"]


WITH_OUTPUT = [name for name in NAMES if any("-o" in option.opts for option in options(name))]
DATA = ("TRAIN", "DATA", "FILE", "CORPUS", "TEXT")
WITH_DATA = [name for name in NAMES if any(argument.metavar in DATA for argument in arguments(name))]
WITH_COLUMNS = [name for name in WITH_DATA if any("--text-column" in option.opts for option in options(name))]
WITH_MODEL = [name for name in NAMES if any(argument.metavar in ("MODEL", "LM") for argument in arguments(name))]
WITH_JSON = [name for name in NAMES if any("--json" in option.opts for option in options(name))]
