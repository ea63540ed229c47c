"""What a command has to say → standard output for results, standard error for everything else."""

from __future__ import annotations

import json
from typing import Any

import typer


def result(text: str) -> None:
    """Print a result on standard output."""
    typer.echo(text)


def result_json(value: Any) -> None:
    """Print a result as one JSON object on standard output."""
    typer.echo(json.dumps(value, allow_nan=False))


def say(text: str) -> None:
    """Print a message on standard error."""
    typer.echo(text, err=True)
