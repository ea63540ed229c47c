"""The environment → plain strings under four headings, with nothing changed and no exception for what is missing."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError

import pytest

from unrolled.cli.environment import describe


def test_everything_told_is_a_string_that_is_not_empty() -> None:
    found = describe()
    assert list(found) == ["packages", "capabilities", "kernels", "machine"]
    for lines in found.values():
        assert lines
        assert all(name.strip() and isinstance(told, str) and told.strip() for name, told in lines.items())


def test_the_machine_is_this_one() -> None:
    found = describe()["machine"]
    assert found == {"system": platform.platform(), "processor": platform.machine(), "cores": str(os.cpu_count())}


def test_where_nothing_is_installed_it_still_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(package: str) -> str:
        raise PackageNotFoundError(package)

    monkeypatch.setattr("importlib.metadata.version", missing)
    monkeypatch.setattr("unrolled.environment.packages.find_spec", lambda name: None)
    found = describe()
    python = found["packages"].pop("python")
    assert python == platform.python_version()
    assert set(found["packages"].values()) == {"not installed"}
    ready = {name for name, state in found["capabilities"].items() if state == "ready"}
    assert ready == {"predict", "evaluate", "hogwild"}
