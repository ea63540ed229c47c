"""A source tree → a copy in which each block of each function marks, in a memory map, that it was reached.

A memory map costs 40 ns a mark and also sees threads, subprocesses and what is killed.
"""

from __future__ import annotations

import ast
import compileall
import json
import shutil
from pathlib import Path
from typing import TypeAlias

Places: TypeAlias = dict[str, dict[str, int]]  # file → "line:column" of a statement → its marker

SUPPORT = """import mmap
with open({path!r}, "r+b") as file:
    REACHED = mmap.mmap(file.fileno(), 0)
"""
IMPORT = "from _reached import REACHED as _reached_"
COMPOUND = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.With, ast.AsyncWith, ast.Match)


class Markers:
    """Number the blocks of the functions of a tree, and mark them."""

    def __init__(self) -> None:
        self.places: Places = {}
        self.count = 0

    def mark(self, module: str, source: str) -> str:
        """Return the source of a file with its markers."""
        self._place = self.places.setdefault(module, {})
        tree = ast.parse(source)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                documented = ast.get_docstring(node, clean=False) is not None
                node.body = [*node.body[:documented], *self._block(node.body[documented:])]
        if self._place:
            first = _first_after_future(tree)
            tree.body.insert(first, ast.parse(IMPORT).body[0])
        return ast.unparse(ast.fix_missing_locations(tree))

    def _block(self, body: list[ast.stmt]) -> list[ast.stmt]:
        marked: list[ast.stmt] = []
        fresh = True
        for statement in body:
            if fresh:
                marked.append(ast.parse(f"_reached_[{self.count}] = 1").body[0])
                self.count += 1
            self._place[f"{statement.lineno}:{statement.col_offset}"] = self.count - 1
            self._inner_blocks(statement)
            marked.append(statement)
            fresh = isinstance(statement, COMPOUND)  # it may return or raise: what follows may not be reached
            if fresh:
                continue
        return marked

    def _inner_blocks(self, statement: ast.stmt) -> None:
        if not isinstance(statement, COMPOUND):
            return
        holders: list[ast.AST] = [statement, *getattr(statement, "handlers", []), *getattr(statement, "cases", [])]
        for holder in holders:
            for field in ("body", "orelse", "finalbody"):
                if inner := getattr(holder, field, None):
                    setattr(holder, field, self._block(inner))


def _first_after_future(tree: ast.Module) -> int:
    first = int(ast.get_docstring(tree, clean=False) is not None)
    while first < len(tree.body) and getattr(tree.body[first], "module", None) == "__future__":
        first += 1
    return first


def marked_copy(tree: Path, copy: Path, reached: Path) -> Places:
    """Copy a tree with markers, which it sets in the file `reached`; the places of the markers are returned."""
    shutil.copytree(tree, copy, ignore=shutil.ignore_patterns("__pycache__"))
    markers = Markers()
    for path in sorted(copy.rglob("*.py")):
        path.write_text(markers.mark(path.relative_to(copy).as_posix(), path.read_text("utf-8")), "utf-8")
    (copy / "_reached.py").write_text(SUPPORT.format(path=str(reached)), "utf-8")
    reached.write_bytes(bytes(markers.count))
    (copy / "_places.json").write_text(json.dumps(markers.places), "utf-8")
    compileall.compile_dir(copy, quiet=2)
    return markers.places
