"""Settings → options of a command line; and the options that several commands have."""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from unrolled.cli.help import INPUT
from unrolled.cli.usage_errors import Refused
from unrolled.data.read import reader_of, titles
from unrolled.data.source import MAX_ROW_LENGTH, ReadOptions
from unrolled.errors import SettingError
from unrolled.errors import settings as errors
from unrolled.settings import Interval, Setting, seconds, size_in_bytes


def source(name: str) -> str:
    """Read the name of a file or folder of data; as its parser, this marks an option as something that is read."""
    return name


def model_folder(name: str) -> Path:
    """Read the name of a model's folder; as its parser, this marks an option as something that is read."""
    return Path(name)


READ = (source, model_folder)
LABELLED = f"Labelled texts: {titles(labels=True)}."
LanguageModel = Annotated[Path, typer.Argument(parser=model_folder, metavar="LM", help="Folder that `lm train` wrote.")]
Format = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help=f"Format: {', '.join(reader_of())} (default: by the suffix, before .gz or .zst).",
        rich_help_panel=INPUT,
    ),
]
TextColumn = Annotated[
    str,
    typer.Option(metavar="NAME", help="Column of the text; several are joined: subject,body.", rich_help_panel=INPUT),
]
LabelColumn = Annotated[str, typer.Option(metavar="NAME", help="Column of the label.", rich_help_panel=INPUT)]
SkipBadRows = Annotated[
    bool, typer.Option("--skip-bad-rows", help="List rows that can't be used, and skip them.", rich_help_panel=INPUT)
]
Force = Annotated[bool, typer.Option("--force", help="Overwrite an existing output that unrolled wrote.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def _parser(setting: Setting) -> Callable[[str], Any]:
    def parse(text: str) -> Any:
        try:
            return setting.parse(text)
        except SettingError:
            raise Refused(errors.wrong_value(setting.name, setting.allowed, text)) from None  # as it was typed

    return parse


def number(kind: type, left: float, right: float = math.inf) -> Callable[[str], Any]:
    """Make the parser of an option that is a number from `left` to `right`."""
    return _parser(Setting("", kind, None, Interval(left, right)))


def one_of(choices: Sequence[str]) -> Callable[[str], Any]:
    """Make the parser of an option that is one of some words."""
    return _parser(Setting("", str, None, choices=tuple(choices)))


def _size(text: str | int) -> int:
    try:
        return size_in_bytes(str(text))  # the default comes as a number
    except ValueError:
        raise Refused(errors.no_size(text)) from None


def _characters(text: str | int) -> int:
    if not (size := _size(text)):
        raise Refused(errors.no_character(text))
    return size


Delimiter = Annotated[
    str | None,
    typer.Option(
        parser=lambda text: text.replace(r"\t", "\t"),
        metavar="CHARACTER",
        help="Field separator of csv and tsv files (default: comma, tab).",
        rich_help_panel=INPUT,
    ),
]
Encoding = Annotated[
    str,
    typer.Option(
        metavar="NAME", help="Encoding of text files, such as utf-16, latin-1 or cp1252.", rich_help_panel=INPUT
    ),
]
MaxRowLength = Annotated[
    int,
    typer.Option(
        parser=_characters,
        metavar="SIZE",
        show_default="10,000,000",
        help="Maximum row length in characters; longer rows are reported as bad.",
        rich_help_panel=INPUT,
    ),
]
CacheMemory = Annotated[
    int,
    typer.Option(parser=_size, metavar="SIZE", show_default="256M", help="Memory for cached word projections."),
]
Threads = Annotated[int, typer.Option(parser=number(int, 1, 256), metavar="N", help="Number of threads.")]


def _seconds(text: str | float) -> float:
    try:
        found = seconds(str(text))
        if found not in Interval(0):
            raise ValueError(text)
        return found
    except ValueError:
        raise Refused(errors.no_time(text)) from None


Budget = Annotated[
    float | None,
    typer.Option(parser=_seconds, metavar="TIME", help="Time limit for everything (60s, 10m)."),
]
CheckpointEvery = Annotated[
    float,
    typer.Option(parser=_seconds, metavar="TIME", show_default="60s", help="How often a checkpoint is written."),
]

# The options of reading, each with its default: parameters of `ReadOptions`.
READING: dict[str, tuple[Any, Any]] = {
    "format": (Format, None),
    "text_column": (TextColumn, "text"),
    "label_column": (LabelColumn, "label"),
    "delimiter": (Delimiter, None),
    "encoding": (Encoding, "utf-8"),
    "max_row_length": (MaxRowLength, MAX_ROW_LENGTH),
    "skip_bad_rows": (SkipBadRows, False),
}


def with_reading(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Replace a command's parameter `reading: ReadOptions` by the options of reading (all, or those named)."""
    own = names or tuple(READING)

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(command)
        def run(**given: Any) -> None:
            reading = ReadOptions(**{name: given.pop(name) for name in own})
            command(**given, reading=reading)

        keyword = inspect.Parameter.KEYWORD_ONLY
        added = [inspect.Parameter(n, keyword, default=READING[n][1], annotation=READING[n][0]) for n in own]
        before = [p for p in _parameters(command) if p.name != "reading"]
        rest = [p for p in before if p.kind is inspect.Parameter.VAR_KEYWORD]
        return _with_parameters(run, [*(p.replace(kind=keyword) for p in before if p not in rest), *added, *rest])

    return decorate


def _parameters(command: Callable[..., None]) -> list[inspect.Parameter]:
    hints = inspect.get_annotations(command, eval_str=True)
    return [p.replace(annotation=hints[p.name]) for p in inspect.signature(command).parameters.values()]


def _with_parameters(run: Callable[..., None], parameters: Sequence[inspect.Parameter]) -> Callable[..., None]:
    """Show typer these parameters in place of the command's own."""
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    del run.__wrapped__  # type: ignore[attr-defined]  # typer would look through to the command itself
    return run


OTHER_NAMES = {"random_state": "seed"}


def option_name(setting: Setting) -> str:
    """Return the name of a setting's option, without the dashes before it."""
    return OTHER_NAMES.get(setting.name, setting.name).replace("_", "-")


def as_typed(setting: Setting, value: Any) -> list[str]:
    """Return the words that set a value on a command line."""
    if setting.kind is bool:
        return [f"--{'' if value else 'no-'}{option_name(setting)}"]
    return [f"--{option_name(setting)}", setting.formatted(value)]


def with_settings(groups: Mapping[str, Mapping[str, Setting]]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Replace **settings, a command's last parameter, by an option for every setting, under its group's heading."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(command)
        def run(**given: Any) -> None:
            command(**{name: value for name, value in given.items() if name not in settings or value is not None})

        settings = {setting.name: (group, setting) for group, named in groups.items() for setting in named.values()}
        own = [p for p in _parameters(command) if p.kind is not inspect.Parameter.VAR_KEYWORD]
        return _with_parameters(run, [*own, *(_parameter(group, setting) for group, setting in settings.values())])

    return decorate


def _sentence(text: str) -> str:
    """Begin with a capital and end with a full stop, as all help texts do."""
    return f"{text[:1].upper()}{text[1:]}."


def _parameter(group: str, setting: Setting) -> inspect.Parameter:
    option = option_name(setting)
    details: dict[str, Any] = {
        "help": _sentence(setting.meaning or setting.allowed),
        "rich_help_panel": group,
        "show_default": setting.formatted(setting.default),
    }
    if setting.kind is bool:
        negative = f"/--no-{option}" if "true" in setting.formatted(setting.default) else ""
        hint: Any = Annotated[bool | None, typer.Option(f"--{option}{negative}", **details)]
    else:
        words = "|".join(setting.choices) or ("N,N,…" if setting.several else "N" if setting.kind is int else "X")
        hint = Annotated[Any, typer.Option(f"--{option}", parser=_parser(setting), metavar=words, **details)]
    return inspect.Parameter(setting.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=hint)
