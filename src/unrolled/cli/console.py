"""What a command has to say → standard output for results, standard error for everything else."""

from __future__ import annotations

from typing import Any

import typer

from unrolled.formatting.control_characters import escape_controls
from unrolled.storage.strict_json import to_line


def print_result(text: str) -> None:
    """Print a result on standard output; a terminal obeys none of its characters."""
    typer.echo(escape_controls(text))


def print_json(value: Any) -> None:
    """Print a result as one JSON object on standard output."""
    typer.echo(to_line(value))


def info(text: str) -> None:
    """Print a message on standard error; a terminal obeys none of its characters."""
    typer.echo(escape_controls(text), err=True)
