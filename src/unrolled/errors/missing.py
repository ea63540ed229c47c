"""A capability → the error of an environment that lacks its packages."""

from __future__ import annotations

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


def no_data_package(package: str) -> MissingExtraError:
    """Make the error of a data package that pip couldn't install."""
    step = "Read pip's message above; with a connection to a package index, run the demo again."
    return MissingExtraError(f"pip to install {package}", "a failure", step)
