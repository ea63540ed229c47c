"""A model, and the process that uses it → all that may decide the last bits of its answers."""

from __future__ import annotations

import hashlib
import platform
from typing import Any

import numpy as np

from unrolled.kernels.compiled.library import find_library
from unrolled.kernels.run_parallel import thread_count
from unrolled.prediction.text_model import TextModel
from unrolled.storage import strict_json


def run_identity(model: TextModel) -> dict[str, Any]:
    """Name them: the model itself, by a digest; what computes, and with which memory and threads."""
    from importlib.metadata import version  # one answer alone needs none of this

    return {
        "model": digest(model),
        "cache_memory": model.cache_memory,
        "threads": thread_count(),
        "kernels": kernels(),
        "processor": processor(),
        "unrolled": version("unrolled"),
        "numpy": np.__version__,
        "python": platform.python_version(),  # its Unicode tables split and lower words
    }


def processor() -> list[str]:
    """Name the kind of processor and the instructions that NumPy finds it has."""
    return [platform.machine(), *np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])]


def kernels() -> str:
    """Name the compiled kernels, whether or not they were used yet."""
    library = find_library()
    return "none" if isinstance(library, str) else f"{library.level} {library.digest}"


def digest(model: TextModel) -> str:
    """Hash a model as it is in memory: its folder may hold another by now."""
    sha256 = hashlib.sha256(strict_json.to_bytes([model.config.as_json(), list(model.vocabulary.words)]))
    for name, weight in sorted(model.weights.items()):
        sha256.update(f"{name} {weight.shape}".encode())
        sha256.update(np.ascontiguousarray(weight).data)
    return sha256.hexdigest()
