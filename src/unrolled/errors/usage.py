"""A command and the words given to it → the error of a user who called it otherwise than it can be called."""

from __future__ import annotations

from collections.abc import Iterable

from unrolled.errors.kinds import SettingError, nearest


def unknown_command(program: str, word: str, known: Iterable[str]) -> SettingError:
    """Make the error of a command that doesn't exist."""
    return SettingError(f"`{program}` has no command '{word}'", nearest(word, known))


def unknown_option(command: str, option: str, known: Iterable[str]) -> SettingError:
    """Make the error of an option that the command doesn't have."""
    near = nearest(option, known)
    return SettingError(f"`{command}` has no option '{option}'", near if near.endswith("?") else _help_hint(command))


def no_value(command: str, option: str) -> SettingError:
    """Make the error of an option at the end of the words that should have a value behind it."""
    return SettingError("a value is missing", _help_hint(command), where=f"option '{option}'")


def unexpected_value(command: str, option: str) -> SettingError:
    """Make the error of a value given to an option that is on or off."""
    return SettingError("it takes no value", _help_hint(command), where=f"option '{option}'")


def missing_word(command: str, parameter: str, meaning: str) -> SettingError:
    """Make the error of an argument or an option that the command can't do without."""
    return SettingError(f"{parameter} is missing ({meaning.rstrip('.')})", _help_hint(command), where=f"`{command}`")


def too_many_words(command: str, received: str) -> SettingError:
    """Make the error of words that no argument is left for."""
    return SettingError(f"unexpected argument '{received}'", _help_hint(command), where=f"`{command}`")


def rejected_value(parameter: str, error: SettingError) -> SettingError:
    """Make the error of a value that a setting can't have, where its option was typed."""
    return SettingError(error.problem, error.advice, where=parameter)


def no_count(option: str, received: str) -> SettingError:
    """Make the error of a habit's value that should be a number from 1 on."""
    step = "Choose an allowed value."
    return SettingError(f"must be an integer of at least 1, got '{received}'", step, where=f"option '{option}'")


def _help_hint(command: str) -> str:
    return f"See `{command} --help`."
