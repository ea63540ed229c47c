"""A command found, a model and data → the words that call it so that it goes well."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.laws.commands.found import DATA, arguments, options


@pytest.fixture
def words(model: Path, language_model: Path, train_csv: Path, corpus: Path, tmp_path: Path) -> Callable[..., list[str]]:
    """How to call a command so that it goes well, or with something else in an argument's place."""

    def called(name: str, **other: str) -> list[str]:
        values = {"MODEL": str(model), "LM": str(language_model), "WORDS": "I love", "PART": "cnn", **other}
        for data in DATA:
            values.setdefault(data, str(corpus if data in ("CORPUS", "TEXT") else train_csv))
        given = [values[argument.metavar] for argument in arguments(name)]
        required = any("-o" in option.opts and option.required for option in options(name))
        return [*name.split(), *given, *(["-o", str(tmp_path / "out")] if required else [])]

    return called
