"""The site's pages beyond the files: navigation from lists of links, all commands, the API from its docstrings.

The files stay plain Markdown, readable where no Sphinx is; what a page gets on the site is appended when it is read.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import unrolled

START = "docs/index"
LISTS = (START, "docs/decisions/README", "benchmarks/README")  # pages whose links are the navigation
LINK = re.compile(r"^- \[([^\]]+)\]\(([^)#:]+)\.md\)", re.MULTILINE)
MEMBERS = "   :members:\n   :undoc-members:\n   :inherited-members: tuple, BaseException\n"


def extend(app: Any, name: str, source: list[str]) -> None:
    """Append to a page what only the site shows."""
    del app
    if name in LISTS:
        source[0] += "".join(navigation(name, source[0]))
    if name == "docs/commands":
        from docs.commands_page import commands

        source[0] += "".join(commands())
    if name == "docs/api":
        source[0] += "".join(api())


def navigation(name: str, page: str) -> Iterator[str]:
    """Yield a hidden table of contents for each section with links; those of the start page have captions."""
    for section in re.split(r"^## ", page, flags=re.MULTILINE):
        if pages := LINK.findall(section):
            caption = f":caption: {section.splitlines()[0]}\n" if name == START and page.find(section) else ""
            entries = (f"{title} </{os.path.normpath(PurePosixPath(name).parent / path)}>\n" for title, path in pages)
            yield "\n```{toctree}\n:hidden:\n" + caption + "".join(entries) + "```\n"


def api() -> Iterator[str]:
    """Yield every name that a package lists in its `__all__`, to be filled in from its docstring."""
    for name, names in public_names().items():
        module = importlib.import_module(name)
        yield f"\n## {name}\n\n{module.__doc__}\n"
        for public in names:
            is_class = isinstance(getattr(module, public), type)
            directive = (
                f".. autoclass:: {name}.{public}\n{MEMBERS}" if is_class else f".. autofunction:: {name}.{public}\n"
            )
            yield f"\n```{{eval-rst}}\n{directive}```\n"


def public_names() -> dict[str, list[str]]:
    """Find the packages that list their public names."""
    folders = [info.name for info in pkgutil.iter_modules(unrolled.__path__, "unrolled.") if info.ispkg]
    modules = {name: importlib.import_module(name) for name in ["unrolled", *folders]}
    return {name: module.__all__ for name, module in modules.items() if hasattr(module, "__all__")}


def as_rst(app: Any, what: str, name: str, thing: Any, options: Any, lines: list[str]) -> None:
    """Turn a docstring of plain paragraphs, `code` and indented equations into reStructuredText, in place."""
    del app, what, name, thing, options
    found: list[str] = []
    if lines[0].startswith("Alias for field number"):  # of a named tuple: what Python says of each of its fields
        del lines[:]
    for paragraph in "\n".join(lines).split("\n\n"):
        if paragraph.startswith("    "):
            found += ["::", "", *paragraph.split("\n"), ""]
        else:
            pieces = re.split(r"(`[^`]+`)", paragraph)
            pieces[::2] = (re.sub(r"^(?=\w)|([\\*_|])", r"\\\g<0>", piece) for piece in pieces[::2])
            pieces[1::2] = (f"`{piece}`" for piece in pieces[1::2])
            found += ["".join(pieces), ""]
    lines[:] = "\n".join(found).split("\n")


def redirect(app: Any, error: Exception | None) -> None:
    """Send who opens the site's folder to its start page."""
    if error is None and app.builder.format == "html":
        page = f'<!doctype html><title>unrolled</title><meta http-equiv="refresh" content="0; url={START}.html">\n'
        (Path(app.outdir) / "index.html").write_text(page, "utf-8")
