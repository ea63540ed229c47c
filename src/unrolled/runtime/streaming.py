"""A model and a stream of rows → a stream of answers, one a row and in the rows' order, in constant memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from unrolled.data.rows import BadRow, Row
from unrolled.errors import data as errors
from unrolled.model.classifier import softmax
from unrolled.runtime.answers import Answer, name_labels
from unrolled.runtime.text_model import TextModel

OVERFLOW = "the network's numbers overflow on this text"
ROWS, CHARACTERS = 1024, 1_000_000  # that are read before they are answered
NUMBERS = 1 << 22  # probabilities that are held at once: with very many labels, of fewer rows
RESERVED = ("row", "label", "probability", "top", "probabilities", "error")


def answers(
    model: TextModel,
    rows: Iterable[Row | BadRow],
    *,
    keep_columns: Sequence[str] = (),
    top_k: int | None = None,
    all_probabilities: bool = False,
    min_probability: float = 0.0,
) -> Iterator[Answer]:
    """Answer each row: {"row", kept columns, "label", "probability", …}, or {"row", "error"} where it can't be read."""
    kept = kept_names(keep_columns)
    most = max(1, min(ROWS, NUMBERS // len(model.config.labels)))
    for chunk in _chunks(rows, most):
        logits = model.logits([row.text for row in chunk if isinstance(row, Row)]).astype(np.float64)
        finite = np.flatnonzero(np.isfinite(logits).all(axis=1))
        told = name_labels(
            softmax(logits[finite]),
            model.config.labels,
            top_k=top_k,
            all_probabilities=all_probabilities,
            min_probability=min_probability,
        )
        found = dict(zip(finite.tolist(), told, strict=True))
        yield from _in_order(chunk, kept, map(found.get, range(len(logits))))


def _in_order(
    chunk: Iterable[Row | BadRow], kept: Mapping[str, str], told: Iterator[Answer | None]
) -> Iterator[Answer]:
    """Answer each row; `told` has what is told of every text that was read, None where it overflowed."""
    for row in chunk:
        if isinstance(row, BadRow):
            yield {"row": row.number, "error": row.reason}
        elif (answer := next(told)) is None:
            yield {"row": row.number, "error": OVERFLOW}
        elif kept:
            yield {"row": row.number, **_kept(row, kept), **answer}
        else:
            yield {"row": row.number, **answer}


def kept_names(columns: Sequence[str], taken: Iterable[str] = RESERVED) -> dict[str, str]:
    """Name each kept column in the answer: as it is, or with `input_` before it where that name is taken."""
    names: dict[str, str] = {}
    for column in columns:
        name = column
        while name in {*taken, *names.values()} or (name != column and name in columns):
            name = f"input_{name}"
        names[column] = name
    return names


def _kept(row: Row, names: Mapping[str, str]) -> dict[str, str]:
    for column in names:
        if column not in row.fields:
            raise errors.unknown_kept_column(row.where, column, row.fields)
    return {name: row.fields[column] for column, name in names.items()}


def _chunks(rows: Iterable[Row | BadRow], most: int) -> Iterator[list[Row | BadRow]]:
    chunk: list[Row | BadRow] = []
    characters = 0
    for row in rows:
        chunk.append(row)
        if isinstance(row, Row):
            characters += len(row.text) + sum(map(len, row.fields.values()))
        if len(chunk) == most or characters > CHARACTERS:
            yield chunk
            chunk, characters = [], 0
    if chunk:
        yield chunk
