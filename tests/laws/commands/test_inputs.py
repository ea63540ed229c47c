"""Every command that reads, and data, a column or a model that isn't there → told in one line, nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.laws.commands.found import DATA, WITH_COLUMNS, WITH_DATA, WITH_MODEL


@pytest.mark.parametrize("name", WITH_DATA)
def test_missing_data_are_told_in_one_line(
    unrolled: Callable[..., Any], words: Callable[..., list[str]], name: str, tmp_path: Path
) -> None:
    nowhere = dict.fromkeys(DATA, str(tmp_path / "nowhere.csv"))
    assert "nowhere.csv" in unrolled(*words(name, **nowhere)).error()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", WITH_COLUMNS)
def test_an_unknown_column_is_told_with_those_that_there_are(
    unrolled: Callable[..., Any], words: Callable[..., list[str]], name: str, tmp_path: Path
) -> None:
    told = unrolled(*words(name), "--text-column", "txet").error()
    assert "Did you mean 'text'?" in told
    assert "id, text, label" in told
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", WITH_MODEL)
def test_a_missing_model_is_told_before_the_data_are_looked_at(
    unrolled: Callable[..., Any], words: Callable[..., list[str]], name: str, tmp_path: Path
) -> None:
    nowhere = dict.fromkeys(("MODEL", "LM"), str(tmp_path / "no model")) | dict.fromkeys(DATA, "nowhere.csv")
    told = unrolled(*words(name, **nowhere)).error()
    assert str(tmp_path / "no model") in told
    assert ("`unrolled lm train -o`" if name.startswith("lm ") else "`unrolled train -o`") in told
