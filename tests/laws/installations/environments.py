"""The built wheel → an environment without extras, and one for each extra that a user may choose, made by pip."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import venv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from unrolled.cli.environment import OPTIONAL
from unrolled.environment.packages import TORCH

ROOT = Path(__file__).parents[3]
NAMES = ("base", *sorted({package.extra for package in OPTIONAL}))
LINES: dict[str, list[str]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]


@dataclass(frozen=True)
class Answer:
    """What came of a command or of a Python entry: what it printed, and nothing or the text of what was wrong."""

    error: str = ""
    output: str = ""

    @property
    def extra(self) -> str | None:
        """Name the extra that is said to be missing, if one line says that and nothing else."""
        found = re.fullmatch(r"[^\n]*pip install 'unrolled\[(\w+)\]'[^\n]*\n?", self.error)
        return found[1] if found else None


@dataclass(frozen=True)
class Environment:
    """A virtual environment with this package and perhaps an extra."""

    name: str
    folder: Path

    @classmethod
    def made(cls, name: str, folder: Path, wheel: Path) -> Environment:
        """Let pip install the wheel, of the versions that the tests run with; torch is large, so it is lent."""
        venv.create(folder, with_pip=False)
        environment = cls(name, folder)
        if TORCH.name in provided(name):
            lend(TORCH.name, folder)
        extra = "" if name == "base" else f"[{name}]"
        pip = [sys.executable, "-m", "pip", "--python", environment.program("python"), "--disable-pip-version-check"]
        constrained = ["--quiet", "--no-compile", "--constraint", str(ROOT / "constraints.txt")]
        environment.run([*pip, "install", *constrained, f"{wheel}{extra}"], ROOT).check_returncode()
        return environment

    def program(self, name: str) -> str:
        """Find a program of the environment."""
        return str(self.folder / "bin" / name)

    def run(self, words: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
        """Run a program in a folder, with nothing of this environment's Python."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        return subprocess.run(
            words, cwd=folder, env={**own, "OMP_NUM_THREADS": "1"}, capture_output=True, text=True, timeout=600
        )


def provided(name: str) -> set[str]:
    """Name the optional packages that an environment has."""
    lines = LINES.get(name, [])
    others = [inside[1] for line in lines if (inside := re.fullmatch(r"unrolled\[(\w+)\]", line))]
    found = {package.name for package in OPTIONAL for line in lines if line.startswith(f"{package.name}>=")}
    return found.union(*map(provided, others))


def lend(distribution: str, folder: Path) -> None:
    """Let an environment see a distribution of this one and all that it requires, where its pip changes nothing."""
    shelf = folder / "lent"
    shelf.mkdir()
    for name in {distribution, *needed_by(distribution)}:
        files = metadata.distribution(name).files or []
        for top in {file.parts[0] for file in files} - {"..", "__pycache__"}:
            place = shelf / top
            if not place.exists():
                place.symlink_to(Path(str(metadata.distribution(name).locate_file(top))))
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "lent.pth").write_text(f"{shelf}\n")


def needed_by(distribution: str, found: frozenset[str] = frozenset()) -> frozenset[str]:
    """Name what a distribution requires, and what that requires, as far as it is installed here."""
    for line in metadata.requires(distribution) or ():
        name = re.split(r"[^\w.-]", line)[0].lower().replace("_", "-")
        if "extra ==" not in line and name not in found and _is_installed(name):
            found = needed_by(name, found | {name})
    return found


def _is_installed(name: str) -> bool:
    try:
        return bool(metadata.version(name))
    except metadata.PackageNotFoundError:
        return False


def content(folder: Path) -> Iterator[tuple[str, int]]:
    """List a folder's files with their sizes."""
    for path in sorted(folder.rglob("*")):
        yield str(path.relative_to(folder)), path.stat().st_size if path.is_file() else -1
