"""A folder DIR/<label>/<file>.txt → a row a file, by label and then by file name; the whole file is the text.

A file may be compressed: <file>.txt.gz or <file>.txt.zst.

Hidden names (with a dot in front) are no rows, and a remark says how many there are. Everything else is a row: used, or
reported. A link within the folder is followed; one that leads out of it is reported, as it would have files read that
nobody named. The folder itself may be a link.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator

from unrolled.data.compressed import without_packing
from unrolled.data.decoding import KEEP, decoding_damage, lenient_decoder, marked_encoding
from unrolled.data.rows import BadRow, Row
from unrolled.data.source import DEFAULTS, Bytes, ReadOptions, missing, name_of, pieces
from unrolled.errors import DataError
from unrolled.errors import class_folder as folder_errors
from unrolled.errors import data as errors
from unrolled.errors import files as file_errors

FORMATS: dict[str, tuple[str, ...]] = {"folder": ()}
TITLE = "a folder by class"
LABELS = FOLDER = True


def read(source: str, options: ReadOptions, **_: object) -> Iterator[Row | BadRow]:
    """Return a row a file."""
    return read_class_folder(source, with_labels=options.label_column is not None, options=options)


def read_class_folder(source: str, *, with_labels: bool, options: ReadOptions = DEFAULTS) -> Iterator[Row | BadRow]:
    """Return the rows; the file's path within the folder is the field `file`."""
    if source != "-" and not os.path.exists(source):
        raise missing(source)
    if not os.path.isdir(source):
        raise folder_errors.not_a_folder(name_of(source))
    if not any(os.path.isdir(os.path.join(source, name)) for name in _names(source)[0]):
        raise folder_errors.no_class_folder(source)
    return _rows(source, with_labels, options, lenient_decoder(options.encoding))


def _rows(folder: str, with_labels: bool, options: ReadOptions, encoding: str) -> Iterator[Row | BadRow]:
    root = os.path.realpath(folder)
    for number, (label, name) in enumerate(_files(folder, options, root), start=1):
        relative = os.path.join(label, name)
        place = _writable(relative)
        flaw = _name_flaw(root, relative, label, with_labels)
        text, flaw = ("", flaw) if flaw else _text(os.path.join(folder, relative), options.max_row_length, encoding)
        if flaw is not None:
            yield BadRow(number, f"{_writable(folder)}, row {number}", f"{place}: {flaw}")
        else:
            yield Row(number, f"{place}, row {number}", text, label if with_labels else None, {"file": relative})


def _is_within(root: str, relative: str) -> bool:
    """Return whether a name in a folder, whose real path is `root`, leads to something in it."""
    real = os.path.realpath(os.path.join(root, relative))
    return os.path.commonpath([root, real]) == root


def _files(folder: str, options: ReadOptions, root: str) -> Iterator[tuple[str, str]]:
    """Yield (label, file name); the label is empty for what is no class folder, or leads out of `root`."""
    labels, hidden = _names(folder)
    for label in labels:
        path = os.path.join(folder, label)
        if os.path.isdir(path) and _is_within(root, label):
            names, more = _names(path)
            hidden += [os.path.join(label, name) for name in more]
            if not names:
                options.on_warning(folder_errors.empty_class_warning(_writable(folder), _writable(label)))
            yield from ((label, name) for name in names)
        else:
            yield "", label
    if hidden:
        options.on_warning(folder_errors.hidden_files_warning(_writable(folder), len(hidden), _writable(hidden[0])))


def _names(folder: str) -> tuple[list[str], list[str]]:
    """List the names in a folder: those that are shown, and those that are hidden."""
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        raise file_errors.unreadable(folder, error) from error
    return [name for name in names if name[0] != "."], [name for name in names if name[0] == "."]


def _writable(name: str) -> str:
    """Spell the bytes of a name that are no UTF-8."""
    return os.fsencode(name).decode(errors="backslashreplace")


def _name_flaw(root: str, relative: str, label: str, with_labels: bool) -> str | None:
    if os.path.islink(os.path.join(root, relative)) and not _is_within(root, relative):
        return folder_errors.link_out_reason()
    if not label:
        return folder_errors.outside_class_reason()
    if with_labels and not label.strip():
        return errors.empty_label_reason(label)
    return None if decoding_damage(relative) is None else folder_errors.name_not_utf8_reason()


def _text(path: str, most: int, encoding: str) -> tuple[str, str | None]:
    if not without_packing(path).lower().endswith(".txt") or not os.path.isfile(path):
        return "", folder_errors.not_text_file_reason()
    try:
        with io.TextIOWrapper(io.BufferedReader(Bytes(pieces(path))), encoding, errors=KEEP, newline="") as stream:
            text = stream.read(most + 1)
    except DataError as error:
        return "", folder_errors.rejected_reason(error)
    except UnicodeError as error:  # of a codec that can't go on
        return "", folder_errors.rejected_reason(file_errors.not_decoded(path, encoding, str(error)))
    if other := marked_encoding(text, encoding):
        return "", folder_errors.other_encoding_reason(other)
    return text.removeprefix("\ufeff"), errors.too_long_reason(most) if len(text) > most else decoding_damage(
        text, encoding
    )
