"""A path, or `-` for standard input → its lines as text; a byte that is not UTF-8 passes as a lone surrogate."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain

from unrolled.errors import data as errors

_DAMAGE = re.compile("[\0\udc80-\udcff]")
_UTF_16_MARKS = ("\udcff\udcfe", "\udcfe\udcff")


def name_of(source: str) -> str:
    """Return what messages call the source."""
    return "standard input" if source == "-" else source


def open_lines(source: str, *, newline: str) -> Iterator[str]:
    """Return the lines with their ends, split as `open` does for this newline, less a byte order mark.

    What can't be opened, and UTF-16, is a DataError at the call.
    """
    lines = _lines(source, newline)
    first = next(lines, "")  # A generator that has started closes its file also when it is dropped half read.
    if first.startswith(_UTF_16_MARKS):
        raise errors.utf_16(name_of(source))
    first = first.removeprefix("\ufeff")
    return chain([first] if first else [], lines)


def damage(text: str) -> str | None:
    """Return why text that came from bytes can't be used: its first byte that is not UTF-8, or NUL."""
    if text.isascii() and "\0" not in text:  # the fast way through most texts
        return None
    found = _DAMAGE.search(text)
    if found is None:
        return None
    return errors.nul_reason() if found[0] == "\0" else errors.not_utf8_reason(ord(found[0]) - 0xDC00)


def _lines(source: str, newline: str) -> Iterator[str]:
    try:
        with _stream(source, newline) as stream:
            for line in stream:  # noqa: UP028  `yield from`, dropped half read, would close standard input
                yield line
    except FileNotFoundError as error:
        raise errors.missing_file(source) from error
    except IsADirectoryError as error:
        raise errors.folder_as_file(source) from error
    except OSError as error:
        raise errors.unreadable(name_of(source), error) from error


@contextmanager
def _stream(source: str, newline: str) -> Iterator[io.TextIOWrapper]:
    if source != "-":
        with open(source, encoding="utf-8", errors="surrogateescape", newline=newline) as stream:
            yield stream
        return
    stream = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="surrogateescape", newline=newline)
    try:
        yield stream
    finally:
        stream.detach()  # Closing the wrapper would close the process's standard input.
