"""docs/lecture.md → docs/lecture.ipynb: the same cells, executed, with their outputs.

`make notebook` runs it. Every cell's name is a hash of what it says, so that the same page gives the same notebook.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

PAGE = Path(__file__).with_name("lecture.md")
NOTEBOOK = PAGE.with_suffix(".ipynb")


def cells(page: str) -> list[tuple[str, str]]:
    """Cut a page into its cells: ("markdown" or "code", text), the text without blank lines around it."""
    parts = re.split(r"^```python\n(.*?)^```$", page, flags=re.MULTILINE | re.DOTALL)
    kinds = [("markdown", "code")[place % 2] for place in range(len(parts))]
    return [(kind, text.strip("\n")) for kind, text in zip(kinds, parts, strict=True) if text.strip()]


def notebook(page: str) -> Any:
    """Make a notebook without outputs."""
    new: dict[str, Callable[..., Any]]
    new = {"markdown": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}
    found = []
    for place, (kind, text) in enumerate(cells(page)):
        name = hashlib.sha256(f"{place} {text}".encode()).hexdigest()[:12]
        found.append(new[kind](text, id=name))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=found, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})


def executed(page: str) -> Any:
    """Run the cells in a fresh kernel and keep their outputs; the first that fails raises a CellExecutionError."""
    made = notebook(page)
    NotebookClient(made, timeout=600, kernel_name="python3", record_timing=False).execute()
    made.metadata["language_info"] = {"name": "python"}  # the kernel would add its version
    return made


if __name__ == "__main__":
    nbformat.write(executed(PAGE.read_text("utf-8")), NOTEBOOK)
