"""The environment → what `doctor` tells: packages, capabilities, kernels, machine."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version

from unrolled.kernels.library import find_library

PACKAGES = ("unrolled", "numpy", "safetensors", "typer", "rich", "array-api-compat", "torch", "scikit-learn")
_BROKEN = "torch can't be imported"


def examine() -> dict[str, dict[str, str]]:
    """Look at everything; torch is imported, as only it knows of a GPU."""
    installed = {package: _version(package) for package in PACKAGES}
    return {
        "packages": {"python": platform.python_version(), **{p: v or "not installed" for p, v in installed.items()}},
        "capabilities": _capabilities(bool(installed["torch"]), bool(installed["scikit-learn"])),
        "kernels": _kernels(),
        "machine": {"system": platform.platform(), "processor": platform.machine(), "cores": str(os.cpu_count())},
    }


def _kernels() -> dict[str, str]:
    found = find_library()
    if isinstance(found, str):
        return {"predict": f"plain arithmetic in NumPy, as {found}", "train": f"plain arithmetic in torch, as {found}"}
    told = f"compiled for {found.level}, in float32 on the CPU; concatenate, transformer and deeper convolutions plain"
    return {"predict": told, "train": told}


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _capabilities(torch: bool, sklearn: bool) -> dict[str, str]:
    needs = "needs: pip install 'unrolled[train]'"
    cuda = _cuda() if torch else "no torch"
    train = cuda if cuda.startswith(_BROKEN) else "ready" if torch else needs
    demo = train if sklearn else needs
    return {"predict": "ready", "evaluate": "ready", "train": train, "demo": demo, "cuda": cuda}


def _cuda() -> str:
    try:
        import torch
    except (ImportError, OSError) as error:  # a broken build is what a doctor is for
        return f"{_BROKEN}: {error}"
    return f"ready: {torch.cuda.get_device_name()}" if torch.cuda.is_available() else "torch finds no GPU"
