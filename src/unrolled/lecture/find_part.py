"""The word that a user types → the part of the lecture in the file with that name."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

from unrolled.errors.lecture import unknown_part
from unrolled.lecture import parts
from unrolled.lecture.part import Part
from unrolled.lecture.writing import columns


def part_names() -> list[str]:
    """List the parts there are in the lecture's order: one for each file in `parts/`."""
    return sorted((module.name for module in pkgutil.iter_modules(parts.__path__)), key=_order)


def find_part(name: str) -> Part:
    """Find a part, or raise a SettingError that names the nearest."""
    known = [module.name for module in pkgutil.iter_modules(parts.__path__)]
    if name not in known:
        raise unknown_part(name, known)
    part: Part = importlib.import_module(f"{parts.__name__}.{name}").PART
    return part


def contents() -> Iterator[str]:
    """Describe the parts and how to ask for one."""
    yield "The lecture, step by step, every number computed by this package:"
    yield ""
    found = {name: find_part(name) for name in part_names()}
    yield from columns([[f"{part.section:>2}.", name, part.title] for name, part in found.items()], left=3)
    yield ""
    yield "`unrolled lecture cnn` tells one part."


def _order(name: str) -> tuple[int, int]:
    part = find_part(name)
    return part.section, part.place
