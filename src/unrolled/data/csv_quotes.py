"""Pieces of a CSV row that is not kept → whether its quotes are open, so that its true end is found."""

from __future__ import annotations


class Quotes:
    """Follows fields and quotes by csv's rules, piece after piece."""

    def __init__(self, delimiter: str, *, opened: bool) -> None:
        """Begin at the row's first field, or within an open quote."""
        self.delimiter = delimiter
        self._read = self._quoted if opened else self._beginning

    @property
    def opened(self) -> bool:
        """Return whether a line end here belongs to the row."""
        return self._read == self._quoted

    def read(self, piece: str) -> None:
        """Go through a piece."""
        at = 0
        while at < len(piece):
            at = self._read(piece, at)

    def _beginning(self, piece: str, at: int) -> int:
        self._read = self._quoted if piece[at] == '"' else self._bare
        return at + (piece[at] == '"')

    def _bare(self, piece: str, at: int) -> int:
        """Go on to the next field: in a bare field a quote is a character like any other."""
        end = piece.find(self.delimiter, at)
        if end < 0:
            return len(piece)
        self._read = self._beginning
        return end + 1

    def _quoted(self, piece: str, at: int) -> int:
        end = piece.find('"', at)
        if end < 0:
            return len(piece)
        self._read = self._after_quote
        return end + 1

    def _after_quote(self, piece: str, at: int) -> int:
        """A quote behind a quote is one that is doubled; anything else ends the quoted field."""
        self._read = self._quoted if piece[at] == '"' else self._bare
        return at + (piece[at] == '"')
