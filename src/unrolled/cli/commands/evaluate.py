"""A model folder and labelled texts → how good the model is on them; or a file in folds → how good such models are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from unrolled.cli.options import (
    AsJson,
    Delimiter,
    Encoding,
    Format,
    LabelColumn,
    MaxRowLength,
    SkipBadRows,
    TextColumn,
    Threads,
    model_folder,
    number,
    source,
)
from unrolled.data.source import MAX_ROW_LENGTH
from unrolled.errors import evaluation as errors
from unrolled.errors.usage import missing_word
from unrolled.training.run_config import DEFAULT

if TYPE_CHECKING:
    from unrolled.cli.sources import Sources

DATA = "CSV, TSV, JSON Lines, Parquet, fastText lines, or a folder by class."


def command(
    model: Annotated[
        Path,
        typer.Argument(
            parser=model_folder,
            metavar="MODEL",
            help="Folder that `train` wrote; with --folds there is none, but DATA.",
        ),
    ],
    data: Annotated[
        str | None,
        typer.Argument(parser=source, metavar="DATA", help=DATA),
    ] = None,
    folds: Annotated[
        int | None,
        typer.Option(parser=number(int, 2, 1000), metavar="N", help="Train on all but a fold of DATA, by turns."),
    ] = None,
    encoder: Annotated[
        str | None,
        typer.Option(metavar="WORDS", help="With --folds: as for train, 'lstm --bidirectional'.", show_default=DEFAULT),
    ] = None,
    threads: Threads = 1,
    format: Format = None,  # noqa: A002
    text_column: TextColumn = "text",
    label_column: LabelColumn = "label",
    skip_bad_rows: SkipBadRows = False,
    delimiter: Delimiter = None,
    encoding: Encoding = "utf-8",
    max_row_length: MaxRowLength = MAX_ROW_LENGTH,
    as_json: AsJson = False,
) -> None:
    """Judge a model on labelled texts: accuracy, F1, log loss, calibration, with 95 % confidence intervals.

    unrolled evaluate --folds 10 --encoder 'cnn --dropout 0.3' DATA cross-validates: it judges such models, each on the
    fold of the texts that it wasn't trained on. Equal texts are in one fold.
    """
    from unrolled.cli.sources import Sources

    sources = Sources(format, text_column, label_column, skip_bad_rows, encoding, max_row_length, delimiter)
    if folds is not None:
        from unrolled.cli.cross_validation import Request, show_cross_validation

        if data is not None:
            raise errors.model_with_folds(str(model))
        show_cross_validation(
            Request(DEFAULT if encoder is None else encoder, folds, threads), str(model), sources, as_json=as_json
        )
        return
    if encoder is not None:
        raise errors.encoder_without_folds(encoder)
    if data is None:
        raise missing_word("unrolled evaluate", "DATA", DATA)
    _judge(model, data, sources, threads, as_json=as_json)


def _judge(model: Path, data: str, sources: Sources, threads: int, *, as_json: bool) -> None:
    from unrolled.cli.console import print_json, print_result
    from unrolled.cli.model_messages import report_truncated
    from unrolled.cli.seen_rows import of_unseen, report_seen
    from unrolled.evaluation import evaluate
    from unrolled.evaluation.seen_texts import count_seen
    from unrolled.kernels import run_parallel
    from unrolled.prediction.saved_model import load
    from unrolled.reports.evaluation_table import as_text

    text_model = load(model, fingerprints=True)
    labelled = sources.gather(data, text_model.config.reading, known=text_model.config.labels)
    report_truncated(text_model, text_model.cut(labelled.corpus.lengths))
    with run_parallel.threads(threads):
        probabilities = text_model.probabilities_of_words(labelled.corpus)
    config = text_model.config
    evaluation = evaluate(labelled.labels, probabilities, config.labels, abstention=config.abstention)
    own = labelled.fingerprints(text_model.words_read)
    seen = count_seen(text_model.fingerprints, own, labelled.labels, probabilities, config.labels)
    report_seen(data, seen)
    if as_json:
        print_json({**evaluation.as_json(), "trained_on": seen and seen.as_json()})
    else:
        print_result(as_text(evaluation) + of_unseen(seen))
