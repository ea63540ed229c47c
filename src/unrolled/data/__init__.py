"""Files → rows, labelled texts, and a split: the names that the rest of the package uses."""

from unrolled.data.labelled import Labelled, read_labelled
from unrolled.data.reading import Format, read_rows
from unrolled.data.rows import BadRow, Row
from unrolled.data.split import split_off

__all__ = ["BadRow", "Format", "Labelled", "Row", "read_labelled", "read_rows", "split_off"]
