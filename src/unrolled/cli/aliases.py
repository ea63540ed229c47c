"""Words as users of fastText, scikit-learn and Keras type them → the words that say the same here.

Names only are put in the place of names: `--wordNgrams 2` is `--ngram-range 1,2`, `--learning_rate` is
`--learning-rate`. A value is otherwise never touched, nor what stands behind `--`, nor an option that the command has.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import typer.core

from unrolled.cli.help import write_options
from unrolled.cli.options import READ
from unrolled.cli.usage_errors import in_three_parts, named, reject_extra
from unrolled.errors import usage as errors
from unrolled.storage.overwriting import reject_overwriting

# What is typed, the option that it means, and what is put before its value.
ALIASES: dict[str, tuple[str, str]] = {
    "lr": ("--learning-rate", ""),
    "epoch": ("--max-epochs", ""),
    "epochs": ("--max-epochs", ""),
    "dim": ("--embedding-dim", ""),
    "minCount": ("--min-count", ""),
    "wordNgrams": ("--ngram-range", "1,"),
    "bucket": ("--buckets", ""),
    "thread": ("--threads", ""),
    "n-jobs": ("--threads", ""),
    "random-state": ("--seed", ""),
    "validation-split": ("--validation-fraction", ""),
}


def expand_aliases(words: Sequence[str], names: Collection[str], flags: Collection[str]) -> list[str]:
    """Translate the words of a command that has options of these names; `flags` are those without a value."""
    return list(_translated(iter(words), names, flags))


def _translated(words: Iterator[str], names: Collection[str], flags: Collection[str]) -> Iterator[str]:
    for word in words:
        if word == "--":
            yield word
            break
        typed, equals, value = word.partition("=")
        name, before = _meant(typed, names)
        yield f"{name}={_checked(typed, before, value)}" if equals else name
        if name in names and name not in flags and not equals:
            yield from (_checked(typed, before, value) for value in [next(words, None)] if value is not None)
    yield from words


def _checked(typed: str, before: str, value: str) -> str:
    """Prefix a value with what belongs there; a SettingError names what was typed where it is no number."""
    if before and not (value.isdecimal() and int(value)):
        raise errors.no_count(typed, value)
    return before + value


def _meant(typed: str, names: Collection[str]) -> tuple[str, str]:
    """Return the option's name here and what goes before its value; what is no habit, as it was typed."""
    bare = typed.removeprefix("-").removeprefix("-")
    if typed in names or not typed.startswith("-"):
        return typed, ""
    dashed = bare.replace("_", "-")
    name, before = ALIASES.get(bare) or ALIASES.get(dashed) or (f"--{dashed}", "")
    allowed = typed.startswith("--") or len(bare) > 1  # fastText's single dash: click would read `-lr` as `-l -r`
    return (name, before) if allowed and name in names else (typed, "")


class CommandWithAliases(typer.core.TyperCommand):
    """A command that understands them, and that never writes over what it reads."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the words once they are ours."""
        options = [option for option in self.params if isinstance(option, typer.core.TyperOption)]
        spellings = [(option, name) for option in options for name in (*option.opts, *option.secondary_opts)]
        flags = {name for option, name in spellings if option.is_flag or option.count}
        ctx.allow_extra_args = True  # they are refused below, in our words
        with in_three_parts(ctx, args[:]):
            left = super().parse_args(ctx, expand_aliases(args, {name for _, name in spellings}, {*flags, "--help"}))
        reject_extra(ctx)
        return left

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the options in groups."""
        write_options(self.get_params(ctx), ctx, formatter)

    def invoke(self, ctx: Any) -> Any:
        """Run the command, unless its output would change an input."""
        read = {named(p): ctx.params[p.name] for p in self.params if getattr(p.type, "func", None) in READ}
        written = [ctx.params[p.name] for p in self.params if "-o" in p.opts]
        reject_overwriting(read, *(written or [None]))
        return super().invoke(ctx)
