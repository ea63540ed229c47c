"""A file in a folder that is searched → a check like all others."""

from __future__ import annotations

from pathlib import Path

import pytest

from unrolled import checks
from unrolled.checks.findings.run import all_checks, check
from unrolled.checks.profile.dataset_profile import profile_files

MINE = '''"""Texts that shout."""

from unrolled.checks.findings.finding import Finding

ORDER = 0


def check(profile):
    """Find the data set."""
    yield Finding(kind="mine", severity="error", count=1, of=len(profile), meaning="It is mine.", advice="Keep it.")
'''


def test_adding_a_check_is_adding_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "added" / "shouting.py").parent.mkdir()
    (tmp_path / "added" / "shouting.py").write_text(MINE)
    (tmp_path / "texts.csv").write_text("text,label\nHELLO,loud\nhello,low\n")
    profile = profile_files([str(tmp_path / "texts.csv")])
    before = [finding.kind for finding in check(profile)]
    monkeypatch.setattr(checks, "__path__", [*checks.__path__, str(tmp_path / "added")])
    assert [finding.kind for finding in check(profile)] == ["mine", *before]


def test_every_check_has_an_order_of_its_own() -> None:
    orders = [module.ORDER for module in all_checks()]
    assert orders == sorted(set(orders))
