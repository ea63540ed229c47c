"""A model and a stream of rows → a stream of answers, one a row and in the rows' order, in constant memory.

Rows are answered chunk by chunk. The last bits of an answer may depend on the texts of its chunk, and on the words that
were projected before it; after a segment of chunks all is forgotten. So the rows behind a segment are answered the same
whether or not those before them were answered in the same run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np

from unrolled.arrays import FloatArray, IntArray
from unrolled.data.rows import BadRow, Row
from unrolled.errors import data as errors
from unrolled.prediction.answers import Answer, format_predictions
from unrolled.prediction.text_model import TextModel

ROWS, CHARACTERS = 1024, 1_000_000  # that are read before they are answered
CHUNKS = 32  # of a segment: shorter ones would have a cnn project its words too often
NUMBERS = 1 << 22  # probabilities that are held at once: with very many labels, of fewer rows
RESERVED = ("row", "label", "probability", "top", "probabilities", "error")


@dataclass(frozen=True)
class AnswerOptions:
    """What is written of a row besides its label and probability, and the probability below which it has no label.

    None stands for the model's own thresholds.
    """

    keep_columns: tuple[str, ...] = ()
    top_k: int | None = None
    all_probabilities: bool = False
    min_probability: float | None = None


DEFAULTS = AnswerOptions()


@dataclass
class Counts:
    """Rows that were answered; those with an error, left without a label, longer than what is read of them; cells.

    The cells are those of a table that a spreadsheet would run as a formula, or a terminal obey.
    """

    rows: int = 0
    bad: int = 0
    unlabelled: int = 0
    cut: int = 0
    unsafe: int = 0


def answers(
    model: TextModel,
    rows: Iterable[Row | BadRow],
    wanted: AnswerOptions = DEFAULTS,
    counts: Counts | None = None,
    after_segment: Callable[[], None] = lambda: None,
) -> Iterator[Answer]:
    """Answer each row: {"row", kept columns, "label", "probability", …}, or {"row", "error"} where it can't be read.

    `after_segment` is called when all answers up to a segment's end were taken, and no row behind it was read.
    """
    counts = counts or Counts()
    chunks = _chunks(rows, max(1, min(ROWS, NUMBERS // len(model.config.labels))))
    for first in chunks:
        model.reset_cache()
        for chunk in chain([first], islice(chunks, CHUNKS - 1)):
            yield from _answered(model, chunk, wanted, counts)
        after_segment()


def _answered(
    model: TextModel, chunk: Sequence[Row | BadRow], wanted: AnswerOptions, counts: Counts
) -> Iterator[Answer]:
    logits, lengths = _logits(model, [row.text for row in chunk if isinstance(row, Row)])
    finite = np.flatnonzero(np.isfinite(logits).all(axis=1))
    predictions = format_predictions(
        model.softmax(logits[finite]),
        model.config.labels,
        top_k=wanted.top_k,
        all_probabilities=wanted.all_probabilities,
        min_probability=model.config.lowest_probabilities if wanted.min_probability is None else wanted.min_probability,
    )
    answered = counts.rows > counts.bad  # also before an earlier run was cut off
    counts.rows += len(chunk)
    counts.bad += len(chunk) - len(predictions)
    counts.unlabelled += sum(answer["label"] is None for answer in predictions)
    counts.cut += model.cut(lengths)
    found = dict(zip(finite.tolist(), predictions, strict=True))
    extra_names = output_names(wanted.keep_columns)
    if not answered and found:
        _reject_unknown([row for row in chunk if isinstance(row, Row)][min(found)], extra_names)
    reasons = (errors.overflow_reason() if length >= 0 else errors.too_large_reason() for length in lengths.tolist())
    yield from _in_order(chunk, extra_names, (found.get(text, reason) for text, reason in enumerate(reasons)))


def _logits(model: TextModel, texts: Sequence[str]) -> tuple[FloatArray, IntArray]:
    """Read texts → logits (texts, classes) and their words (texts,); NaN and -1 where one takes too much memory."""
    try:
        numbers, lengths = model.numbering.number(texts)
        return model.logits_of_numbers(numbers, lengths).astype(np.float64), lengths
    except MemoryError:
        model.reset_cache()
        if len(texts) == 1:
            return np.full((1, len(model.config.labels)), np.nan), np.full(1, -1)
        half = len(texts) // 2
        parts = [_logits(model, some) for some in (texts[:half], texts[half:])]
        return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def _in_order(
    chunk: Iterable[Row | BadRow], extra_names: Mapping[str, str], predictions: Iterator[Answer | str]
) -> Iterator[Answer]:
    """Answer each row; `predictions` has the answer for every text that was read, or why there is none."""
    for row in chunk:
        if isinstance(row, BadRow):
            yield {"row": row.number, "error": row.reason}
        elif isinstance(answer := next(predictions), str):
            yield {"row": row.number, "error": answer}
        elif extra_names:
            yield {"row": row.number, **_extra_fields(row, extra_names), **answer}
        else:
            yield {"row": row.number, **answer}


def output_names(columns: Sequence[str], taken: Iterable[str] = RESERVED) -> dict[str, str]:
    """Name each kept column in the answer: as it is, or with `input_` before it where that name is taken."""
    names: dict[str, str] = {}
    for column in columns:
        name = column
        while name in {*taken, *names.values()} or (name != column and name in columns):
            name = f"input_{name}"
        names[column] = name
    return names


def _reject_unknown(row: Row, extra_names: Iterable[str]) -> None:
    """Take a column that the first row lacks for a mistake; JSON Lines may lack it later, where it is null."""
    for column in extra_names:
        if column not in row.fields:
            raise errors.unknown_extra_column(row.where, column, row.fields)


def _extra_fields(row: Row, names: Mapping[str, str]) -> dict[str, str | None]:
    return {name: row.fields.get(column) for column, name in names.items()}


def _chunks(rows: Iterable[Row | BadRow], most: int) -> Iterator[list[Row | BadRow]]:
    chunk: list[Row | BadRow] = []
    characters = 0
    for row in rows:
        chunk.append(row)
        if isinstance(row, Row):
            characters += row.size
        if len(chunk) == most or characters > CHARACTERS:
            yield chunk
            chunk, characters = [], 0
    if chunk:
        yield chunk
