"""A model folder and labelled texts → how good the model is on them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from unrolled.cli.options import LABELLED, AsJson, Threads, model_folder, source, with_reading
from unrolled.data.source import DEFAULTS, ReadOptions


@with_reading()
def command(
    model: Annotated[Path, typer.Argument(parser=model_folder, metavar="MODEL", help="Folder that `train` wrote.")],
    data: Annotated[str, typer.Argument(parser=source, metavar="DATA", help=LABELLED)],
    threads: Threads = 1,
    reading: ReadOptions = DEFAULTS,
    as_json: AsJson = False,
) -> None:
    """Evaluate a model on labelled texts: accuracy, F1, log loss, calibration, with 95 % confidence intervals.

    It says how many of the texts the model was trained on, as a score on these is too good.
    """
    from unrolled.cli.console import print_json, print_result
    from unrolled.cli.model_messages import report_truncated
    from unrolled.cli.seen_rows import of_unseen, report_seen
    from unrolled.cli.sources import Sources
    from unrolled.evaluation import evaluate
    from unrolled.evaluation.seen_texts import count_seen
    from unrolled.kernels import run_parallel
    from unrolled.prediction.saved_model import load
    from unrolled.reports.evaluation_table import as_text

    text_model = load(model, fingerprints=True)
    labelled = Sources(reading).gather(data, text_model.config.reading, known=text_model.config.labels)
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
