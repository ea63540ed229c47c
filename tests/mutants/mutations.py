"""A function → its mutations: each of a kind, numbered within its kind, as one edit of the file's text.

Left alone are strings, annotations, docstrings, decorators, defaults, assertions, raised errors and warnings.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from tests.mutants.functions import SCOPES, Function, header, statements

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.LShift: ast.RShift,
    ast.RShift: ast.LShift, ast.BitXor: ast.BitAnd,
}  # fmt: skip
PAIRS = ("min max", "any all", "floor ceil", "zeros ones", "zeros_like ones_like", "argmax argmin", "minimum maximum",
         "amax amin", "startswith endswith", "lstrip rstrip", "log exp")  # fmt: skip
NAMES = {one: other for pair in map(str.split, PAIRS) for one, other in (pair, pair[::-1])}
SPOKEN = {"warn", "debug", "info", "warning", "cast", "assert_never", "TypeVar"}
Change: TypeAlias = tuple[str, ast.expr | ast.stmt, str]  # kind, the node to replace, what by


@dataclass(frozen=True)
class Mutation:
    """One edit of one function: what is recorded of it, and where it is in the file."""

    function: Function
    kind: str
    ordinal: int
    statement: str  # the fingerprint of its statement alone
    within: int  # its number among those of its kind in that statement
    place: str  # "line:column" of that statement
    start: int
    end: int
    new: str

    @property
    def key(self) -> str:
        """Return the name under which this mutation is recorded."""
        return f"{self.function.key}#{self.kind}#{self.ordinal}"

    @property
    def line(self) -> str:
        """Return the source line on which the edit begins."""
        source = self.function.source.encode()
        first = source.rfind(b"\n", 0, self.start) + 1
        return source[first : source.find(b"\n", self.start)].decode().strip()

    @property
    def edit(self) -> str:
        """Return the edit, to be read by people: one line."""
        old = self.function.source.encode()[self.start : self.end].decode()
        return " ".join(f"{old} → {self.new}".split())

    def mutated(self) -> str:
        """Return the file's text after the edit."""
        source = self.function.source.encode()
        return (source[: self.start] + self.new.encode() + source[self.end :]).decode()


def mutations(function: Function) -> list[Mutation]:
    """List the mutations of a function in the order of its text, without those of functions inside it."""
    counts: Counter[str] = Counter()
    found = []
    starts = _line_starts(function.source)
    for statement in _statements(statements(function.node)):
        mark = header(statement)
        before = counts.copy()
        for kind, node, new in _changes(statement):
            assert node.end_lineno is not None
            assert node.end_col_offset is not None
            start = starts[node.lineno - 1] + node.col_offset
            end = starts[node.end_lineno - 1] + node.end_col_offset
            place = f"{statement.lineno}:{statement.col_offset}"
            within = counts[kind] - before[kind]
            found.append(Mutation(function, kind, counts[kind], mark, within, place, start, end, new))
            counts[kind] += 1
    return found


def _line_starts(source: str) -> list[int]:
    starts = [0]
    for line in source.encode().split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        if isinstance(statement, (*SCOPES, ast.Raise, ast.Assert, ast.Import, ast.ImportFrom)):
            continue
        yield statement
        for holder in (statement, *getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
            for field in ("body", "orelse", "finalbody"):
                inner = getattr(holder, field, None)
                if isinstance(inner, list):
                    yield from _statements(inner)


def _changes(statement: ast.stmt) -> Iterator[Change]:
    if isinstance(statement, ast.Return) and statement.value is not None and not _is_nothing(statement.value):
        yield "return None", statement.value, "None"
    if isinstance(statement, ast.If | ast.While) and not isinstance(statement.test, ast.Constant):
        yield "negate", statement.test, f"(not ({ast.unparse(statement.test)}))"
    if isinstance(statement, ast.Break):
        yield "break", statement, "continue"
    if isinstance(statement, ast.Continue):
        yield "continue", statement, "break"
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call) and not _is_spoken(statement.value):
        yield "drop call", statement, "pass"
    if isinstance(statement, ast.AugAssign) and (operator := OPERATORS.get(type(statement.op))):
        other = copy.copy(statement)
        other.op = operator()
        yield "assign", statement, ast.unparse(other)
    for expression in _expressions(statement):
        yield from _changes_inside(expression)


def _is_nothing(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_spoken(node: ast.Call) -> bool:
    return ast.unparse(node.func).rpartition(".")[2] in SPOKEN


def _expressions(statement: ast.stmt) -> Iterator[ast.expr]:
    for name, value in ast.iter_fields(statement):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.expr) and name != "annotation":
                yield child
            elif isinstance(child, ast.withitem):
                yield child.context_expr
            elif isinstance(child, ast.match_case) and child.guard is not None:
                yield child.guard


def _changes_inside(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Call) and _is_spoken(node)):
        return
    if isinstance(node, ast.comprehension):
        for test in node.ifs:
            yield "negate filter", test, f"(not ({ast.unparse(test)}))"
    if isinstance(node, ast.expr):
        yield from _changes_of(node)
    for child in ast.iter_child_nodes(node):
        yield from _changes_inside(child)


def _changes_of(node: ast.expr) -> Iterator[Change]:
    if isinstance(node, ast.Compare) and (comparison := COMPARISONS.get(type(node.ops[0]))):
        other = ast.Compare(node.left, [comparison(), *node.ops[1:]], node.comparators)
        yield "compare", node, f"({ast.unparse(other)})"
    if isinstance(node, ast.BinOp) and not _is_text(node) and (operator := OPERATORS.get(type(node.op))):
        yield "arithmetic", node, f"({ast.unparse(ast.BinOp(node.left, operator(), node.right))})"
    if isinstance(node, ast.BoolOp):
        yield "and or", node, f"({ast.unparse(ast.BoolOp(_other(node.op), node.values))})"
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "drop not", node, f"({ast.unparse(node.operand)})"
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and not isinstance(node.operand, ast.Constant):
        yield "drop minus", node, f"({ast.unparse(node.operand)})"
    if isinstance(node, ast.IfExp):
        yield "negate choice", node.test, f"(not ({ast.unparse(node.test)}))"
    if isinstance(node, ast.Constant):
        yield from _changes_of_constant(node)
    if isinstance(node, ast.Call):
        yield from _changes_of_call(node)


def _other(operator: ast.boolop) -> ast.boolop:
    return ast.Or() if isinstance(operator, ast.And) else ast.And()


def _is_text(node: ast.BinOp) -> bool:
    sides = (node.left, node.right)
    texts = isinstance(node.op, ast.Add | ast.Mod) and any(
        isinstance(side, ast.JoinedStr | ast.List | ast.Tuple)
        or (isinstance(side, ast.Constant) and isinstance(side.value, str | bytes))
        for side in sides
    )
    types = isinstance(node.op, ast.BitOr) and any(isinstance(side, ast.Constant) for side in sides)
    return texts or types


def _changes_of_constant(node: ast.Constant) -> Iterator[Change]:
    if isinstance(node.value, bool):
        yield "flip", node, str(not node.value)
    elif isinstance(node.value, int):
        yield "constant", node, str(node.value + 1)
    elif isinstance(node.value, float):
        yield "constant", node, repr(node.value * 2 if node.value else 1.0)


def _changes_of_call(node: ast.Call) -> Iterator[Change]:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    if (other := NAMES.get(name)) is not None:
        func = node.func
        yield "call", func, ast.unparse(ast.Attribute(func.value, other)) if isinstance(func, ast.Attribute) else other
