"""The compiled library, if there is one → its functions for this processor; and which arithmetic computes what.

The plain arithmetic answers wherever the library is missing, a number isn't float32, or an array is on a GPU. There
torch's own recurrent kernels stand in for it, where they compute the same network.
"""

from __future__ import annotations

import ctypes
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np

from unrolled.arrays import Array
from unrolled.kernels import gpu

Level = Literal["baseline", "avx2", "avx512"]
_SUFFIX = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")
SOURCE = Path(__file__).parents[1] / "native"
PATH = SOURCE / f"unrolled{_SUFFIX}"
_PLAIN: ContextVar[bool] = ContextVar("plain arithmetic alone", default=False)


class Library:
    """The functions of one SIMD level; each releases the interpreter's lock while it runs."""

    def __init__(self, path: Path, level: Level | None = None) -> None:
        """Load it, for this processor's level unless another is asked for; OSError where it can't be loaded."""
        self.functions = ctypes.CDLL(str(path))
        for name in ("unrolled_level", "unrolled_digest"):
            getattr(self.functions, name).restype = ctypes.c_char_p
        self.level = level or self.functions.unrolled_level().decode()
        self.used: set[str] = set()
        self.digest = self.functions.unrolled_digest().decode()

    def call(self, name: str, *arguments: Any) -> None:
        """Call a function with addresses of arrays and integers; MemoryError if it finds no memory."""
        self.used.add(name)
        if self.is_true(name, *arguments):
            raise MemoryError(f"the kernel {name} found no memory")

    def is_true(self, name: str, *arguments: Any) -> bool:
        """Ask a question of a function: whether it answers other than 0."""
        return bool(getattr(self.functions, f"{name}_{self.level}")(*map(_passed, arguments)))


def backends_used() -> str:
    """Describe the backend used so far in this process."""
    if gpu.USED:
        torchs = "torch's recurrent kernels on the GPU"
        return torchs if "torch's kernels" in gpu.USED else "torch on the GPU, without a kernel for this network"
    found = find_library()
    if isinstance(found, str):
        return f"NumPy or torch, without compiled kernels ({found})"
    if any(name.endswith("_forward") or name == "hogwild" for name in found.used):
        return f"compiled kernels ({found.level})"
    return "NumPy or torch (this model needs no compiled kernel)"


def _passed(argument: Any) -> Any:
    if isinstance(argument, np.ndarray):
        return ctypes.c_void_p(argument.__array_interface__["data"][0])
    return ctypes.c_int64(argument) if isinstance(argument, int) else argument


@cache
def find_library() -> Library | str:
    """Load the library once, or say why there is none."""
    if not PATH.is_file():
        return "no kernels were compiled: when unrolled was installed, no C compiler was found, or it failed"
    try:
        found = Library(PATH)
    except (OSError, AttributeError) as error:
        return f"the compiled kernels can't be loaded: {error}"
    return found if found.digest == source_digest() else "the kernels were compiled from other source: reinstall"


def source_digest() -> str:
    """Hash the source as hatch_build.py does: kernels of other source may expect other arguments."""
    content = b"".join(path.read_bytes() for path in sorted(SOURCE.glob("*.[ch]")))
    return f"{zlib.crc32(content):08x}-{len(content)}"


@contextmanager
def plain() -> Iterator[None]:
    """Compute with the plain arithmetic alone while the block runs."""
    token = _PLAIN.set(True)
    try:
        yield
    finally:
        _PLAIN.reset(token)


def compiled(*arrays: Array) -> Library | None:
    """Return the library if it takes such arrays: float32, on the CPU."""
    if any(map(gpu.on_gpu, arrays)):
        gpu.USED.add("plain")
        return None
    found = None if _PLAIN.get() else find_library()
    if not isinstance(found, Library):
        return None
    return found if all(map(_taken, arrays)) else None


def _taken(array: Array) -> bool:
    if isinstance(array, np.ndarray):
        return bool(array.dtype == np.float32)
    return bool(array.device.type == "cpu" and str(array.dtype) == "torch.float32")


def count_cudnn(*arrays: Array) -> bool:
    """Return whether torch's own recurrent kernels take such arrays: on a GPU."""
    taken = not _PLAIN.get() and all(map(gpu.on_gpu, arrays))
    if taken:
        gpu.USED.add("torch's kernels")
    return taken
