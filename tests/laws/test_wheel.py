"""The built wheel works with the source tree out of the way."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from unrolled.kernels.compiled.library import Library, find_library

ROOT = Path(__file__).parents[2]
MAIN = """
import sys, unrolled
assert unrolled.__file__.startswith(SITE), unrolled.__file__
from unrolled.cli.app import main
sys.argv = ["unrolled", *sys.argv[1:]]
main()
"""


def built(folder: Path, **environment: str) -> Path:
    """Build a wheel as pip does."""
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True, env={**os.environ, **environment})
    assert done.returncode == 0, done.stderr + done.stdout
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("wheel"))


def run(site: Path, folder: Path, *words: str) -> str:
    """Run the command line of an unpacked wheel, warnings being errors."""
    code = MAIN.replace("SITE", repr(str(site)))
    command = [sys.executable, "-W", "error", "-c", code, *words]
    environment = {**os.environ, "PYTHONPATH": str(site)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.torture
def test_the_wheel_holds_the_package_its_licence_and_its_types(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    source = {str(path.relative_to(ROOT / "src")) for path in (ROOT / "src" / "unrolled").rglob("*.py")}
    assert source <= names
    assert "unrolled/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if not name.startswith("unrolled")]


def unpacked(wheel: Path, folder: Path) -> Path:
    """Unpack a wheel beside a file to train on."""
    zipfile.ZipFile(wheel).extractall(folder / "site")
    rows = "".join(f"good {n},yes\nbad {n},no\n" for n in range(20))
    (folder / "train.csv").write_text(f"text,label\n{rows}")
    return folder / "site"


TRAIN = ["train", "train.csv", "-o", "model", "--max-epochs", "2", "--embedding-dim", "4", "--num-filters", "2"]
PREDICT = ["predict", "model", "train.csv"]


@pytest.mark.torture
def test_the_wheel_trains_and_predicts_by_itself(wheel: Path, tmp_path: Path) -> None:
    site = unpacked(wheel, tmp_path)
    run(site, tmp_path, *TRAIN)
    assert len(run(site, tmp_path, *PREDICT).splitlines()) == 40
    assert ("compiled for" in run(site, tmp_path, "doctor")) == isinstance(find_library(), Library)


@pytest.mark.torture
@pytest.mark.parametrize("compiler", ["/nowhere/cc", "false -O2"])
def test_without_a_compiler_that_works_the_wheel_is_pure(compiler: str, tmp_path: Path) -> None:
    wheel = built(tmp_path, CC=compiler)
    assert wheel.name.endswith("-py3-none-any.whl")
    assert not [name for name in zipfile.ZipFile(wheel).namelist() if name.endswith((".so", ".dylib", ".dll"))]


@pytest.mark.torture
def test_without_kernels_the_wheel_answers_the_same_and_doctor_says_why(wheel: Path, tmp_path: Path) -> None:
    site, plain = unpacked(wheel, tmp_path), unpacked(wheel, tmp_path / "plain")
    for path in (plain / "unrolled" / "kernels" / "native").glob("unrolled.*"):
        path.unlink()
    run(plain, tmp_path, *TRAIN)
    found, expected = (run(one, tmp_path, *PREDICT).splitlines() for one in (plain, site))
    for line, right in zip(map(json.loads, found), map(json.loads, expected), strict=True):
        assert line == {**right, "probability": pytest.approx(right["probability"], abs=1e-5)}
    assert "plain arithmetic in NumPy, as no kernels were compiled" in run(plain, tmp_path, "doctor")


@pytest.mark.torture
def test_a_wheel_with_kernels_is_for_one_kind_of_machine(wheel: Path) -> None:
    if shutil.which((os.environ.get("CC") or "cc").split()[0]) is None:
        pytest.skip("no C compiler")
    names = zipfile.ZipFile(wheel).namelist()
    assert len([name for name in names if name.startswith("unrolled/kernels/native/unrolled.")]) == 1
    assert "-py3-none-" in wheel.name
    assert not wheel.name.endswith("-any.whl")
    assert "unrolled/kernels/native/walk.h" in names
