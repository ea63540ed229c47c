"""The built wheel works with the source tree out of the way."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TRAIN_AND_PREDICT = """
import sys, unrolled
assert unrolled.__file__.startswith(SITE), unrolled.__file__
from unrolled.terminal.application import main
sys.argv = ["unrolled", *sys.argv[1:]]
main()
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr + done.stdout
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_the_package_its_licence_and_its_types(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    source = {str(path.relative_to(ROOT / "src")) for path in (ROOT / "src" / "unrolled").rglob("*.py")}
    assert source <= names
    assert "unrolled/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if not name.startswith("unrolled")]


def test_the_wheel_trains_and_predicts_by_itself(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    (tmp_path / "train.csv").write_text("text,label\n" + "".join(f"good {n},yes\nbad {n},no\n" for n in range(20)))
    environment = {**os.environ, "PYTHONPATH": str(site)}
    code = TRAIN_AND_PREDICT.replace("SITE", repr(str(site)))
    train = ["train", "train.csv", "-o", "model", "--max-epochs", "2", "--embedding-dim", "4", "--num-filters", "2"]
    for words in (train, ["predict", "model", "train.csv", "-o", "out.jsonl"], ["doctor"]):
        run = [sys.executable, "-W", "error", "-c", code, *words]
        done = subprocess.run(run, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 40
