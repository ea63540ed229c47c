"""Files → rows, labelled texts, and a split: the names that the rest of the package uses."""

from unrolled.data.labelled import Labelled, read_labelled, usable_pairs
from unrolled.data.labelled_corpus import LabelledCorpus, gather
from unrolled.data.reading import Format, read_rows
from unrolled.data.rows import BadRow, Row
from unrolled.data.split import split_off

__all__ = [
    "BadRow",
    "Format",
    "Labelled",
    "LabelledCorpus",
    "Row",
    "gather",
    "read_labelled",
    "read_rows",
    "split_off",
    "usable_pairs",
]
