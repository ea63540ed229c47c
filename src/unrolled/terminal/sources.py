"""How labelled files are read → their texts and labels, what was read being said on standard error."""

from __future__ import annotations

from dataclasses import dataclass

from unrolled.data.labelled import Labelled, read_labelled
from unrolled.terminal.speech import say


@dataclass(frozen=True)
class Sources:
    """The options of reading that all labelled files of a command share."""

    format: str | None = None
    text_column: str = "text"
    label_column: str = "label"
    skip_bad_rows: bool = False

    def read(self, source: str, *, minimum_classes: int = 1) -> Labelled:
        """Read a file, list the rows that were skipped, and count the others."""
        labelled = read_labelled(
            source,
            format=self.format,
            text_column=self.text_column,
            label_column=self.label_column,
            skip_bad_rows=self.skip_bad_rows,
            minimum_classes=minimum_classes,
        )
        for row in labelled.bad_rows:
            say(f"skipped {row.where}: {row.reason}")
        classes = len(set(labelled.labels))
        say(f"{source}: {labelled.rows_in:,} rows, {len(labelled.texts):,} used, {classes} labels")
        return labelled
