"""The environment, whole or with parts missing → what `doctor` prints, for a reader and as JSON."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

import pytest
import torch

from unrolled.terminal.application import command_names


@pytest.fixture
def examined(unrolled: Callable[..., Any]) -> Callable[[], Any]:
    """How to run `doctor --json`."""

    def examine() -> Any:
        (found,) = unrolled("doctor", "--json").answers
        return found

    return examine


def without(monkeypatch: pytest.MonkeyPatch, *missing: str) -> None:
    def known(package: str) -> str:
        if package in missing:
            raise PackageNotFoundError(package)
        return version(package)

    monkeypatch.setattr("unrolled.terminal.examination.version", known)


def test_every_package_that_unrolled_requires_is_named_with_its_version(examined: Callable[[], Any]) -> None:
    packages = examined()["packages"]
    lines = [line for line in requires("unrolled") or () if "extra" not in line or "'train'" in line]
    required = {re.split("[<>=;]", line)[0] for line in lines}
    assert {"numpy", "torch"} <= required <= set(packages)
    assert {"pyarrow", "zstandard"} <= set(packages)
    assert {name: version(name) for name in (*required, "unrolled")}.items() <= packages.items()
    assert packages["python"] == ".".join(map(str, sys.version_info[:3]))


def test_capabilities_kernels_and_the_machine_are_told(examined: Callable[[], Any]) -> None:
    found = examined()
    assert list(found) == ["packages", "capabilities", "kernels", "machine"]
    assert {name: found["capabilities"][name] for name in ("predict", "evaluate", "train", "demo")} == dict.fromkeys(
        ("predict", "evaluate", "train", "demo"), "ready"
    )
    assert found["capabilities"]["cuda"].startswith("ready: ") == torch.cuda.is_available()
    assert int(found["machine"]["cores"]) >= 1
    assert set(found["capabilities"]) & set(command_names())


def test_what_a_gpu_would_compute_with_is_told(examined: Callable[[], Any]) -> None:
    torchs, plain = examined()["kernels"]["cuda"].split("; ")
    assert torchs == (
        "torch's own kernels for gru --reset after --update-gate sigmoid, lstm, rnn --nonlinearity tanh, "
        "rnn --nonlinearity relu"
    )
    # gru is the lecture's by default, which resets before the product
    others = "average, cnn, concatenate, gru, ngrams, transformer"
    assert plain == f"plain arithmetic on the GPU for all others, by default {others}"


def test_the_reader_is_told_the_same_each_on_a_line_of_its_own(
    unrolled: Callable[..., Any], examined: Callable[[], Any]
) -> None:
    done = unrolled("doctor")
    assert (done.code, done.err) == (0, "")
    expected = []
    for title, lines in examined().items():
        expected += [[title], *([name, *told.split()] for name, told in lines.items())]
    assert [line.split() for line in done.out.splitlines()] == expected


@pytest.mark.parametrize(
    ("missing", "needing"),
    [(["torch"], {"train", "demo"}), (["scikit-learn"], {"demo"}), (["torch", "scikit-learn"], {"train", "demo"})],
)
def test_what_is_missing_is_told_with_what_needs_it(
    examined: Callable[[], Any], monkeypatch: pytest.MonkeyPatch, missing: list[str], needing: set[str]
) -> None:
    without(monkeypatch, *missing)
    found = examined()
    assert {found["packages"][name] for name in missing} == {"not installed"}
    assert {name for name, told in found["capabilities"].items() if "unrolled[train]" in told} == needing
    assert (found["capabilities"]["cuda"] == "no torch") == ("torch" in missing)
    assert found["capabilities"]["predict"] == "ready"


@pytest.mark.parametrize(("package", "capability"), [("pyarrow", "parquet"), ("zstandard", "zstd")])
def test_what_is_missing_to_read_files_is_told(
    examined: Callable[[], Any], monkeypatch: pytest.MonkeyPatch, package: str, capability: str
) -> None:
    assert examined()["capabilities"][capability] == "ready"
    without(monkeypatch, package)
    assert examined()["capabilities"][capability] == "needs: pip install 'unrolled[files]'"


def test_a_torch_that_is_there_and_broken_is_diagnosed(tmp_path: Path) -> None:
    """Python then finds a torch whose import fails, as it does where a shared library is missing."""
    (tmp_path / "torch.py").write_text("raise OSError('libgomp.so.1: cannot open shared object file')")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); sys.argv = ['unrolled', 'doctor', '--json']\n"
        "from unrolled.terminal.application import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    found = json.loads(done.stdout)["capabilities"]
    assert "libgomp.so.1" in found["cuda"]
    assert "ready" not in (found["train"], found["demo"])
    assert found["predict"] == "ready"
