"""Every function that makes an error, found by its file → an error of three parts in one line, and on the page."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from docs.errors_page import PAGE, example, functions, page, stages
from unrolled import errors
from unrolled.errors import UnrolledError

SOURCE = Path(errors.__file__).parents[1]
CLASSES = {name for name in errors.__all__ if name.endswith("Error")}
MAKERS = [function for stage in stages() for function in functions(stage)]


def name(function: Callable[..., Any]) -> str:
    return f"{function.__module__.rpartition('.')[2]}.{function.__name__}"


def test_there_are_errors_to_judge() -> None:
    assert len(MAKERS) > 100
    assert {stage.__name__.rpartition(".")[2] for stage in stages()} == {
        path.stem for path in (SOURCE / "errors").glob("*.py") if path.stem not in ("__init__", "kinds")
    }


def test_an_error_says_what_was_expected_what_came_and_the_next_step() -> None:
    for function in MAKERS:
        try:
            says_what_to_do(function)
        except AssertionError as error:
            error.add_note(name(function))
            raise


def says_what_to_do(function: Callable[..., Any]) -> None:
    made = example(function)
    if not isinstance(made, UnrolledError):
        assert function.__name__.endswith("_reason")
        assert made == made.strip()
        assert made.isprintable()
        return
    assert min(len(made.problem), len(made.advice)) > 0
    place = f"{made.where}: " if made.where else ""
    assert str(made) == f"{place}{made.problem}. {made.advice}"
    assert str(made).isprintable()
    assert made.advice[0].isupper()
    assert made.advice.endswith((".", "?", "'"))


def constructed(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CLASSES:
            yield node.func.id, node.lineno


def test_errors_are_made_in_their_folder_alone() -> None:
    """They are to be read in one place."""
    elsewhere = [
        (str(path.relative_to(SOURCE)), line)
        for path in sorted(SOURCE.rglob("*.py"))
        if path.parent != SOURCE / "errors"
        for _, line in constructed(path)
    ]
    assert elsewhere == []


def test_wrong_usage_is_told_by_the_same_errors() -> None:
    """Typer's own are met in one file, which makes ours of them."""
    met = {
        path.name
        for path in sorted(SOURCE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("BadParameter", "UsageError")
    }
    assert met == {"usage_errors.py"}


def test_every_call_of_a_class_of_errors_is_within_a_function_that_is_on_the_page() -> None:
    on_page = {(function.__module__.rpartition(".")[2], function.__name__) for function in MAKERS}
    for stage in sorted((SOURCE / "errors").glob("*.py")):
        for node in ast.parse(stage.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                calls = {
                    call.func.id
                    for call in ast.walk(node)
                    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
                }
                assert not calls & CLASSES or (stage.stem, node.name) in on_page, f"{stage.stem}.{node.name}"


def test_the_page_is_what_the_code_makes() -> None:
    assert PAGE.read_text("utf-8") == page(), "run `make docs`"
