"""A source tree → its functions, each with a name, a fingerprint that survives renaming, and its statements."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

Definition: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Function:
    """One function of a tree: its file relative to the tree, its qualified name, its syntax and its file's text."""

    module: str
    name: str
    node: Definition
    source: str

    @property
    def key(self) -> str:
        """Return the name under which this function is recorded."""
        return f"{self.module}:{self.name}"

    @cached_property
    def fingerprint(self) -> str:
        """Return a hash of the body's structure: equal after a move, a renaming or another error message."""
        return fingerprint(statements(self.node))


def statements(node: Definition) -> list[ast.stmt]:
    """Return the body of a function without its docstring."""
    return node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body


def fingerprint(nodes: list[ast.stmt]) -> str:
    """Return a hash of the structure of statements; names, strings, imports and raised errors don't count."""
    return hashlib.sha256(" ".join(shape for node in nodes for shape in _shape(node)).encode()).hexdigest()[:12]


def _shape(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return
    yield f"({type(node).__name__}"
    if isinstance(node, ast.Constant) and not isinstance(node.value, str | bytes):
        yield repr(node.value)
    if not isinstance(node, ast.Raise | ast.JoinedStr | ast.expr_context | ast.Assert):
        for field, value in ast.iter_fields(node):
            if field not in ("annotation", "returns", "decorator_list", "ctx", "type_comment"):
                for child in value if isinstance(value, list) else [value]:
                    if isinstance(child, ast.AST):
                        yield from _shape(child)
    yield ")"


def header(statement: ast.stmt) -> str:
    """Return a hash of a statement without the statements inside it: what remains of a function that was split."""
    empty: dict[str, list[ast.AST]] = {field: [] for field, value in ast.iter_fields(statement) if _is_block(value)}
    fields = {**dict(ast.iter_fields(statement)), **empty}
    return fingerprint([type(statement)(**fields)])


def _is_block(value: object) -> bool:
    inner = ast.stmt | ast.excepthandler | ast.match_case
    return isinstance(value, list) and any(isinstance(child, inner) for child in value)


def functions(module: str, source: str) -> Iterator[Function]:
    """List the functions of a file, those in classes and in functions too."""
    yield from _inside(ast.parse(source), "", module, source)


def _inside(node: ast.AST, prefix: str, module: str, source: str) -> Iterator[Function]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, SCOPES):
            name = f"{prefix}{child.name}"
            if not isinstance(child, ast.ClassDef):
                yield Function(module, name, child, source)
            yield from _inside(child, f"{name}.", module, source)
        elif not (isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"):
            yield from _inside(child, prefix, module, source)


def functions_of(tree: Path) -> list[Function]:
    """List the functions of all Python files below a folder."""
    found: list[Function] = []
    for path in sorted(tree.rglob("*.py")):
        found.extend(functions(path.relative_to(tree).as_posix(), path.read_text("utf-8")))
    return found
