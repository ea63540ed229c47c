"""docs/architecture.md: its functions exist, are first called in its order, and are those of its drawing."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from docs.architecture_drawing import DRAWING, PAGE, Step, drawing, ways
from unrolled.kernels.compiled.library import find_library

SOURCE = Path(__file__).parents[2] / "src" / "unrolled"
WAYS = ways(PAGE.read_text("utf-8"))
COMMANDS = {
    "train": ["train.csv", "-o", "model", "--encoder", "lstm", "--hidden-size", "4", "--max-epochs", "1"],
    "predict": ["model", "train.csv", "-o", "answers.jsonl"],
}
# Runs a command; prints which functions of which files were called, in the order of their first calls.
TRACED = """
import json, sys
from unrolled.cli.app import main
source, called = sys.argv[1], {}
def note(frame, event, argument):
    code = frame.f_code
    if event == "call" and code.co_filename.startswith(source):
        called[code.co_filename.removeprefix(source).lstrip("/"), code.co_qualname] = None
sys.argv = ["unrolled", *sys.argv[2:]]
sys.setprofile(note)
try:
    main()
except SystemExit as end:
    sys.setprofile(None)
    print(json.dumps(list(called)))
    sys.exit(end.code)
"""


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[str, ...]]]:
    folder = tmp_path_factory.mktemp("traced")
    rows = "".join(f"fine film {number},good\ndull film {number},bad\n" for number in range(10))
    (folder / "train.csv").write_text(f"text,label\n{rows}")
    return {name: traced([name, *words], folder) for name, words in COMMANDS.items()}


def traced(words: list[str], folder: Path) -> list[tuple[str, ...]]:
    done = subprocess.run(
        [sys.executable, "-c", TRACED, str(SOURCE), *words], cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return [tuple(call) for call in json.loads(done.stdout.splitlines()[-1])]


def test_both_commands_have_their_way() -> None:
    assert WAYS.keys() == COMMANDS.keys()
    assert all(len(way) > 10 for way in WAYS.values())
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("|") and ".py" in line]
    assert sum(map(len, WAYS.values())) == len(rows)


def test_every_step_is_a_function_of_its_file() -> None:
    steps = {step for way in WAYS.values() for step in way}
    assert [step for step in steps if not is_defined(step)] == []


def is_defined(step: Step) -> bool:
    """Say whether the file has the function, and the function's class."""
    body: list[ast.stmt] = ast.parse((SOURCE / step.file).read_text("utf-8")).body
    for word in step.function.split("."):
        nodes = (node for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef))
        if not (found := next((node for node in nodes if node.name == word), None)):
            return False
        body = found.body
    return True


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_first_calls_the_functions_in_the_pages_order(
    name: str, calls: dict[str, list[tuple[str, ...]]]
) -> None:
    without = ("kernels/",) if isinstance(find_library(), str) else ()
    asked = [(step.file, step.function) for step in WAYS[name] if not step.file.startswith(without)]
    assert [call for call in calls[name] if call in asked] == asked


def test_the_drawing_is_of_the_page() -> None:
    assert DRAWING.read_text("utf-8") == drawing(PAGE.read_text("utf-8")), "run `make docs`"
