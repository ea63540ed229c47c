"""A model folder and labelled texts → how good the model is on them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from unrolled.data.source import MAX_FIELD
from unrolled.terminal.options import (
    AsJson,
    Delimiter,
    Encoding,
    Format,
    LabelColumn,
    MaxField,
    SkipBadRows,
    TextColumn,
)


def command(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="Folder that `train` wrote.")],
    data: Annotated[
        str, typer.Argument(metavar="DATA", help="CSV, TSV, JSON Lines, Parquet, fastText lines, or a folder by class.")
    ],
    format: Format = None,  # noqa: A002
    text_column: TextColumn = "text",
    label_column: LabelColumn = "label",
    skip_bad_rows: SkipBadRows = False,
    delimiter: Delimiter = None,
    encoding: Encoding = "utf-8",
    max_field: MaxField = MAX_FIELD,
    as_json: AsJson = False,
) -> None:
    """Judge a model on labelled texts: accuracy, F1, log loss, calibration, with 95 % intervals."""
    from unrolled.evaluation import evaluate
    from unrolled.evaluation.table import as_text
    from unrolled.runtime.saved_model import load
    from unrolled.terminal.remarks import say_cut
    from unrolled.terminal.sources import Sources
    from unrolled.terminal.speech import result, result_json

    text_model = load(model)
    sources = Sources(format, text_column, label_column, skip_bad_rows, encoding, max_field, delimiter)
    labelled = sources.gather(data, text_model.config.reading, known=text_model.config.labels)
    say_cut(text_model, text_model.cut(labelled.corpus.lengths))
    probabilities = text_model.probabilities_of_words(labelled.corpus)
    evaluation = evaluate(labelled.labels, probabilities, text_model.config.labels)
    if as_json:
        result_json(evaluation.as_json())
    else:
        result(as_text(evaluation))
