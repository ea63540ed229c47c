"""What a command has to say → standard output for results, standard error for everything else."""

from __future__ import annotations

from typing import Any

import typer

from unrolled.formatting.control_characters import as_codes
from unrolled.storage.strict_json import to_line


def result(text: str) -> None:
    """Print a result on standard output; a terminal obeys none of its characters."""
    typer.echo(as_codes(text))


def result_json(value: Any) -> None:
    """Print a result as one JSON object on standard output."""
    typer.echo(to_line(value))


def say(text: str) -> None:
    """Print a message on standard error; a terminal obeys none of its characters."""
    typer.echo(as_codes(text), err=True)
