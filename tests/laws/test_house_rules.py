"""The rules of the house that a machine can check, over every Python file that there is."""

from __future__ import annotations

import ast
from pathlib import Path

from unrolled.model.registry import encoder_names
from unrolled.training.find_learner import LEARNERS

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
ALL = [*SOURCES, *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "benchmarks").rglob("*.py"))]
VAGUE = {"utils", "util", "base", "common", "helpers", "helper", "misc"}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


TREES = {path: ast.parse(path.read_text()) for path in ALL}


def test_files_are_short() -> None:
    assert [name(path) for path in ALL if path.read_text().count("\n") > 300] == []


def test_every_file_begins_by_saying_what_it_is() -> None:
    assert [name(path) for path, tree in TREES.items() if not (ast.get_docstring(tree) or "").strip()] == []


def test_no_file_has_a_vague_name() -> None:
    assert [name(path) for path in ALL if path.stem in VAGUE] == []


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function without its signature and docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_functions_are_short() -> None:
    functions = (
        (path, node)
        for path in SOURCES
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    assert [f"{name(path)}:{node.lineno}" for path, node in functions if lines_of(node) > 40] == []


def test_nothing_is_pickled() -> None:
    imports = (
        (path, alias.name)
        for path in SOURCES
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.Import)
        for alias in node.names
    )
    bad = {"pickle", "joblib", "marshal", "shelve"}
    assert [name(path) for path, imported in imports if imported.split(".")[0] in bad] == []


def test_a_users_mistake_is_never_asserted() -> None:
    nodes = ((path, node) for path in SOURCES for node in ast.walk(TREES[path]))
    assert [f"{name(path)}:{node.lineno}" for path, node in nodes if isinstance(node, ast.Assert)] == []


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


def test_only_a_learner_is_compared_with_its_own_name() -> None:
    names = {learner.name for learner in LEARNERS}
    learners = ROOT / "src" / "unrolled" / "training" / "learners"
    compared = (
        (path, node)
        for path in SOURCES
        if path.parent != learners and "kernels" not in path.parts  # where hogwild is a function in C
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.Compare)
    )
    found = ((path, node, {getattr(one, "value", None) for one in ast.walk(node)}) for path, node in compared)
    assert [f"{name(path)}:{node.lineno}" for path, node, values in found if values & names] == []


def test_no_file_names_a_path_of_one_machine() -> None:
    marks = [f"/{root}/" for root in ("work", "farm", "root", "home")]
    for path in [*ALL, *ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        if path != Path(__file__):
            assert not [mark for mark in marks if mark in path.read_text()], name(path)
