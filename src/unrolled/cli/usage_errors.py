"""What typer found wrong with the words of a command line → our error in its three parts, which exits with 2."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import typer

from unrolled.errors import SettingError
from unrolled.errors import usage as errors

UsageError: Any = typer.BadParameter.__base__  # typer names its subclass alone in public


class Refused(typer.BadParameter):
    """An error of ours from within a parser of typer, which lets no other pass as it is."""

    def __init__(self, error: SettingError) -> None:
        """Keep the error."""
        super().__init__(str(error))
        self.error = error


@contextmanager
def in_three_parts(ctx: Any, words: Sequence[str]) -> Iterator[None]:
    """Raise typer's errors about the words typed behind a context's command as ours.

    Raises:
        SettingError: words are missing, unknown, too many or have values that can't be.
    """
    try:
        yield
    except UsageError as error:
        if type(error).__name__ == "NoArgsIsHelpError":  # no error: the help is shown
            raise
        raise _ours(error, ctx.command_path, ctx.command.params, words) from None


def _ours(error: Any, command: str, parameters: Sequence[Any], words: Sequence[str]) -> SettingError:
    match type(error).__name__:
        case "NoSuchOption":
            known = [name for parameter in parameters for name in parameter.opts]
            return errors.unknown_option(command, _typed(error.option_name, words), known)
        case "BadOptionUsage":
            flags = [name for parameter in parameters if _is_flag(parameter) for name in parameter.opts]
            make = errors.unexpected_value if error.option_name in flags else errors.no_value
            return make(command, error.option_name)
        case "MissingParameter":
            return errors.missing_word(command, named(error.param), error.param.help)
        case "Refused":
            return errors.rejected_value(named(error.param), error.error)
    raise error  # no option has a type of typer's own, which would refuse values in its own words


def reject_extra(ctx: Any) -> None:
    """Raise a SettingError for words that no argument is left for; the context keeps them in `args`."""
    if ctx.args:
        raise errors.too_many_words(ctx.command_path, " ".join(ctx.args))


def _is_flag(parameter: Any) -> bool:
    return bool(getattr(parameter, "is_flag", False) or getattr(parameter, "count", False))


def _typed(option: str, words: Sequence[str]) -> str:
    """Find the word that begins so: of `-minn` typer names the `-m`, which nobody meant."""
    meant = (word.partition("=")[0] for word in words if word.startswith(option) and not option.startswith("--"))
    return next(meant, option)


def named(parameter: Any) -> str:
    """Name an argument as its help does, an option by its long name."""
    return parameter.metavar if parameter.param_type_name == "argument" else f"option '{parameter.opts[0]}'"
