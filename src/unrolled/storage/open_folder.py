"""A model folder → its files by our own names, each as its manifest tells it; pickles are refused.

All files are opened in the folder that was found first, whatever its name leads to by then. The folder itself may be a
symbolic link: its user chose the name. Nothing that is read becomes a name of a file.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from unrolled.errors import folder as errors
from unrolled.storage import manifest
from unrolled.storage.manifest import MANIFEST
from unrolled.storage.regular_file import FileRecord, Inside

# Formats in which other programs keep pickles, or code by other means; no file of ours ends so.
PICKLES = (
    *(".pt", ".pth", ".ckpt", ".bin", ".mar", ".torchscript"),  # torch
    *(".pkl", ".pickle", ".pck", ".pcl", ".dill", ".cloudpickle", ".joblib", ".sav", ".marshal"),
    *(".npy", ".npz"),  # of objects
    *(".h5", ".hdf5", ".keras"),  # layers of functions
)
_HAS_HANDLES = hasattr(os, "O_DIRECTORY") and os.open in os.supports_dir_fd and os.listdir in os.supports_fd


@dataclass(frozen=True)
class OpenFolder:
    """A folder, and what its manifest tells."""

    path: Path
    handle: int | None
    records: Mapping[str, FileRecord]

    def __truediv__(self, name: str) -> Inside:
        """Return a file that has to be there; FolderError if the manifest doesn't know it."""
        if name not in self.records:
            raise errors.not_in_manifest(self.path / MANIFEST, name)
        return Inside(self.path, self.handle, name, self.records[name])


@contextmanager
def opened_folder(path: Path) -> Iterator[OpenFolder]:
    """Open a folder that has a manifest and no pickle; FolderError for others, and where memory is too small for it."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY) if _HAS_HANDLES else None
        try:
            _reject(path, os.listdir(path if handle is None else handle))
            yield OpenFolder(path, handle, manifest.read(Inside(path, handle, MANIFEST)))
        finally:
            if handle is not None:
                os.close(handle)
    except OSError as error:
        raise errors.cannot_read(path, error) from error
    except MemoryError:
        raise errors.no_memory(path) from None


def _reject(path: Path, names: Iterable[str]) -> None:
    known = set(names)
    pickles = sorted(name for name in known if name.lower().endswith(PICKLES))
    if pickles:
        raise errors.a_pickle(path / pickles[0])
    if MANIFEST not in known:
        raise errors.no_manifest(path)
