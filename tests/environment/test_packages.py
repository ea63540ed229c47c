"""An optional package that is missing, too old, broken or without metadata → the error that says what to install."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from unrolled.environment import packages
from unrolled.environment.packages import Package, minimum_version, version_of, versions

ROOT = Path(__file__).parents[2]
OPTIONAL = [value for value in vars(packages).values() if isinstance(value, Package)]
EXTRAS: dict[str, list[str]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
DOCTOR = """
import sys
sys.path.insert(0, sys.argv.pop())
from unrolled.cli.app import main
main()
"""


@pytest.mark.parametrize("package", OPTIONAL, ids=lambda package: package.name)
def test_a_package_names_the_extra_that_brings_it(package: Package) -> None:
    assert any(line.startswith(f"{package.name}>=") for line in EXTRAS[package.extra])
    assert package.fault("a test") is None
    assert version_of(package.name) is not None


def test_every_package_of_the_extras_for_users_is_known() -> None:
    lines = [line for extra in ("files", "logistic", "train") for line in EXTRAS[extra]]
    assert {line.partition(">")[0] for line in lines} - {"unrolled[logistic]"} == {package.name for package in OPTIONAL}


@pytest.mark.parametrize("package", OPTIONAL, ids=lambda package: package.name)
def test_what_is_missing_is_named_with_its_extra_and_what_works_instead(
    package: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "find_spec", lambda name: None)
    error = package.fault("a test", ["a", "b"])
    assert error is not None
    assert error.advice == f"Run: pip install 'unrolled[{package.extra}]'. Without it you can train a or b."
    with pytest.raises(type(error), match=f"a test needs .*'{package.name}'"):
        package.require("a test")


@pytest.mark.parametrize(
    ("found", "right"),
    [("1.5.2", False), ("1.6", True), ("1.6.0+cpu", True), ("1.10", True), ("0.9rc1", False), ("main", False)],
)
def test_a_version_that_is_too_old_is_refused_before_it_is_imported(
    monkeypatch: pytest.MonkeyPatch, found: str, right: bool
) -> None:
    monkeypatch.setattr(metadata, "version", lambda name: found)
    monkeypatch.setattr(metadata, "requires", lambda name: ["numpy>=2.0", 'scikit-learn>=1.6; extra == "logistic"'])
    monkeypatch.setattr(packages, "import_module", lambda name: right or pytest.fail("imported"))
    error = packages.SCIKIT_LEARN.fault("a test")
    assert (error is None) == right
    assert right or ("1.6 or newer" in str(error) and found in str(error) and "--upgrade" in str(error))


def test_without_metadata_of_its_own_or_of_ours_a_package_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise metadata.PackageNotFoundError(name)

    assert minimum_version("numpy") == "2.0"
    monkeypatch.setattr(metadata, "requires", missing)
    assert minimum_version("numpy") is None
    monkeypatch.setattr(metadata, "version", missing)
    assert [package.fault("a test") for package in OPTIONAL] == [None] * len(OPTIONAL)
    assert versions("numpy") == {"numpy": "unknown"}


@pytest.mark.parametrize("raised", [ImportError, OSError, ValueError, AttributeError])
def test_a_package_that_is_there_and_broken_is_refused_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, raised: type[Exception]
) -> None:
    def fail(name: str) -> Any:
        raise raised("numpy.dtype size changed")

    monkeypatch.setattr(packages, "import_module", fail)
    error = packages.TORCH.fault("a test")
    assert error is not None
    assert "numpy.dtype size changed" in error.problem
    assert "pip install 'unrolled[train]'" in error.advice


@pytest.mark.parametrize("package", OPTIONAL, ids=lambda package: package.name)
def test_doctor_says_what_is_broken_and_what_works_all_the_same(
    package: Package, tmp_path: Path, unrolled: Callable[..., Any]
) -> None:
    """A file takes the package's place, as where a shared library is missing."""
    (whole,) = unrolled("doctor", "--json").answers
    (tmp_path / f"{package.root}.py").write_text("raise OSError('libgomp.so.1: cannot open shared object file')")
    words = [sys.executable, "-c", DOCTOR, "doctor", "--json", str(tmp_path)]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=120)
    found = json.loads(done.stdout)["capabilities"]
    broken = {name for name, state in found.items() if "libgomp.so.1" in state}
    assert broken
    assert all(package.name in found[name] for name in broken)
    assert {name: whole["capabilities"][name] for name in found.keys() - broken} == {
        name: state for name, state in found.items() if name not in broken
    }
