"""What is wrong, what to do, and where → one error of one line."""

from __future__ import annotations

from collections.abc import Iterable


class UnrolledError(Exception):
    """A user's mistake or a failed run: where, what is wrong, and what to do, each kept as an attribute."""

    def __init__(self, problem: str, advice: str, *, where: str = "") -> None:
        """Join the parts to the line `where: problem. Advice.`."""
        self.problem, self.advice, self.where = _short(problem), advice, where
        super().__init__(printable(f"{where}: {self.problem}. {advice}" if where else f"{self.problem}. {advice}"))


def printable(text: str) -> str:
    """Show what a terminal would obey (a newline, an escape), and what is no character, as its code."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)


def _short(text: str) -> str:
    return text if len(text) <= 600 else f"{text[:599]}…"


class SettingError(UnrolledError, ValueError):
    """An option has a value that it can't have, or doesn't exist."""


class DataError(UnrolledError, ValueError):
    """A file or a list of texts can't be used as it is."""


class FolderError(UnrolledError, ValueError):
    """A model folder is damaged, foreign, newer, or can't be written."""


class TrainingError(UnrolledError, RuntimeError):
    """A training run can't start or go on."""


class MissingExtraError(UnrolledError, ImportError):
    """A capability was asked for whose packages aren't installed."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Suggest `Did you mean …?` where a known name is near, else list the known names."""
    import difflib  # only an error needs it

    names = sorted(known)
    same = [known for known in names if known.lower() == name.lower()]
    near = same or difflib.get_close_matches(name, names, n=1) or difflib.get_close_matches(name.lower(), names, n=1)
    return f"Did you mean '{near[0]}'?" if near else f"Use one of: {', '.join(names)}."
