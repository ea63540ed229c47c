"""A source (a path, or `-`) and its format → its rows; the format is given, or known by the path."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from unrolled.data import readers
from unrolled.data.compressed import without_packing
from unrolled.data.rows import BadRow, Row
from unrolled.data.source import MAX_ROW_LENGTH, ReadOptions, missing, no_warning, pieces, reject_devices
from unrolled.errors import data as errors


def modules() -> list[ModuleType]:
    """Import every file in `readers/`."""
    names = sorted(module.name for module in iter_modules(readers.__path__))
    return [import_module(f"{readers.__name__}.{name}") for name in names]


def reader_of() -> dict[str, ModuleType]:
    """Map each format to the file that reads it."""
    return {name: module for module in modules() for name in module.FORMATS}


def titles(*, labels: bool) -> str:
    """List the formats for a help text: of files that may have labels, or of all that `predict` reads."""
    return ", ".join(module.TITLE for module in modules() if module.LABELS or not labels)


def read_rows(
    source: str,
    *,
    format: str | None = None,  # noqa: A002
    text_column: str = "text",
    label_column: str | None = "label",
    other_columns: Collection[str] | None = None,
    delimiter: str | None = None,
    encoding: str = "utf-8",
    max_row_length: int = MAX_ROW_LENGTH,
    on_warning: Callable[[str], None] = no_warning,
) -> Iterator[Row | BadRow]:
    """Open the source and check what can be checked before the first row, then return the rows one by one.

    `text_column="subject,body"` joins columns; `label_column=None` is for prediction: no labels are needed.
    `other_columns` says which others are wanted, where they cost something or are the text's own; `on_warning` is
    called with what was no row. `delimiter` separates the fields of csv and tsv: by default a comma or a tab.
    """
    options = ReadOptions(encoding, max_row_length, on_warning, format, text_column, label_column, delimiter)
    return read(source, options, other_columns)


def read(source: str, options: ReadOptions, other_columns: Collection[str] | None = None) -> Iterator[Row | BadRow]:
    """Do the same with the options in one object."""
    if options.label_column is not None and options.label_column in (
        options.text_column,
        *options.text_column.split(","),
    ):
        raise errors.label_in_text(options.label_column)
    known = reader_of()
    chosen = options.format or _format_of(source, with_labels=options.label_column is not None)
    if chosen not in known:
        raise errors.unknown_format(chosen, known)
    if options.delimiter is not None and not getattr(known[chosen], "DELIMITER", False):
        raise errors.delimiter_of_others(chosen)
    rows: Iterator[Row | BadRow] = known[chosen].read(source, options, format=chosen, other_columns=other_columns)
    return rows


def _format_of(source: str, *, with_labels: bool) -> str:
    if source == "-":
        return "text"
    known = reader_of()
    if os.path.isdir(source):
        return next(name for name, module in known.items() if getattr(module, "FOLDER", False))
    suffix = os.path.splitext(without_packing(source))[1].lower()
    found = {module.LABELS: name for name, module in known.items() if suffix in module.FORMATS[name]}
    if found:
        return found.get(with_labels) or next(iter(found.values()))
    if not os.path.exists(source):
        raise missing(source)
    reject_devices(source)
    if os.path.isfile(source):
        next(pieces(source), None)  # which tells an archive
    raise errors.unknown_suffix(
        source, sorted({suffix for name, module in known.items() for suffix in module.FORMATS[name]})
    )
