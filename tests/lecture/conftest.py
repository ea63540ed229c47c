"""What a part prints → its equations and table rows as numbers; and the slides' table, written down once more."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from unrolled.lecture.find_part import find_part

NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e-?\d+)?(?![\w.])")


def split(lines: list[str]) -> list[list[str]]:
    """Split every equation at its equality signs, continued lines joined to it."""
    whole: list[str] = []
    for line in lines:
        if whole and re.match(r"\s+[=+-] ", line):
            whole[-1] += f" {line.strip()}"
        else:
            whole.append(line)
    return [[side.strip() for side in re.split(r"\s+=\s+", line)] for line in whole if re.search(r"\s=\s", line)]


@pytest.fixture
def told() -> Callable[[str], list[str]]:
    """How to have a part told."""
    return lambda name: list(find_part(name).lines())


@pytest.fixture
def equations(told: Callable[[str], list[str]]) -> Callable[[str], list[list[str]]]:
    """How to read a part's equations, each as its sides."""
    return lambda name: split(told(name))


@pytest.fixture
def values(equations: Callable[[str], list[list[str]]]) -> Callable[[str], dict[str, list[float]]]:
    """How to read the last number of every equation of a part, by its symbol, in the order of print."""

    def read(name: str) -> dict[str, list[float]]:
        found: dict[str, list[float]] = {}
        for symbol, *_, last in equations(name):
            if NUMBER.fullmatch(last):
                found.setdefault(re.split(r"\s{2,}", symbol)[-1], []).append(float(last))
        return found

    return read


@pytest.fixture
def rows(told: Callable[[str], list[str]]) -> Callable[[str, str], list[list[float]]]:
    """How to read the numbers of all lines of a part that begin with a label."""

    def read(name: str, label: str) -> list[list[float]]:
        behind = [line.strip().removeprefix(label) for line in told(name) if line.strip().startswith(f"{label} ")]
        return [[float(number) for number in NUMBER.findall(line)] for line in behind]

    return read


@pytest.fixture
def x() -> dict[str, Any]:
    """The slides' word vectors, and ours of the two words that have none there."""
    columns = {
        "Alice": [0.7, 8.6, -2.4, 2.3],
        "treats": [2.7, -3.9, -5.6, 1.1],
        "Bob": [-0.1, 6.7, 1.5, 2.0],
        "well": [-5.7, -9.8, -1.6, -1.0],
        "so": [0.4, -1.2, 3.1, 0.9],
        "thinks": [1.8, 2.5, -0.7, -3.4],
    }
    return {word: np.array(column) for word, column in columns.items()}
