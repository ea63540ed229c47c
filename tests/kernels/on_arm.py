"""Debian's Python for ARM, and the kernels cross-compiled → their tests, run there under emulation: `make emulate`.

Needs Debian or a relative of it, with gcc-aarch64-linux-gnu and qemu-user. Nothing is installed but into build/arm64.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build" / "arm64"
LIBRARY = FOLDER / "unrolled.so"
PACKAGES = ["python3-pip", "libgomp1", "libstdc++6"]
# A processor as in small computers and phones: NEON alone. Later wheels of torch for ARM bring CUDA.
EMULATOR = ["qemu-aarch64", "-cpu", "cortex-a72", "-L", f"{FOLDER}/root", f"{FOLDER}/root/usr/bin/python3"]
REQUIREMENTS = [
    "array-api-compat",
    "hypothesis",
    "numpy>=2",
    "pytest",
    "rich",
    "safetensors",
    "torch==2.8.0",
    "typer<0.29",
]


def fetch_python() -> None:
    """Unpack Python and what it needs into a folder; the system's own packages stay as they are."""
    for folder in ("lists/partial", "cache/archives/partial"):
        (FOLDER / folder).mkdir(parents=True, exist_ok=True)
    (FOLDER / "none-installed").touch()
    places = {"Dir::State::Lists": "lists", "Dir::State::status": "none-installed", "Dir::Cache": "cache"}
    settings = {"APT::Architecture": "arm64", "APT::Architectures": "arm64", "APT::Sandbox::User": "root"}
    settings |= {name: f"{FOLDER}/{place}" for name, place in places.items()}
    apt = ["apt-get", "--quiet", "--quiet", *(f"--option={name}={value}" for name, value in settings.items())]
    run([*apt, "update"])
    run([*apt, "install", "--yes", "--download-only", "--no-install-recommends", *PACKAGES])
    for package in (FOLDER / "cache" / "archives").glob("*.deb"):
        run(["dpkg-deb", "--extract", str(package), f"{FOLDER}/root"])


def run(command: list[str], *path: Path) -> None:
    """Run a command, with folders of Python's modules; CalledProcessError if it fails."""
    subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path))}, cwd=ROOT)


def main() -> None:
    """Fetch what is missing, compile, and test; the arguments are pytest's."""
    site, fetched = FOLDER / "site", FOLDER / "fetched"
    if not fetched.exists():
        fetch_python()
        run([*EMULATOR, "-m", "pip", "install", "--quiet", "--upgrade", "--target", str(site), *REQUIREMENTS])
        fetched.touch()
    cross = ["--compiler", "aarch64-linux-gnu-gcc", "--machine", "aarch64"]
    run([sys.executable, "hatch_build.py", *cross, "-o", str(LIBRARY)])
    tests = ["pytest", "tests/kernels", "--library", str(LIBRARY), "-p", "no:cacheprovider"]
    run([*EMULATOR, "-m", *tests, *sys.argv[1:]], ROOT / "src", site)


if __name__ == "__main__":
    main()
