"""The rules of the house that a machine can check, over every Python file that there is."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from unrolled.model.registry import encoder_names

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
ALL = [*SOURCES, *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "benchmarks").rglob("*.py"))]
VAGUE = {"utils", "util", "base", "common", "helpers", "helper", "misc"}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", ALL, ids=name)
def test_a_file_is_short_and_begins_by_saying_what_it_is(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= 300
    assert (ast.get_docstring(ast.parse(text)) or "").strip()
    assert path.stem not in VAGUE


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_function_is_short(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            assert not body or (body[-1].end_lineno or 0) - body[0].lineno < 40, f"{name(path)}:{node.lineno}"


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_users_mistake_is_never_asserted_and_nothing_is_pickled(path: Path) -> None:
    tree = ast.parse(path.read_text())
    imported = {alias.name.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names}
    assert not imported & {"pickle", "joblib", "marshal", "shelve"}
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Assert)]


def test_every_encoder_has_its_equation_tested() -> None:
    for encoder in encoder_names():
        path = ROOT / "tests" / "model" / "encoders" / f"test_{encoder}.py"
        assert path.is_file(), f"write {path}: ten lines of NumPy that follow the lecture"
        imported = [line for line in path.read_text().splitlines() if line.startswith(("import", "from"))]
        assert not [line for line in imported if "unrolled.kernels" in line or "model.layers" in line]


def test_a_test_stands_where_its_file_stands() -> None:
    source = ROOT / "src" / "unrolled"
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        inside = path.relative_to(ROOT / "tests")
        if inside.parts[0] not in ("laws", "golden", "mutants"):
            assert (
                source / inside.parent / f"{path.stem.removeprefix('test_').removesuffix('_faults')}.py"
            ).is_file(), inside


def test_no_file_names_a_path_of_one_machine() -> None:
    marks = [f"/{root}/" for root in ("work", "farm", "root", "home")]
    for path in [*ALL, *ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        if path != Path(__file__):
            assert not [mark for mark in marks if mark in path.read_text()], name(path)
