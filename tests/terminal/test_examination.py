"""The environment → plain strings under four headings, with nothing changed and no exception for what is missing."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError

import pytest

from unrolled.terminal.examination import examine


def test_everything_told_is_a_string_that_is_not_empty() -> None:
    found = examine()
    assert list(found) == ["packages", "capabilities", "kernels", "machine"]
    for lines in found.values():
        assert lines
        assert all(name.strip() and isinstance(told, str) and told.strip() for name, told in lines.items())


def test_the_machine_is_this_one() -> None:
    found = examine()["machine"]
    assert found == {"system": platform.platform(), "processor": platform.machine(), "cores": str(os.cpu_count())}


def test_where_nothing_is_installed_it_still_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(package: str) -> str:
        raise PackageNotFoundError(package)

    monkeypatch.setattr("unrolled.terminal.examination.version", missing)
    found = examine()
    python = found["packages"].pop("python")
    assert python == platform.python_version()
    assert set(found["packages"].values()) == {"not installed"}


def test_a_torch_without_metadata_is_not_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(package: str) -> str:
        if package == "torch":
            raise PackageNotFoundError(package)
        return "1"

    monkeypatch.setattr("unrolled.terminal.examination.version", version)
    monkeypatch.setitem(sys.modules, "torch", None)  # importing it would fail
    assert examine()["capabilities"]["cuda"] == "no torch"


def test_a_torch_that_cannot_be_imported_is_told_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    assert "torch can't be imported" in examine()["capabilities"]["cuda"]
