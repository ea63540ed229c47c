"""A command's parameters → its help: arguments, the options that it alone has, then groups with a heading each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

ARGUMENTS, OPTIONS, INPUT = "Arguments", "Options", "Input"


def write_options(parameters: Sequence[Any], ctx: Any, formatter: Any) -> None:
    """Write the options in their groups; those without a group come first, `--help` with them."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for parameter in parameters:
        if record := parameter.get_help_record(ctx):
            groups.setdefault(_group(parameter), []).append((record[0], _default_once(record[1])))
    for group in sorted(groups, key=_place):
        with formatter.section(group):
            formatter.write_dl(groups[group])


def _place(group: str) -> int:
    return {ARGUMENTS: 0, OPTIONS: 1}.get(group, 2)  # sorting keeps the order of the others


def _group(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return ARGUMENTS
    return getattr(parameter, "rich_help_panel", None) or OPTIONS


def _default_once(text: str) -> str:
    """Write a default in single parentheses: click has it in brackets, and what is described in both."""
    text = text.replace("  [required]", " (required)")
    return re.sub(r"  \[(default: )\(?(.*?)\)?\]$", r" (\1\2)", text)
