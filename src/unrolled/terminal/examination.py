"""The environment → what `doctor` tells: packages, capabilities, kernels, machine."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from itertools import product
from typing import Any

from unrolled.kernels.library import find_library
from unrolled.model.find_encoder import encoder_names, encoder_options, make_encoder
from unrolled.model.layers.recurrent import Recurrent
from unrolled.settings import settings_of

PACKAGES = (
    *("unrolled", "numpy", "safetensors", "typer", "rich", "array-api-compat"),
    *("torch", "scikit-learn", "pyarrow", "zstandard"),
)
_OF_FILES = {"parquet": "pyarrow", "zstd": "zstandard"}
_FILES = "needs: pip install 'unrolled[files]'"
_BROKEN = "torch can't be imported"


def examine() -> dict[str, dict[str, str]]:
    """Look at everything; torch is imported, as only it knows of a GPU."""
    installed = {package: _version(package) for package in PACKAGES}
    return {
        "packages": {"python": platform.python_version(), **{p: v or "not installed" for p, v in installed.items()}},
        "capabilities": {
            **_capabilities(bool(installed["torch"]), bool(installed["scikit-learn"])),
            **{name: "ready" if installed[package] else _FILES for name, package in _OF_FILES.items()},
        },
        "kernels": _kernels(),
        "machine": {"system": platform.platform(), "processor": platform.machine(), "cores": str(os.cpu_count())},
    }


def _kernels() -> dict[str, str]:
    return {**_on_cpu(), "cuda": _on_gpu()}


def _on_cpu() -> dict[str, str]:
    found = find_library()
    if isinstance(found, str):
        return {"predict": f"plain arithmetic in NumPy, as {found}", "train": f"plain arithmetic in torch, as {found}"}
    told = f"compiled for {found.level}, in float32 on the CPU; concatenate, transformer and deeper convolutions plain"
    return {"predict": told, "train": told}


def _on_gpu() -> str:
    """Tell what `train --device cuda` computes with, wherever there is a GPU."""
    others = ", ".join(name for name in encoder_names() if not _is_of_torch(name, {}))
    torchs = f"torch's own kernels for {', '.join(_networks_of_torch())}"
    return f"{torchs}; plain arithmetic on the GPU for all others, by default {others}"


def _networks_of_torch() -> Iterator[str]:
    """List the networks that are torch's too, as one asks for them."""
    for name in encoder_names():
        own = {key: option for key, option in encoder_options(name).items() if key not in settings_of(Recurrent)}
        closed = {key: option.choices for key, option in own.items() if option.choices}
        for values in product(*closed.values()):
            options = dict(zip(closed, values, strict=True))
            if _is_of_torch(name, options):
                yield " ".join([name, *(f"--{key.replace('_', '-')} {value}" for key, value in options.items())])


def _is_of_torch(name: str, options: Mapping[str, Any]) -> bool:
    encoder = make_encoder(name, 1, options)
    return isinstance(encoder, Recurrent) and encoder.of_torch is not None


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
