"""A model, rows and a place → the answers written there, with everything said on the way."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import Any, TextIO

from unrolled.cli.abstention_messages import threshold_reason
from unrolled.cli.console import info
from unrolled.cli.model_messages import report_backend, report_truncated
from unrolled.data.rows import BadRow, Row
from unrolled.environment.numpy_threads import VARIABLES
from unrolled.errors import output as errors
from unrolled.prediction import answer_file, resumable_output
from unrolled.prediction.answer_file import AnswerWriter
from unrolled.prediction.compression import packer
from unrolled.prediction.output_format import OutputFormat, packing_of
from unrolled.prediction.progress_record import DigestedRows
from unrolled.prediction.resumable_output import ResumableOutput
from unrolled.prediction.run_identity import run_identity
from unrolled.prediction.stream import AnswerOptions, Counts, answers
from unrolled.prediction.text_model import TextModel
from unrolled.training.signals import terminated_by_sigterm


@dataclass(frozen=True)
class PredictRun:
    """A model and what it is to tell of each row, in which form."""

    model: TextModel
    wanted: AnswerOptions
    form: OutputFormat
    spreadsheet_safe: bool = False

    def write(self, rows: Iterable[Row | BadRow], output: Path | None, *, force: bool, resume: bool) -> Counts:
        """Answer all rows, and say what a user should know of them."""
        with terminated_by_sigterm():
            if output is None or _is_in_place(output):
                if resume:
                    raise errors.not_resumable(output)
                counts = Counts()
                with answer_file.opened(output, force=force) as file:
                    self._write(rows, file, counts)
            else:
                counts = self._write_partial(rows, output, force=force, resume=resume)
        _report(self, counts)
        return counts

    def _write_partial(self, rows: Iterable[Row | BadRow], output: Path, *, force: bool, resume: bool) -> Counts:
        @cache
        def run() -> dict[str, Any]:
            return _run(self, output)

        with resumable_output.opened(_target(output), run, force=force, resume=resume) as partial:
            if partial is None:
                info(f"{output} is there, and no unfinished run next to it: nothing was done. --force answers again.")
                return Counts()
            digested = DigestedRows(rows, self.wanted.keep_columns)
            counts = _resumed(partial, digested) if resume else Counts()

            def save() -> None:
                partial.save(replace(counts), digested.sha256.hexdigest())

            with _report_partial(partial):
                self._write(digested, partial.file, counts, after_segment=save, header=not partial.progress)
        return counts

    def _write(
        self,
        rows: Iterable[Row | BadRow],
        file: TextIO,
        counts: Counts,
        *,
        after_segment: Callable[[], None] = lambda: None,
        header: bool = True,
    ) -> None:
        answered = answers(self.model, rows, self.wanted, counts, after_segment)
        first = list(islice(answered, 1))  # an error in the first row comes before a table's header
        labels = self.model.config.labels
        shown, most = (labels if self.wanted.all_probabilities else ()), min(self.wanted.top_k or 0, len(labels))
        safe, before = self.spreadsheet_safe, counts.unsafe
        writer = AnswerWriter(
            file, self.form, self.wanted.keep_columns, shown, most, header=header, spreadsheet_safe=safe
        )
        for answer in chain(first, answered):
            writer.write(answer)
            counts.unsafe = before + writer.unsafe


def _is_in_place(output: Path) -> bool:
    """Return whether it is standard output, or what is written to as it is: a pipe, a device."""
    with errors.writing(output):
        return str(output) == "-" or (output.exists() and not output.is_file() and not output.is_dir())


def _target(output: Path) -> Path:
    """Follow links: what they lead to is replaced, and two names of a file are one."""
    return Path(os.path.realpath(output)) if output.is_symlink() else output


def _run(answering: PredictRun, output: Path) -> dict[str, Any]:
    """Return what the answers depend on, apart from the rows."""
    variables = {name: os.environ.get(name) for name in VARIABLES}
    wanted = {**asdict(answering.wanted), "keep_columns": list(answering.wanted.keep_columns)}
    form = {"output_format": answering.form, "spreadsheet_safe": answering.spreadsheet_safe}
    return {**run_identity(answering.model), **form, "packing": packer(packing_of(output)), **wanted, **variables}


def _resumed(partial: ResumableOutput, rows: DigestedRows) -> Counts:
    """Skip the rows that are answered, which must be those of the input."""
    if partial.progress is None:
        info("There is nothing to resume: beginning at row 1.")
        return Counts()
    counts = replace(partial.progress.counts)
    if not rows.skip(counts.rows) or rows.sha256.hexdigest() != partial.progress.input:
        raise errors.other_input(partial.output, counts.rows)
    info(f"Going on at row {counts.rows + 1:,}.")
    return counts


@contextmanager
def _report_partial(partial: ResumableOutput) -> Iterator[None]:
    """Report what a run that is cut off in the block has left."""
    try:
        yield
    except BaseException:
        if partial.progress:
            info(f"{partial.progress.counts.rows:,} rows are answered; with --resume the same command goes on there.")
        raise


def _report(answering: PredictRun, counts: Counts) -> None:
    if counts.rows:
        report_backend()
    report_truncated(answering.model, counts.cut)
    if counts.unlabelled:
        lowest, own = answering.wanted.min_probability, answering.model.config.abstention
        why = threshold_reason(own) if own and lowest is None else f"no probability reaches {lowest or 0:g}"
        info(f"{_rows(counts.unlabelled)} of {counts.rows:,} left without a label: {why}")
    if counts.unsafe:
        why = "would run as a formula in a spreadsheet or steer a terminal"
        info(f"{counts.unsafe:,} cell{'s' * (counts.unsafe > 1)} {why}: --spreadsheet-safe writes them harmless")
    if counts.bad:
        info(f"{_rows(counts.bad)} couldn't be read; each has its error in place of an answer")


def _rows(count: int) -> str:
    return f"{count:,} row{'s' * (count > 1)}"
