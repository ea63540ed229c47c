"""Every part of the lecture → the laws of all: its equations are true, its lines fit, and it needs no torch."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import unrolled
from tests.each import each
from unrolled.lecture.find_part import find_part, part_names

FUNCTIONS = {
    "sigma": lambda a: 1 / (1 + math.exp(-a)),
    "relu": lambda a: max(a, 0.0),
    "max": lambda *some: max(some),
    "tanh": math.tanh,
    "exp": math.exp,
    "log": math.log,
}
ARITHMETIC = re.compile(rf"(?:{'|'.join(FUNCTIONS)}|xor|mod|\d+(?:\.\d+)?(?:e-\d+)?|[-+*/(), ])+")


def computed(sides: list[str]) -> Iterator[float]:
    """Compute the sides of an equation that consist of numbers alone."""
    for side in sides:
        bare = re.sub(r"\s{2,}[a-z]+ \d+$", "", side)  # the label behind a row
        if ARITHMETIC.fullmatch(bare) and re.search(r"\d", bare):
            yield float(eval(bare.replace("xor", "^").replace("mod", "%"), {"__builtins__": {}, **FUNCTIONS}))


@each("name", part_names())
def test_every_equation_of_numbers_is_true(equations: Callable[[str], list[list[str]]], name: str) -> None:
    checked = 0
    for sides in equations(name):
        first, *others = list(computed(sides)) or [math.nan]
        for other in others:
            assert other == pytest.approx(first, rel=1e-3, abs=5e-4), sides
            checked += 1
    assert checked >= 2


@each("name", part_names())
def test_lines_fit_a_terminal_and_numbers_are_finite(told: Callable[[str], list[str]], name: str) -> None:
    lines = told(name)
    assert [line for line in lines if len(line) > 100 or line != line.rstrip()] == []
    assert [line for line in lines if re.search(r"\b(nan|inf)\b|np\.|array\(", line)] == []
    assert lines == told(name)


@each("name", part_names())
def test_a_part_begins_with_its_title_its_equation_and_the_files_that_compute_it(
    told: Callable[[str], list[str]], name: str
) -> None:
    part, lines = find_part(name), told(name)
    assert lines[0] == f"{part.section}. {part.title}"
    assert "=" in part.equation
    assert all(f"    {line}".rstrip() in lines for line in part.equation.strip().splitlines())
    package = Path(unrolled.__path__[0]).parent
    files = [line.strip() for line in lines if line.startswith("    unrolled/")]
    assert files
    assert all((package / file).is_file() for file in files)


def test_no_part_imports_torch() -> None:
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "from unrolled.lecture.find_part import find_part, part_names\n"
        "print(sum(len(list(find_part(name).lines())) for name in part_names()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert int(done.stdout) > 300
