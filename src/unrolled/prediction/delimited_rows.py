"""Rows of cells → lines of CSV or TSV, a field in quotes wherever it holds what any reader takes for a line's end."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import Any, TextIO

from unrolled.prediction.spreadsheet import escape_formulas

LINE_ENDS = "\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"  # as str.splitlines has them


class TableWriter:
    """Writes rows; `spreadsheet_safe` makes their cells harmless, else `unsafe` counts those that aren't."""

    def __init__(self, file: TextIO, delimiter: str = ",", *, spreadsheet_safe: bool = False) -> None:
        """Take the file."""
        self.delimiter, self.spreadsheet_safe, self.unsafe = delimiter, spreadsheet_safe, 0
        self.rows = csv.writer(_Lines(file), delimiter=delimiter, lineterminator=LINE_ENDS)

    def write(self, cells: Iterable[Any]) -> None:
        """Write a row; only texts can do harm."""
        self.rows.writerow([self._cell(cell) if isinstance(cell, str) else cell for cell in cells])

    def _cell(self, cell: str) -> str:
        safe = escape_formulas(cell, self.delimiter)
        if self.spreadsheet_safe:
            return safe
        self.unsafe += safe != cell
        return cell


class _Lines:
    """Ends lines by \\n, while csv, which believes them to end by all of these, quotes fields that hold any."""

    def __init__(self, file: TextIO) -> None:
        self.file = file

    def write(self, line: str) -> None:
        self.file.write(line.removesuffix(LINE_ENDS) + "\n")
