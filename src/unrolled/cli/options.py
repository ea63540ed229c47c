"""Settings → options of a command line; and the options that several commands have."""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from unrolled.cli.usage_errors import Refused
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
LanguageModel = Annotated[Path, typer.Argument(parser=model_folder, metavar="LM", help="Folder that `lm train` wrote.")]
Format = Annotated[
    str | None,
    typer.Option(help="csv, tsv, jsonl, parquet, fasttext, folder or text; by default the suffix tells, below .gz."),
]
TextColumn = Annotated[str, typer.Option(help="Column of the text; several, as subject,body, are joined.")]
LabelColumn = Annotated[str, typer.Option(help="Column of the label.")]
SkipBadRows = Annotated[bool, typer.Option("--skip-bad-rows", help="List rows that can't be used and go on without.")]
Force = Annotated[bool, typer.Option("--force", help="Replace what is there.")]
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
        parser=lambda text: text.replace(r"\t", "\t"), metavar="CHARACTER", help="What parts the fields of csv or tsv."
    ),
]
Encoding = Annotated[str, typer.Option(metavar="NAME", help="Encoding of files of text: utf-16, latin-1, cp1252, …")]
MaxRowLength = Annotated[
    int,
    typer.Option(
        parser=_characters, metavar="SIZE", show_default="10,000,000", help="Characters above which a row is a bad one."
    ),
]
CacheMemory = Annotated[
    int,
    typer.Option(
        parser=_size, metavar="SIZE", show_default="256M", help="Memory for words that are projected once and kept."
    ),
]
Threads = Annotated[int, typer.Option(parser=number(int, 1, 256), metavar="N", help="Threads to compute with.")]


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
    typer.Option(parser=_seconds, metavar="TIME", help="Time (60s, 10m) for everything, the page included."),
]
CheckpointEvery = Annotated[
    float,
    typer.Option(parser=_seconds, metavar="TIME", show_default="60s", help="How often the run's state is kept."),
]

OTHER_NAMES = {"random_state": "seed"}


def with_settings(groups: Mapping[str, Mapping[str, Setting]]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command whose last parameter is **settings an option for every setting, under its group's heading."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(command)
        def run(**given: Any) -> None:
            command(**{name: value for name, value in given.items() if name not in settings or value is not None})

        settings = {setting.name: (group, setting) for group, named in groups.items() for setting in named.values()}
        hints = inspect.get_annotations(command, eval_str=True)
        own = [p.replace(annotation=hints[p.name]) for p in inspect.signature(command).parameters.values()][:-1]
        added = [_parameter(group, setting) for group, setting in settings.values()]
        run.__signature__ = inspect.Signature([*own, *added])  # type: ignore[attr-defined]
        run.__annotations__ = {parameter.name: parameter.annotation for parameter in (*own, *added)}
        del run.__wrapped__  # typer would look through to the command itself
        return run

    return decorate


def _parameter(group: str, setting: Setting) -> inspect.Parameter:
    option = OTHER_NAMES.get(setting.name, setting.name).replace("_", "-")
    told: dict[str, Any] = {
        "help": setting.meaning or setting.allowed,
        "rich_help_panel": group,
        "show_default": setting.spelt(setting.default),
    }
    if setting.kind is bool:
        negative = f"/--no-{option}" if "true" in setting.spelt(setting.default) else ""
        hint: Any = Annotated[bool | None, typer.Option(f"--{option}{negative}", **told)]
    else:
        words = "|".join(setting.choices) or ("N,N,…" if setting.several else "N" if setting.kind is int else "X")
        hint = Annotated[Any, typer.Option(f"--{option}", parser=_parser(setting), metavar=words, **told)]
    return inspect.Parameter(setting.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=hint)
