"""Numbers, piece after piece → all of them in a file without a name, mapped: memory that the system can have back."""

from __future__ import annotations

from collections.abc import Iterable
from tempfile import TemporaryFile

import numpy as np
from numpy.typing import NDArray

from unrolled.arrays import Int32Array
from unrolled.errors import output as errors


def to_memmap(pieces: Iterable[NDArray[np.signedinteger]]) -> Int32Array:
    """Write the pieces as they come, and map them; the file is gone when nobody has the numbers any more.

    DataError where the system's temporary folder has no room.
    """
    with errors.temporary_folder():
        file = TemporaryFile(prefix="unrolled-")  # noqa: SIM115  opened alone, so that its errors are told from others
    with file:
        for piece in pieces:
            with errors.temporary_folder():
                file.write(np.ascontiguousarray(piece, np.int32).data)
        with errors.temporary_folder():
            file.flush()
            if not file.tell():  # an empty file can't be mapped
                return np.empty(0, np.int32)
            return np.asarray(np.memmap(file, np.int32, "r"))
