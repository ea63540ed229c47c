"""How labelled files are read → their texts and labels, what was read being said on standard error."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from unrolled.cli.console import info
from unrolled.cli.label_messages import label_messages
from unrolled.data.labelled import Labelled, read_labelled, usable_pairs
from unrolled.data.labelled_corpus import LabelledCorpus, gather
from unrolled.data.rows import BadRow
from unrolled.data.source import DEFAULTS, ReadOptions
from unrolled.text.text_config import TextConfig


@dataclass(frozen=True)
class Sources:
    """Labelled files of a command, all read with the same options."""

    options: ReadOptions = DEFAULTS

    def words(self) -> list[str]:
        """Spell the options that aren't as they are by default, for a command that reads the same files."""
        names = [name for name in vars(DEFAULTS) if name not in ("skip_bad_rows", "on_warning")]
        changed = {name: getattr(self.options, name) for name in names}
        typed = [(n, str(v).replace("\t", r"\t")) for n, v in changed.items() if v != getattr(DEFAULTS, n)]
        return [word for name, value in typed for word in (f"--{name.replace('_', '-')}", value)]

    @property
    def _arguments(self) -> dict[str, Any]:
        return vars(replace(self.options, on_warning=info))

    def read(self, source: str, *, minimum_classes: int = 1) -> Labelled:
        """Read a file, list the rows that were skipped, and count the others."""
        labelled = Labelled()
        with self._listed(labelled.bad_rows):
            read_labelled(source, into=labelled, **self._arguments, minimum_classes=minimum_classes)
        _report_rows(source, labelled.labels, labelled.bad_rows)
        return labelled

    def gather(
        self,
        source: str,
        reading: TextConfig,
        *,
        seed: int | None = None,
        minimum_classes: int = 1,
        known: Collection[str] = (),
    ) -> LabelledCorpus:
        """Read the words of a file that may be larger than the memory, and say the same of it.

        Its labels are also compared with those `known` from elsewhere.
        """
        bad_rows: list[BadRow] = []
        with self._listed(bad_rows):
            pairs = usable_pairs(source, bad_rows, **self._arguments, minimum_classes=minimum_classes)
            corpus = gather(pairs, reading, seed=seed)
        _report_rows(source, corpus.labels, bad_rows, known)
        return corpus

    @contextmanager
    def _listed(self, bad_rows: Sequence[BadRow]) -> Iterator[None]:
        """List the rows that were skipped, also where those that are left are refused."""
        try:
            yield
        finally:
            if self.options.skip_bad_rows:
                for row in bad_rows:
                    info(f"skipped {row.where}: {row.reason}")


def _report_rows(source: str, labels: Sequence[str], bad_rows: Sequence[BadRow], known: Collection[str] = ()) -> None:
    info(f"{source}: {len(labels) + len(bad_rows):,} rows, {len(labels):,} used, {len(set(labels))} labels")
    for message in label_messages(labels, known):
        info(f"{source}: {message}")
