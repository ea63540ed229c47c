"""Every function of src/unrolled/errors → docs/errors.md: each message, with capital letters for what differs.

`make docs` runs it. A function is called with arguments made from its signature, so that a new error has its line.
"""

from __future__ import annotations

import errno
import importlib
import inspect
import os
import pkgutil
import types
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from unrolled import errors
from unrolled.errors import UnrolledError

PAGE = Path(__file__).with_name("errors.md")
HEAD = """# Every error

Made from `src/unrolled/errors` by `make docs`. A message says where, what is wrong, and what to do;
names and values of yours are in capital letters. A `SettingError` ends a command with exit code 2, others with 1.
Reasons are parts of messages: they tell why a single row can't be used.
"""


def stages() -> list[ModuleType]:
    """List the files of errors, less the one with their classes."""
    names = sorted(module.name for module in pkgutil.iter_modules(errors.__path__))
    return [importlib.import_module(f"unrolled.errors.{name}") for name in names if name != "kinds"]


def functions(stage: ModuleType) -> Iterator[Callable[..., Any]]:
    """Yield a file's own public functions that make an error, or a reason for one, in the order in which they stand."""
    for name, function in vars(stage).items():
        if inspect.isfunction(function) and function.__module__ == stage.__name__ and not name.startswith("_"):
            made = typing.get_type_hints(function)["return"]
            if name.endswith("_reason") or (isinstance(made, type) and issubclass(made, UnrolledError)):
                yield function


def example(function: Callable[..., Any]) -> Any:
    """Call a function that makes an error, or a part of one, with arguments made from its signature."""
    hints = typing.get_type_hints(function)
    names = enumerate(inspect.signature(function).parameters)
    # numbers differ, as in "at most 3, and there are 5"
    return function(*(3 + 2 * n if hints[name] is int else _argument(name, hints[name]) for n, name in names))


def _argument(name: str, hint: Any) -> Any:
    word, origin, inside = name.upper(), typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _argument(name, inside[0])
    if origin is tuple:
        return tuple(range(2, 2 + len(inside)))
    if origin is os.PathLike:
        return Path(word)
    if origin is not None:
        return [_argument(f"{name} {number}", inside[0]) for number in (1, 2)]
    if issubclass(hint, UnrolledError):
        return hint("PROBLEM", "Advice.", where="WHERE")
    if issubclass(hint, Exception):
        return hint(errno.ENOSPC, "REASON") if hint is OSError else hint("REASON")
    return {str: word, object: word, int: 3, float: 1.5, Path: Path(word)}[hint]


def page() -> str:
    """Write the whole page."""
    return "\n".join([HEAD, *(_section(stage) for stage in stages())])


def _section(stage: ModuleType) -> str:
    title = stage.__name__.rpartition(".")[2].replace("_", " ")
    lines = [f"## {title.capitalize()}", ""]
    for function in functions(stage):
        made = example(function)
        kind = type(made).__name__ if isinstance(made, UnrolledError) else "a reason"
        told = " ".join((inspect.getdoc(function) or "").split("\n\n")[0].split())
        meaning = told.removeprefix("Make the error of ")
        lines += [f"- `{function.__name__}` ({kind}): {meaning}", "", f"      {made}", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
