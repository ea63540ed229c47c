"""A profile of the data → the findings of every check, the most serious first."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from unrolled import checks
from unrolled.checks.findings.finding import SEVERITIES, Finding
from unrolled.checks.profile.dataset_profile import DatasetProfile


def all_checks() -> list[ModuleType]:
    """Import every file in `checks/`, in the order of their findings."""
    files = [module.name for module in iter_modules(checks.__path__) if not module.ispkg]
    return sorted((import_module(f"{checks.__name__}.{name}") for name in files), key=lambda module: module.ORDER)


def check(profile: DatasetProfile) -> list[Finding]:
    """Run every check."""
    findings = [finding for module in all_checks() for finding in module.check(profile)]
    return sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))
