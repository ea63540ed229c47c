"""A model folder and texts → one answer a row, in the order of the rows."""

from __future__ import annotations

from contextlib import ExitStack
from itertools import chain, islice
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from unrolled.data.source import MAX_FIELD
from unrolled.terminal.options import Encoding, Force, Format, MaxField, TableMemory, TextColumn, Threads, not_nan

OutputFormat = Literal["jsonl", "csv", "tsv"]


def command(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="Folder that `train` wrote.")],
    data: Annotated[
        str,
        typer.Argument(
            metavar="FILE", help="CSV, TSV, JSON Lines, Parquet, fastText lines, text; - is one text a line."
        ),
    ] = "-",
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="OUT", help="File; else printed.")] = None,
    format: Format = None,  # noqa: A002
    text_column: TextColumn = "text",
    encoding: Encoding = "utf-8",
    max_field: MaxField = MAX_FIELD,
    output_format: Annotated[
        OutputFormat | None, typer.Option(help="By default OUT's suffix tells, else jsonl.")
    ] = None,
    keep_columns: Annotated[str, typer.Option(metavar="id,date", help="Columns to carry over from the input.")] = "",
    top_k: Annotated[int | None, typer.Option(min=1, help="Also the K likeliest labels.")] = None,
    all_probabilities: Annotated[bool, typer.Option("--all-probabilities", help="Also every probability.")] = False,
    min_probability: Annotated[
        float, typer.Option(min=0, max=1, callback=not_nan, help="Below it the label is null.")
    ] = 0.0,
    threads: Threads = 1,
    table_memory: TableMemory = 256 * 2**20,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 if a row couldn't be read.")] = False,
    force: Force = False,
) -> None:
    """Name the label of every row, one JSON line each: {"row", "label", "probability"}, or {"row", "error"}."""
    from unrolled.terminal.numpy_threads import import_numpy

    import_numpy(threads)
    from unrolled.data.reading import read_rows
    from unrolled.kernels import parallel
    from unrolled.runtime.answer_file import AnswerWriter, opened, output_format_of
    from unrolled.runtime.saved_model import load
    from unrolled.runtime.streaming import answers
    from unrolled.terminal.remarks import say_arithmetic, watched
    from unrolled.terminal.speech import say

    text_model = load(model, table_memory=table_memory)
    kept = [name for name in keep_columns.split(",") if name]
    manner: dict[str, Any] = {"encoding": encoding, "max_field": max_field, "remark": say}
    rows = read_rows(data, format=format, text_column=text_column, label_column=None, other_columns=kept, **manner)
    labels = text_model.config.labels
    shown, most = (labels if all_probabilities else ()), min(top_k or 0, len(labels))
    told = answers(
        text_model,
        watched(text_model, rows),
        keep_columns=kept,
        top_k=top_k,
        all_probabilities=all_probabilities,
        min_probability=min_probability,
    )
    with ExitStack() as stack:
        stack.enter_context(parallel.threads(threads))
        first, bad = list(islice(told, 1)), 0  # an error in the first row comes before a table's header
        file = stack.enter_context(opened(output, force=force))
        writer = AnswerWriter(file, output_format_of(output, output_format), kept, shown, most)
        for answer in chain(first, told):
            writer.write(answer)
            bad += "error" in answer
    if first:
        say_arithmetic()
    if bad:
        say(f"{bad:,} row{'s' * (bad > 1)} couldn't be read; each has its error in place of an answer")
    if bad and strict:
        raise typer.Exit(1)
