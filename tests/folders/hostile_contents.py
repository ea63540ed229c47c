"""Contents of config, vocabulary, weights and counts that a model can't have, or only just → cases."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

import numpy as np

from tests.folders.changes import (
    PICKLE,
    Case,
    Change,
    add_bom,
    config,
    edited,
    entry,
    header,
    resized,
    tensors,
    with_labels,
    written,
)
from tests.folders.valid import CONFIG, COUNTS, REMEMBERING, VOCABULARY, WEIGHTS
from unrolled.storage.training_texts import FINGERPRINTS


def _option(**values: Any) -> Change:
    return config("encoder_options", **values)


def contents() -> Iterator[tuple[str, Case]]:
    """Name the cases one by one."""
    yield from _json()
    yield from _settings()
    yield from _weights()
    yield from _fingerprints()
    yield from _language_models()


def _json() -> Iterator[tuple[str, Case]]:
    files = {
        "a doubled key": (b'"labels": [', b'"labels": [], "labels": [', "the key 'labels' twice"),
        "depth 10^5": (b'"format_version": 1', b'"format_version": ' + b"[" * 100_000, "nested too deeply"),
        "depth 10^5 of objects": (b'"format_version": 1', b'"format_version": ' + b'{"a":' * 100_000, "too deeply"),
        "depth 900": (b'"format_version": 1', b'"format_version": ' + b"[" * 900 + b"]" * 900, "too deeply"),
        "depth 33": (b'"format_version": 1', b'"format_version": ' + b"[" * 32 + b"]" * 32, "too deeply"),
        "version 2^63": (
            b'"format_version": 1',
            b'"format_version": 9223372036854775808',
            "format_version is 9223372036854775808",
        ),
        "version 10^400": (b'"format_version": 1', b'"format_version": 1' + b"0" * 400, "Install a newer"),
        "10^5000": (b'"format_version": 1', b'"format_version": 1' + b"0" * 5000, "an error in it"),
        "version 1.0": (b'"format_version": 1', b'"format_version": 1.0', "format_version is 1.0"),
        "version true": (b'"format_version": 1', b'"format_version": true', "format_version is True"),
        "version 2": (b'"format_version": 1', b'"format_version": 2', "Install a newer unrolled"),
        "NaN": (b'"format_version": 1', b'"format_version": NaN', "the number NaN"),
        "Infinity": (b'"format_version": 1', b'"format_version": -Infinity', "the number -Infinity"),
        "1e999": (b'"format_version": 1', b'"format_version": 1e999', "the number 1e999"),
        "-0.0": (b'"format_version": 1', b'"format_version": -0.0', "format_version is -0.0"),
        "a byte that is no UTF-8": (b'"bad"', b'"b\xe9d"', "an error in it"),
        "an overlong slash": (b'"bad"', b'"\xc0\xaf"', "an error in it"),
        "a NUL byte": (b'"bad"', b'"b\0d"', "an error in it"),
        "a newline in a string": (b'"bad"', b'"b\nd"', "an error in it"),
        "half a pair": (b'"bad"', b'"\\ud800"', "labels: expected a list of two or more"),
        "the other half": (b'"bad"', b'"\\udc00"', "labels: expected a list of two or more"),
    }
    for name, (old, new, told) in files.items():
        yield f"config: {name}", Case(edited(CONFIG, old, new), told, memory=12_000_000)
    yield "config: a BOM", Case(lambda f: add_bom(f / CONFIG), "an error in it")
    yield (
        "config: UTF-16",
        Case(lambda f: (f / CONFIG).write_text((f / CONFIG).read_text(), "utf-16"), "an error in it"),
    )
    yield "config of 100 MB", Case(resized(CONFIG, 100_000_000), "at most 10,000,000 bytes")
    yield "config of 2^40 bytes", Case(resized(CONFIG, 2**40), "at most 10,000,000 bytes")
    for name in ("\\u0000", "a\\nb", "\\u001b[2J", "\\u202e", "../../x", "日本", " "):
        yield f"labels: {name}, which is legal", Case(edited(CONFIG, b'"bad"', f'"{name}"'.encode()), None)
    # What a legal file of these sizes takes, these may take: some twenty times their size.
    yield "labels: 3 MB of []", Case(with_labels(b"[" + b"[]," * 1_000_000 + b"[]]"), "labels", memory=100_000_000)
    yield "labels: 3 MB of {}", Case(with_labels(b"[" + b"{}," * 1_000_000 + b"{}]"), "labels", memory=100_000_000)
    million = b",".join(b'"%d"' % number for number in range(1_000_000))
    yield "labels: 10^6", Case(with_labels(b"[" + million + b"]"), "expected shape [12, 1000000]", memory=200_000_000)
    yield "labels: a text of 9 MB", Case(with_labels(b'["' + b"x" * 9_000_000 + b'"]'), "labels", memory=60_000_000)
    for name, labels in {"one": ["a"], "twice": ["a", "a"], "empty": ["a", ""], "true": [True, "a"]}.items():
        yield f"labels: {name}", Case(config(labels=labels), "labels: expected a list of two or more")
    words: dict[str, tuple[bytes, str]] = {
        "10^9 words": (b"", "at most 1,000,000,000 bytes"),
        "an object": (b"{}", "another JSON value"),
        "nested": (b'["<unk>", [["a"]]]', "something else than a string"),
        "doubled": (b'["<unk>", "a", "a"]', "'a' again"),
        "empty word": (b'["<unk>", ""]', "an empty string"),
        "no unknown word": (b'["a", "b"]', "begin with '<unk>'"),
        "cut": (b'["<unk>", "a"', "an error in it"),
        "one word": (b'["<unk>"]', "expected shape [1, 5], got shape [14, 5]"),
    }
    for name, (content, told) in words.items():
        change = written(VOCABULARY, content) if content else resized(VOCABULARY, 10 * 10**9)
        yield f"vocabulary: {name}", Case(change, told)
    strange = json.dumps(["<unk>", "\0", "\n", "\ud800", "\udc00", "../x", " ", "\u202e", *"abcdef"]).encode()
    yield "vocabulary: strange words, which are legal", Case(written(VOCABULARY, strange), None)
    long = json.dumps(["<unk>", "x" * 2_000_000, *(f"w{n}" for n in range(12))]).encode()
    yield "vocabulary: a word of 2 MB, which is legal", Case(written(VOCABULARY, long), None)


def _settings() -> Iterator[tuple[str, Case]]:
    value: Any
    for value in (True, 4.0, 0, -1, 2**31, 2**63, 10**400, 1e308, "4", None, [4], {}):
        told = "setting 'num_filters'" if value != 10**400 else "num_filters"
        yield f"num_filters: {value!r:.20}", Case(_option(num_filters=value), told)
        yield f"embedding_dim: {value!r:.20}", Case(config("reading", embedding_dim=value), "setting 'embedding_dim'")
    for value in (1, 0, "true", None, 1.0):
        told = "setting 'bidirectional'"
        yield f"bidirectional: {value!r}", Case(_option(bidirectional=value), told, kind="lstm")
    for value in (True, "1", 10**400, [1.0], None):
        told = "setting 'forget_gate_bias'"
        yield f"forget_gate_bias: {value!r:.20}", Case(_option(forget_gate_bias=value), told, "lstm")
    for number in (-0.0, 1e308, 2**63, 5e-324):
        change = _option(forget_gate_bias=number)
        yield f"forget_gate_bias: {number!r}, which is legal and read only in training", Case(change, None, "lstm")
    for name in ("../cnn", "/etc/passwd", "os", "cnn.CNN", "__init__", "", "cnn\0", "x" * 9_000_000):
        yield f"encoder: {name!r:.20}", Case(config(encoder=name), "there is no encoder", memory=60_000_000)
    yield "encoder: a list", Case(config(encoder=["cnn"]), "encoder: expected a text")
    yield "an unknown key", Case(config(weights_url="http://x"), "the unknown 'weights_url'")
    yield "an unknown option", Case(_option(hook="os.system"), "the unknown 'hook'")
    keys: dict[str, Any] = {f"k{number}": 0 for number in range(100_000)}
    yield "a hundred thousand unknown keys", Case(config(None, **keys), "the unknown 'k0'", memory=60_000_000)
    many = _option(filter_sizes=[2] * 100, num_layers=100, num_filters=10**6)
    yield "a hundred layers of a hundred sizes", Case(many, "the settings ask for", memory=30_000_000)
    yield "a thousand filter sizes", Case(_option(filter_sizes=[2] * 1000), "setting 'filter_sizes'")
    huge: dict[str, tuple[str, dict[str, Any], str]] = {
        "num_filters 10^6": ("cnn", {"num_filters": 10**6}, "expected shape [2, 5, 1000000]"),
        "num_filters 2^31 - 1": ("cnn", {"num_filters": 2**31 - 1, "num_layers": 2}, "the settings ask for"),
        "hidden_size 10^6": ("lstm", {"hidden_size": 10**6}, "the settings ask for"),
        "hidden_size 10^6, transformer": ("transformer", {"hidden_size": 10**6}, "the settings ask for"),
        "dim_feedforward 2^31 - 1": ("transformer", {"dim_feedforward": 2**31 - 1}, "the settings ask for"),
        "100 layers": ("transformer", {"num_layers": 100}, "got no such tensor"),
        "num_heads 3": ("transformer", {"num_heads": 3}, "num_heads"),
        "buckets 2^31": ("ngrams", {"buckets": 2**31}, "setting 'buckets'"),
        "buckets 10^8": ("ngrams", {"buckets": 10**8}, "'embeddings.tuned': expected shape [100000014, 5]"),
        "ngram_range 1,10^6": ("ngrams", {"ngram_range": [1, 10**6]}, "setting 'ngram_range'"),
        "ngram_range 2,1": ("logistic", {"ngram_range": [2, 1]}, "'ngram_range'"),
        "C 0": ("logistic", {"C": 0}, "setting 'C'"),
        "max_length 10^6": ("concatenate", {"max_length": 10**6}, "setting 'max_length'"),
        "max_length 10^5": ("concatenate", {"max_length": 10**5}, "expected shape [500000, 4]"),
        "max_length and hidden_size": (
            "concatenate",
            {"max_length": 10**5, "hidden_size": 2**31 - 1},
            "the settings ask for",
        ),
    }
    for name, (kind, options, told) in huge.items():
        yield f"{kind}: {name}", Case(_option(**options), told, kind=kind)
    yield "embedding_dim 2^31 - 1", Case(config("reading", embedding_dim=2**31 - 1), "the settings ask for")


def _weights() -> Iterator[tuple[str, Case]]:
    size = 4 * 2**40
    yield "a header of 2^64 - 1 bytes", Case(edited(WEIGHTS, b"\0\0\0\0", b"\xff" * 4), "a header of")
    yield (
        "a header longer than the file",
        Case(written(WEIGHTS, b"\xe8\3" + bytes(6) + b"{}"), "a header of 1,000 bytes"),
    )
    yield "weights of 2^40 bytes", Case(resized(WEIGHTS, 2**40), "at most 1,00")
    changes: dict[str, tuple[Change, str]] = {
        "shape 2^40": (
            entry("classifier.b", shape=[2**40], data_offsets=[0, size]),
            "got shape [1099511627776]",
        ),
        "shape [0, 2^60]": (entry("classifier.b", shape=[0, 2**60], data_offsets=[0, 0]), "got shape [0, "),
        "shape of floats": (entry("classifier.b", shape=[3.0]), "got shape [3.0]"),
        "shape of true": (entry("classifier.b", shape=[True]), "got shape [True]"),
        "negative offsets": (entry("classifier.b", data_offsets=[-12, 0]), "tensors at byte"),
        "offsets 2^63": (entry("classifier.b", data_offsets=[2**63, 2**63 + 12]), "tensors at byte"),
        "F64": (entry("classifier.b", dtype="F64"), "expected dtype 'F32'"),
        "a path": (entry("classifier.b", path="/etc/passwd"), "no dtype, shape and data_offsets"),
        "10,000 tensors": (
            header(lambda h: {**h, **dict.fromkeys(map(str, range(9999)), 0)}),
            "no such tensor, got",
        ),
        "a doubled tensor": (header(lambda h: b'{"a": 1, "a": 2}'), "the key 'a' twice"),
        "depth": (header(lambda h: b'{"a":' + b"[" * 200_000), "nested too deeply"),
        "depth in metadata": (
            header(lambda h: b'{"__metadata__":' + b"[" * 90 + b"]" * 90 + b"}"),
            "too deeply",
        ),
        "NaN": (tensors(lambda a: {**a, "classifier.b": np.full(3, np.nan, "f4")}), "expected finite numbers"),
        "infinite": (
            tensors(lambda a: {**a, "classifier.b": np.full(3, np.inf, "f4")}),
            "expected finite numbers",
        ),
        "one missing": (
            tensors(lambda a: {k: v for k, v in a.items() if k != "classifier.b"}),
            "no such tensor",
        ),
        "one more": (tensors(lambda a: {**a, "x": np.zeros(1, "f4")}), "tensor 'x': expected no such tensor"),
        "64 bits": (tensors(lambda a: {**a, "classifier.b": np.zeros(3)}), "expected dtype 'F32'"),
        "transposed": (tensors(lambda a: {**a, "classifier.W": a["classifier.W"].T}), "got shape [3, 12]"),
    }
    for name, (change, told) in changes.items():
        yield f"weights: {name}", Case(change, told, memory=30_000_000)


def _fingerprints() -> Iterator[tuple[str, Case]]:
    changes: dict[str, tuple[Change, str]] = {
        "an integer in its place": (written(FINGERPRINTS, b"7"), "a header of"),
        "a pickle": (written(FINGERPRINTS, PICKLE * 30), "sorted fingerprints"),
        "2^42 bytes": (resized(FINGERPRINTS, 2**42), "at most 17,"),
        "cut": (resized(FINGERPRINTS, 200), "bytes"),
        "32 bits": (edited(FINGERPRINTS, b"U64", b"U32"), "another header"),
        "2^60 texts": (edited(FINGERPRINTS, b"[5]", b"[1152921504606846976]"), "another header"),
        "another name": (edited(FINGERPRINTS, b"train", b"texts"), "another header"),
        "one twice": (edited(FINGERPRINTS, b"\x00" * 7 + b"\x90", b"\x00" * 7 + b"\x80"), "out of order"),
    }
    for name, (change, told) in changes.items():
        yield f"fingerprints: {name}", Case(change, told, kind=REMEMBERING)
    junk = written(FINGERPRINTS, PICKLE)
    yield "fingerprints: junk, which predict doesn't read", Case(junk, None)


def _language_models() -> Iterator[tuple[str, Case]]:
    counts: dict[str, bytes] = {
        "out of order": b"1 2 3 1\n1 1 2 3\n",
        "doubled": b"1 1 2 3\n1 1 2 3\n",
        "a word that isn't": b"1 1 99 3\n",
        "a count of 0": b"1 1 2 0\n",
        "2^63": b"1 1 2 9223372036854775808\n",
        "2^62 twice": b"1 1 2 4611686018427387904\n1 1 3 4611686018427387904\n",
        "5,000 digits": b"1 1 2 " + b"9" * 5000 + b"\n",
        "negative": b"1 1 -2 3\n",
        "empty": b"",
    }
    for name, content in counts.items():
        yield f"counts: {name}", Case(written(COUNTS, content), "lines of 3 word numbers and a count", "kneser-ney")
    yield "counts of 2^40 bytes", Case(resized(COUNTS, 2**40), "at most 1,073,741,824 bytes", "kneser-ney")
    yield (
        "counts cut",
        Case(lambda f: os.truncate(f / COUNTS, 3), "the manifest lists", "kneser-ney", with_checksum=False),
    )
    yield "counts changed", Case(edited(COUNTS, b"3", b"4"), "the manifest lists", "kneser-ney", with_checksum=False)
    options: dict[str, tuple[dict[str, Any], str]] = {
        "order 21": ({"order": 21}, "setting 'order'"),
        "order true": ({"order": True}, "setting 'order'"),
        "order 1": ({"order": 1}, "setting 'order'"),
        "hidden_size 10^6": ({"hidden_size": 10**6}, "expected shape"),
        "hidden_size 2^31 - 1": ({"hidden_size": 2**31 - 1}, "the settings ask for"),
        "model a list": ({"model": ["window"]}, "the keys aren't those"),
        "another model": ({"model": "os"}, "the keys aren't those"),
    }
    for name, (values, told) in options.items():
        yield f"window: {name}", Case(config("language_model", **values), told, kind="window")
    nan = tensors(lambda a: {**a, "output.b": np.full_like(a["output.b"], np.nan)})
    yield "window: NaN", Case(nan, "finite numbers", kind="window")
    yield "window: a pickle beside", Case(written("optimizer.pt", PICKLE), "a pickle can run code", kind="window")
