"""Words of a command line → the command that they name, run, and its exit code: 0 right, 1 failed, 2 wrong usage."""

from __future__ import annotations

import importlib
import io
import pkgutil
import sys
import time
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from unrolled import commands
from unrolled.errors import SettingError, UnrolledError
from unrolled.errors.output import cannot_print, too_large
from unrolled.terminal.speech import say


def command_names() -> list[str]:
    """List the commands there are: one for each file in `commands/`."""
    return sorted(module.name for module in pkgutil.iter_modules(commands.__path__))


class Commands(TyperGroup):
    """Imports a command's file when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """List the commands."""
        del ctx
        return command_names()

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Make the command from the function `command` of its file."""
        del ctx
        if cmd_name not in command_names():
            return None
        single = typer.Typer(add_completion=False, rich_markup_mode=None)
        single.command(cmd_name)(importlib.import_module(f"{commands.__name__}.{cmd_name}").command)
        return typer.main.get_command(single)


application = typer.Typer(cls=Commands, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"unrolled {version('unrolled')}")
        raise typer.Exit


@application.callback()
def _unrolled(
    ctx: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """Train, judge and use text classifiers: the networks of the CNN-and-RNN lecture, on an ordinary CPU."""
    del version
    ctx.obj = time.monotonic()  # when the command began: what a budget is counted from


def main() -> None:
    """Run the command line and exit."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")  # whatever the terminal's: what we write is UTF-8
    try:
        application()
    except (OSError, MemoryError) as error:
        say(f"Error: {cannot_print(error) if isinstance(error, OSError) else too_large(error)}")
        sys.exit(1)
    except UnrolledError as error:
        say(f"Error: {error}")
        sys.exit(2 if isinstance(error, SettingError) else 1)
