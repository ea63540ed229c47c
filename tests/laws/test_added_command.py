"""A file in a folder that is searched → a command like all others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from unrolled.cli import commands

MINE = '''"""A text → the text, louder."""


def command(text: str, times: int = 1) -> None:
    """Shout a text."""
    print((text.upper() + "!") * times)
'''


def test_adding_a_command_is_adding_a_file(
    unrolled: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "added").mkdir()
    (tmp_path / "added" / "shout_out.py").write_text(MINE)
    monkeypatch.setattr(commands, "__path__", [*commands.__path__, str(tmp_path / "added")])
    assert unrolled("shout-out", "fine", "--times", 2).out == "FINE!FINE!\n"
    assert "Shout a text." in unrolled("--help").out
