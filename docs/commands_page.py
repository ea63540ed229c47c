"""The command line → Markdown: every command with what its --help says, for the site's page of commands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import typer

from unrolled.cli.app import application


class MarkdownHelp:
    """Takes what click would format for a terminal."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.lines: list[str] = []

    @contextmanager
    def section(self, title: str) -> Iterator[None]:
        """Write a group's name."""
        self.lines += ["", f"**{title}**"]
        yield

    def write_dl(self, rows: Sequence[tuple[str, str]]) -> None:
        """Write options and what they mean as a table."""
        self.lines += ["", "| | |", "|---|---|", *(f"| `{name}` | {_plain(text)} |" for name, text in rows), ""]


def commands() -> Iterator[str]:
    """Yield the section of each command, those of a group after it."""
    yield from _sections(typer.main.get_command(application), None, "unrolled")


def _sections(command: Any, parent: Any, name: str) -> Iterator[str]:
    context = command.make_context(name.split()[-1], [], parent=parent, resilient_parsing=True)
    if not hasattr(command, "list_commands"):
        written = MarkdownHelp()
        command.format_options(context, written)
        usage = " ".join(["unrolled" if parent is None else name, *command.collect_usage_pieces(context)])
        about = "\n\n".join(_plain(" ".join(part.split())) for part in (command.help or "").split("\n\n"))
        yield "\n".join([f"\n## {name}\n", "```text", usage, "```", "", about, *written.lines, ""])
        return
    for word in command.list_commands(context):
        yield from _sections(command.get_command(context, word), context, f"{name} {word}")


def _plain(text: str) -> str:
    pieces = re.split(r"(`[^`]+`)", text)
    pieces[::2] = (re.sub(r"([\\*_<\[\]#|~^])", r"\\\1", piece) for piece in pieces[::2])
    return "".join(pieces).replace("|", r"\|").replace(r"\\|", r"\|")
