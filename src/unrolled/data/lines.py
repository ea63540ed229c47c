"""A source → its lines as text, counted and looked at; of a line that is too long never more than a piece is held."""

from __future__ import annotations

import io
from collections.abc import Iterator

from unrolled.data.decoding import KEEP, decoding_damage, lenient_decoder, marked_encoding
from unrolled.data.source import Bytes, ReadOptions, name_of, pieces
from unrolled.errors import data as errors
from unrolled.errors import files as file_errors

_MARKED = ("utf-16", "utf-32", "utf-8-sig")  # these take the mark off themselves


class TooLongError(Exception):
    """A row has more characters than may be; `line` is the last line read of it, or a piece of that."""

    def __init__(self, line: str) -> None:
        """Keep the line."""
        super().__init__()
        self.line = line


class Lines(Iterator[str]):
    """The lines with their ends, split as `open` does for this newline, less a byte order mark.

    What can't be opened, and UTF-16 or UTF-32 that nobody spoke of, is a DataError at once.
    """

    def __init__(self, source: str, *, newline: str, options: ReadOptions) -> None:
        """Open the source."""
        self.name, self.options = name_of(source), options
        self.number = 0  # of the line read last
        self.flaw: str | None = None  # the first in the lines of this row
        self.blank = 0  # lines that the reader counts here
        self._inner, self._first_inner = 0, 0  # lines with a CR within, and the first
        self._encoding = lenient_decoder(options.encoding)
        self._ends = ("\n", "\r") if newline == "" else ("\n",)
        self._taken, self._longest = 0, options.max_row_length
        self._most = options.max_row_length + len("\r\n") + 1  # characters of a piece: more than any line that is read
        stream = io.BufferedReader(Bytes(pieces(source)))
        self._stream = io.TextIOWrapper(stream, encoding=self._encoding, errors=KEEP, newline=newline)
        first = self._read()
        other = marked_encoding(first, self._encoding)
        if other is not None:
            self.close()
            raise file_errors.other_encoding(self.name, other)
        self._marked = first.startswith("\ufeff") and self._encoding not in _MARKED
        self._ahead = first.removeprefix("\ufeff") if self._marked else first

    def close(self) -> None:
        """Close the file, standard input excepted; who reads to the end needn't."""
        self._stream.close()

    def begins_with(self, start: str) -> bool:
        """Return whether the first line, not yet taken, begins so."""
        return self._ahead.startswith(start)

    def begin(self) -> None:
        """Begin a row: its length and its flaws are counted from here."""
        self._taken, self.flaw = 0, None

    def __next__(self) -> str:
        """Return the next line; TooLongError where the row is longer than may be."""
        line = self.piece()
        if not line:
            raise StopIteration
        if self.flaw is None and not (line.isascii() and "\0" not in line):
            self._examine(line)
        self._taken += len(line)
        if self._taken > self._longest and self._taken - self._end(line) > self._longest:
            raise TooLongError(line)
        return line

    def piece(self) -> str:
        """Begin the next line: all of it, or a piece where it is too long; nothing at the end."""
        line, self._ahead = self._ahead or self._read(), ""
        self.number += bool(line)
        return line

    def rest(self, piece: str) -> Iterator[str]:
        """Go on from the piece that begins a line: that and all others, to the line's end."""
        yield piece
        while piece and not piece.endswith(self._ends):
            piece = self._read()
            yield piece
        if piece.endswith("\r"):
            following = self._read()  # the end may have been cut in two: whole it would not begin a line
            self._ahead = "" if following == "\n" else following

    def rows(self) -> Iterator[tuple[str, str | None]]:
        """Take every line for a row: it and what is wrong with it."""
        while True:
            self.begin()
            try:
                line = next(self, None)
            except TooLongError as error:
                for _ in self.rest(error.line):
                    pass
                yield "", errors.too_long_reason(self._longest)
                continue
            if line is None:
                return
            yield line, self.flaw

    def tell_blank(self) -> None:
        """Return how many lines were no rows."""
        if self.blank:
            self.options.on_warning(errors.blank_label_warning(self.name, self.blank))

    def note_inner(self, text: str) -> None:
        """Count a line, less its end, if it has a CR within: a file of such ends was written for one row a CR."""
        if "\r" in text:
            self._inner, self._first_inner = self._inner + 1, self._first_inner or self.number

    def tell_inner(self) -> None:
        """Return how many lines have a CR within."""
        if self._inner:
            self.options.on_warning(errors.inner_blank_warning(self.name, self._inner, self._first_inner))

    def _end(self, line: str) -> int:
        """Count the characters that end the line."""
        return 2 if line.endswith("\r\n") else line.endswith(self._ends)

    def _read(self) -> str:
        try:
            return self._stream.readline(self._most)
        except UnicodeError as error:  # of a codec that can't go on
            self.close()
            raise file_errors.not_decoded(self.name, self.options.encoding, str(error)) from error

    def _examine(self, line: str) -> None:
        mark = "\ufeff" if self._marked and self.number == 1 else ""
        self.flaw = decoding_damage(mark + line, self._encoding, line=self.number)
