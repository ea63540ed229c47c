"""An optional package → its version, whether it works here, and else the error that says what to install."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from unrolled.errors import MissingExtraError
from unrolled.errors import missing as errors


@dataclass(frozen=True)
class Package:
    """A package of an extra: its name for pip, the part of it that is imported, and the lightest extra that has it."""

    name: str
    module: str
    extra: str

    @property
    def root(self) -> str:
        """Return the module that has all others in it."""
        return self.module.partition(".")[0]

    @property
    def is_installed(self) -> bool:
        """Return whether Python finds it; nothing is imported."""
        return find_spec(self.root) is not None

    def fault(self, capability: str, others: Sequence[str] = ()) -> MissingExtraError | None:
        """Import it; return why that fails, naming `others` that can be trained without it, or None."""
        if not self.is_installed:
            return errors.missing_extra(self.extra, self.name, capability, others)
        found, required = version_of(self.name), minimum_version(self.name)
        if found and required and _numbers(found) < _numbers(required):
            return errors.old_package(self.extra, self.name, capability, found, required)
        try:
            import_module(self.module)
        except Exception as error:  # a package that is broken, or of other versions than its own, raises anything
            return errors.broken_package(self.extra, self.name, capability, error)
        return None

    def require(self, capability: str, others: Sequence[str] = ()) -> None:
        """Raise the error of a package that can't be used."""
        if error := self.fault(capability, others):
            raise error


TORCH = Package("torch", "torch.nn", "train")
SCIKIT_LEARN = Package("scikit-learn", "sklearn.linear_model", "logistic")
PYARROW = Package("pyarrow", "pyarrow.parquet", "files")
ZSTANDARD = Package("zstandard", "zstandard", "files")


def version_of(name: str) -> str | None:
    """Return the installed version, as far as the package tells one."""
    from importlib import metadata  # slow to load, and one answer alone doesn't need it

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def versions(*names: str) -> dict[str, str]:
    """List versions by package, for the record of a run."""
    return {name: version_of(name) or "unknown" for name in names}


def minimum_version(name: str) -> str | None:
    """Return the oldest version that this package can use, as its own metadata say."""
    found = (re.match(rf"{re.escape(name)}\s*>=\s*([\d.]+)", line) for line in _requirements())
    return next((match[1] for match in found if match), None)


def required_packages() -> list[str]:
    """List the packages that unrolled needs without any extra, as its own metadata say."""
    return [re.split(r"[<>=;\s]", line)[0] for line in _requirements() if "extra" not in line]


def _requirements() -> list[str]:
    from importlib import metadata

    try:
        return metadata.requires("unrolled") or []
    except metadata.PackageNotFoundError:
        return []


def _numbers(version: str) -> list[int]:
    """Read 2.13.0+cpu as [2, 13, 0]."""
    release = re.match(r"\d+(\.\d+)*", version)
    return [int(number) for number in release[0].split(".")] if release else []
