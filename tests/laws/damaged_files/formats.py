"""JSON Lines, fastText's lines and Parquet, damaged → what is said of each format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.laws.damaged_files.file import CLEAN, File


def jsonl(damage: bytes) -> bytes:
    lines = [b'{"text": "fine film", "label": "good"}', damage, b'{"text": "dull film", "label": "bad"}']
    return b"\n".join([*lines, *(line.replace(b"film", b"fun") for line in lines[::2]), b""])


def fasttext(damage: bytes) -> bytes:
    lines = [b"__label__good fine film", damage, b"__label__bad dull film"]
    return b"\n".join([*lines, *(line.replace(b"film", b"fun") for line in lines[::2]), b""])


def parquet(texts: Any, labels: Any = ("good", "bad") * 3) -> Callable[[Path], object]:
    return lambda path: pq.write_table(pa.table({"text": pa.array(texts), "label": pa.array(list(labels))}), path)


FORMATS: dict[str, File] = {
    # JSON Lines
    "no JSON": File(
        jsonl(b'{"text": "fine"'),
        5,
        ((2, "line 2", "not valid JSON: Expecting ',' delimiter at character 16"),),
        name="reviews.jsonl",
    ),
    "no object": File(jsonl(b"[1]"), 5, ((2, "line 2", "expected a JSON object, got [1]"),), name="reviews.jsonl"),
    "no text": File(jsonl(b'{"label": "good"}'), 5, ((2, "line 2", "no key 'text'"),), name="reviews.jsonl"),
    "other keys": File(
        jsonl(b"{}").replace(b"text", b"Text").replace(b"label", b"lable"),
        name="reviews.jsonl",
        refused="there is no column 'text'; the columns are Text, lable",
    ),
    "other keys of labels": File(
        jsonl(b'{"text": "fine words"}').replace(b"label", b"lable"),
        5,
        name="reviews.jsonl",
        no_labels="there is no column 'label'; the columns are text, lable",
    ),
    "a text that is none": File(
        jsonl(b'{"text": null, "label": "good"}'),
        5,
        ((2, "line 2", "'text' must be a string, got null"),),
        name="reviews.jsonl",
    ),
    "a key twice": File(
        jsonl(b'{"text": "a", "text": "b", "label": "good"}'),
        5,
        ((2, "line 2", 'the key "text" stands more than once'),),
        name="reviews.jsonl",
    ),
    "a blank line of JSON Lines": File(jsonl(b" \t"), 4, said=("1 blank line passed over",), name="reviews.jsonl"),
    # fastText
    "a line without a label": File(
        fasttext(b"fine film"),
        5,
        without_label=((2, "line 2", "no __label__ at its beginning"),),
        name="reviews.ft",
        words=("--format", "fasttext"),
    ),
    "a line with two labels": File(
        fasttext(b"__label__good __label__bad fine"),
        5,
        without_label=((2, "line 2", "more than one __label__"),),
        name="reviews.ft",
        words=("--format", "fasttext"),
    ),
    "labels in plain text": File(
        fasttext(b"__label__good fine"),
        5,
        name="reviews.txt",
        no_prediction="this looks like fastText: the first line begins with __label__",
    ),
    # Parquet
    "Parquet that is none": File(
        CLEAN,
        name="reviews.parquet",
        refused="this is not a Parquet file but something else",
    ),
    "Parquet with a null": File(
        parquet(["fine", None, "fun", "dull", "great", "awful"]),
        6,
        ((2, "", "'text' must be a string, got null"),),
        name="reviews.parquet",
    ),
    "Parquet without texts": File(
        parquet([1, 2, 3, 4, 5, 6]),
        name="reviews.parquet",
        refused="the column 'text' holds int64, but must hold strings",
    ),
}
