"""The environment, whole or with parts missing → what `doctor` prints, for a reader and as JSON."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from typing import Any

import pytest
import torch

from unrolled.cli.app import command_names
from unrolled.cli.environment import OPTIONAL
from unrolled.kernels.compiled.library import find_library


@pytest.fixture
def examined(unrolled: Callable[..., Any]) -> Callable[[], Any]:
    """How to run `doctor --json`."""

    def examine() -> Any:
        (found,) = unrolled("doctor", "--json").answers
        return found

    return examine


def without(monkeypatch: pytest.MonkeyPatch, *missing: str) -> None:
    """Hide packages, named as pip has them."""

    def known(package: str) -> str:
        if package in missing:
            raise PackageNotFoundError(package)
        return version(package)

    roots = {package.root for package in OPTIONAL if package.name in missing}
    monkeypatch.setattr("importlib.metadata.version", known)
    monkeypatch.setattr(
        "unrolled.environment.packages.find_spec", lambda name: None if name in roots else find_spec(name)
    )


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


def test_models_without_kernels_are_listed(examined: Callable[[], Any]) -> None:
    if isinstance(library := find_library(), str):
        pytest.skip(library)
    for use in ("train", "predict"):
        kernels, plain = examined()["kernels"][use].split("; ")
        assert kernels.startswith(f"compiled for {library.level}")
        assert plain == "plain arithmetic for cnn --num-layers 2, concatenate, transformer"


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
    [
        (["torch"], {"train": {"train", "gradients", "demo", "cuda"}}),
        (["scikit-learn"], {"logistic": {"logistic", "demo"}}),
        (["torch", "scikit-learn"], {"train": {"train", "gradients", "demo", "cuda"}, "logistic": {"logistic"}}),
    ],
)
def test_what_is_missing_is_told_with_what_needs_it(
    examined: Callable[[], Any], monkeypatch: pytest.MonkeyPatch, missing: list[str], needing: dict[str, set[str]]
) -> None:
    without(monkeypatch, *missing)
    found = examined()
    assert {found["packages"][name] for name in missing} == {"not installed"}
    capabilities = found["capabilities"].items()
    for extra in ("train", "logistic"):
        wanted = f"needs: pip install 'unrolled[{extra}]'"
        assert {name for name, told in capabilities if told == wanted} == needing.get(extra, set())
    assert found["capabilities"]["predict"] == "ready"


@pytest.mark.parametrize(("package", "capability"), [("pyarrow", "parquet"), ("zstandard", "zstd")])
def test_what_is_missing_to_read_files_is_told(
    examined: Callable[[], Any], monkeypatch: pytest.MonkeyPatch, package: str, capability: str
) -> None:
    assert examined()["capabilities"][capability] == "ready"
    without(monkeypatch, package)
    assert examined()["capabilities"][capability] == "needs: pip install 'unrolled[files]'"
