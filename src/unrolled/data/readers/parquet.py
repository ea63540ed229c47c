"""A Parquet file → its rows, read batch by batch; texts are strings, labels strings or integers, as in JSON Lines."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import IO, Any, NamedTuple, cast

from unrolled.data.columns import text_columns, to_row
from unrolled.data.parquet_literals import Flaw, format_literal
from unrolled.data.rows import BadRow, Row
from unrolled.data.source import DEFAULTS, Bytes, ReadOptions, name_of, pieces
from unrolled.environment.packages import PYARROW
from unrolled.errors import data as errors
from unrolled.errors import files as file_errors

FORMATS = {"parquet": (".parquet",)}
TITLE = "Parquet"
LABELS = True
_MAGIC = b"PAR1"
_ROWS = 256  # of a batch: few, as each may be long
_BUFFER = 2**20  # bytes of a column that are read at a time


class _Wanted(NamedTuple):
    texts: list[str]
    label: str | None
    others: list[str]
    extra_columns: Collection[str] | None


def read(
    source: str, options: ReadOptions, *, other_columns: Collection[str] | None = None, **_: object
) -> Iterator[Row | BadRow]:
    """Return the rows."""
    return read_parquet(
        source,
        text_column=options.text_column,
        label_column=options.label_column,
        other_columns=other_columns,
        options=options,
    )


def read_parquet(
    source: str,
    *,
    text_column: str,
    label_column: str | None,
    other_columns: Collection[str] | None = None,
    options: ReadOptions = DEFAULTS,
) -> Iterator[Row | BadRow]:
    """Check the columns and their types, then return the rows.

    Other columns are kept as `parquet_spelling` spells them (null is None), all of them or those that are named. What
    can't be read twice, as standard input or a compressed file, is first copied to a temporary file. Pages that have a
    checksum must fit it, and the file must have as many rows as each of its parts says: else it is a DataError.
    """
    PYARROW.require("reading Parquet")
    rows = _rows(source, text_column, label_column, other_columns, options)
    next(rows)  # opens the file and checks its columns
    return cast("Iterator[Row | BadRow]", rows)


def _rows(
    source: str, text_column: str, label_column: str | None, other_columns: Collection[str] | None, options: ReadOptions
) -> Iterator[Row | BadRow | None]:
    from pyarrow import ArrowException

    name, number = name_of(source), 0
    with _seekable(source) as file:
        try:
            table = _opened(name, file)
            wanted = _checked(name, table.schema_arrow, text_column, label_column, other_columns)
            yield None
            columns = [*wanted.texts, *([] if wanted.label is None else [wanted.label]), *wanted.others]
            for batch in table.iter_batches(_ROWS, columns=columns, use_threads=False):
                for record in _records(batch, wanted, options.max_row_length):
                    number += 1
                    yield _row(number, f"{name}, row {number}", record, wanted)
            if number != table.metadata.num_rows:
                raise file_errors.damaged_parquet(name, number, f"its footer tells of {table.metadata.num_rows:,}")
        except (ArrowException, OSError) as error:  # so pyarrow calls damage, too
            raise file_errors.damaged_parquet(name, number, str(error).partition("\n")[0]) from error


def _opened(name: str, file: IO[bytes]) -> Any:
    """Open the file; a DataError where its footer contradicts itself, so that rows might be lost in silence."""
    from pyarrow.parquet import ParquetFile

    try:
        table = ParquetFile(file, buffer_size=_BUFFER, pre_buffer=False, page_checksum_verification=True)
    except UnicodeDecodeError as error:
        raise file_errors.damaged_parquet(name, 0, "a column's name is not UTF-8") from error
    footer = table.metadata  # of columns it isn't asked: pyarrow aborts where what it says of one is damaged
    if sum(footer.row_group(place).num_rows for place in range(footer.num_row_groups)) != footer.num_rows:
        raise file_errors.damaged_parquet(name, 0, "its footer tells two numbers of rows")
    return table


@contextmanager
def _seekable(source: str) -> Iterator[IO[bytes]]:
    """Open the file itself if it is Parquet as it is there, else a copy of what can be read of the source."""
    if source != "-" and os.path.isfile(source) and os.access(source, os.R_OK):
        with open(source, "rb") as file:
            if file.read(len(_MAGIC)) == _MAGIC:
                file.seek(0)
                yield file
                return
    with io.BufferedReader(Bytes(pieces(source))) as stream, tempfile.TemporaryFile() as copy:
        head = stream.read(len(_MAGIC))
        if head != _MAGIC:
            raise file_errors.not_parquet(name_of(source), "something else" if head else "an empty file")
        copy.write(head)
        shutil.copyfileobj(stream, copy)
        copy.seek(0)
        yield copy


def _checked(
    name: str, schema: Any, text_column: str, label_column: str | None, other_columns: Collection[str] | None
) -> _Wanted:
    known = list(schema.names)
    column, times = Counter(known or [""]).most_common(1)[0]
    if times > 1:
        raise errors.duplicate_column(name, column)
    texts = text_columns(text_column, known)
    for column in texts:
        _check(name, schema, column, "--text-column", with_integers=False)
    if label_column is not None:
        _check(name, schema, label_column, "--label-column", with_integers=True)
    others = [column for column in known if column not in texts and column != label_column]
    if other_columns is not None and set(other_columns) <= {*others, *texts}:  # else all, to say which there are
        others = [column for column in others if column in other_columns]
    return _Wanted(texts, label_column, others, other_columns)


def _check(name: str, schema: Any, column: str, option: str, *, with_integers: bool) -> None:
    import pyarrow

    if column not in schema.names:
        raise errors.missing_column(name, column, schema.names, option)
    kind = schema.field(column).type
    if not (_is_string(kind) or (with_integers and pyarrow.types.is_integer(kind))):
        raise errors.wrong_column_type(
            name, column, "strings or integers" if with_integers else "strings", str(kind), option
        )


def _is_string(kind: Any) -> bool:
    from pyarrow import types

    if types.is_dictionary(kind):
        kind = kind.value_type
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def _records(batch: Any, wanted: _Wanted, most: int) -> Iterator[dict[str, str | Flaw | None]]:
    columns: dict[str, list[str | Flaw | None]] = {}
    for name in batch.schema.names:
        if name in wanted.others:
            columns[name] = [format_literal(name, value) for value in batch.column(name)]
        elif _is_string(batch.schema.field(name).type):
            columns[name] = [_string(name, value, most) for value in _bytes(batch.column(name))]
        else:
            columns[name] = [_integer(name, value) for value in batch.column(name).to_pylist()]
    for values in zip(*columns.values(), strict=True):
        yield dict(zip(columns, values, strict=True))


def _row(number: int, where: str, record: dict[str, str | Flaw | None], wanted: _Wanted) -> Row | BadRow:
    for value in record.values():
        if isinstance(value, Flaw):
            return BadRow(number, where, value.reason)
    strings = cast("dict[str, str | None]", record)
    return to_row(number, where, strings, texts=wanted.texts, label=wanted.label, wanted=wanted.extra_columns)


def _bytes(column: Any) -> list[bytes | None]:
    """Take strings as bytes, since pyarrow lets pass what is not UTF-8 until it is decoded."""
    import pyarrow

    if pyarrow.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return cast("list[bytes | None]", column.cast(pyarrow.large_binary()).to_pylist())


def _string(name: str, value: bytes | None, most: int) -> str | Flaw:
    if value is None:
        return Flaw(errors.wrong_type_reason(name, "a string", "null"))
    try:
        text = value.decode()
    except UnicodeDecodeError as error:
        return Flaw(errors.not_utf8_value_reason(name, error.start + 1, value[error.start]))
    return text if len(text) <= most else Flaw(errors.too_long_reason(most))


def _integer(name: str, value: int | None) -> str | Flaw:
    return Flaw(errors.wrong_type_reason(name, "a string or an integer", "null")) if value is None else str(value)
