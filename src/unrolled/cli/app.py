"""Words of a command line → the command that they name, run, and its exit code: 0 right, 1 failed, 2 wrong usage."""

from __future__ import annotations

import atexit
import gc
import importlib
import io
import os
import pkgutil
import sys
import time
from types import ModuleType
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from unrolled.cli import commands
from unrolled.cli.aliases import CommandWithAliases
from unrolled.cli.console import info
from unrolled.cli.usage_errors import in_three_parts
from unrolled.errors import SettingError, UnrolledError
from unrolled.errors.output import cannot_print, texts_too_large, too_large
from unrolled.errors.usage import unknown_command


def command_names(folder: ModuleType = commands) -> list[str]:
    """List the commands there are: one for each file in a folder of commands, a folder in it being a group of them."""
    return sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(folder.__path__))


class Commands(TyperGroup):
    """Imports a command's file when it is asked for."""

    folder: ModuleType = commands

    def list_commands(self, ctx: Any) -> list[str]:
        """List the commands."""
        del ctx
        return command_names(self.folder)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Make the command from the function `command` of its file, or the group from its folder."""
        del ctx
        if cmd_name not in command_names(self.folder):
            return None
        module = importlib.import_module(f"{self.folder.__name__}.{cmd_name.replace('-', '_')}")
        if hasattr(module, "__path__"):
            return _group(cmd_name, module)
        single = typer.Typer(add_completion=False, rich_markup_mode=None)
        single.command(cmd_name, cls=CommandWithAliases)(module.command)
        return typer.main.get_command(single)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the words before the command's name."""
        with in_three_parts(ctx, args[:]):
            return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that is named first."""
        if args[0] not in (known := self.list_commands(ctx)):
            raise unknown_command(ctx.command_path, args[0], known)
        return super().resolve_command(ctx, args)


def _group(name: str, folder: ModuleType) -> Commands:
    group = Commands(name=name, help=folder.__doc__, no_args_is_help=True, rich_markup_mode=None)
    group.folder = folder
    return group


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


def _replace_closed() -> None:
    """Replace standard streams that were closed: messages are dropped, the others' use is an OSError."""
    for name, mode in (("stdin", "w"), ("stdout", "r"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115  it stays open as long as the process lives


def main() -> None:
    """Run the command line and exit."""
    atexit.register(gc.freeze)  # no garbage is looked for at the end: of a short run that would be a tenth
    _replace_closed()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # whatever the terminal's, what we write is UTF-8; a file's name that is none is shown by codes
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        application(prog_name="unrolled")
    except OSError as error:
        info(f"Error: {cannot_print(error)}")
        sys.exit(1)
    except MemoryError as error:
        # which command it was: the others make models, whose sizes may be chosen
        texts = {("predict",), ("evaluate",), ("check",), ("lm", "evaluate"), ("lm", "score")}
        info(
            f"Error: {(texts_too_large if {tuple(sys.argv[1:2]), tuple(sys.argv[1:3])} & texts else too_large)(error)}"
        )
        sys.exit(1)
    except UnrolledError as error:
        info(f"Error: {error}")
        sys.exit(2 if isinstance(error, SettingError) else 1)
