"""A name, and how much longer those next to it are → refused where the file system has no room for these."""

from __future__ import annotations

import os
from pathlib import Path

from unrolled.errors.places import name_too_long


def reject_long_name(target: Path, place: Path, more: int) -> None:
    """Raise a FolderError if a name longer by `more` bytes is too long where the target, really at `place`, will be."""
    if not hasattr(os, "pathconf"):  # Windows tells it nowhere
        return
    above = next(folder for folder in (*place.parents, place) if folder.is_dir())
    longest, size = os.pathconf(above, "PC_NAME_MAX") - more, len(os.fsencode(place.name))
    if size > longest:
        raise name_too_long(target, size, longest)
