"""A Python file → the names that it gives, and the words that a name is made of."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

DOCUMENTED = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def words_of(name: str) -> list[str]:
    """Split a name at underscores and capitals: `JsonLines`, `json_lines` → json, lines."""
    return [word.lower() for word in _WORD.findall(name)]


def names_of(source: str, *, variables: bool = True) -> Iterator[str]:
    """Yield the names of functions, classes, parameters, attributes and perhaps variables."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif variables and isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


def prose_words(text: str) -> list[str]:
    """Split prose into its words, without code in backquotes, addresses and names that have an underscore or a dot."""
    plain = re.sub(r"`[^`]*`|https?://\S+|\S*[_/\\=<>]\S*|\S+\.\S+", " ", text)
    return re.findall(r"[a-z]+(?:'[a-z]+)?", plain.lower())


def docstrings_of(source: str) -> Iterator[str]:
    """Yield the docstrings."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, DOCUMENTED) and (text := ast.get_docstring(node)):
            yield text
