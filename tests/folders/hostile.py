"""Every way in which a model folder can be hostile, in one table: the tests of folders read their cases here."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from tests.folders.changes import (
    PICKLE,
    Case,
    cut,
    flipped,
    gone,
    hard_linked,
    instead,
    linked,
    make_socket,
    manifest,
    manifest_entry,
    of_another,
    only,
    prolonged,
    resized,
    written,
)
from tests.folders.hostile_contents import contents
from tests.folders.valid import CONFIG, COUNTS, REMEMBERING, VOCABULARY, WEIGHTS
from unrolled.storage.manifest import MANIFEST
from unrolled.storage.open_folder import PICKLES
from unrolled.storage.training_texts import FINGERPRINTS

CODE = "open('run-from-a-model-folder', 'w').close()\n"
MODULES = ("__init__", "config", "encoder", "cnn", "numpy", "sitecustomize", "unrolled", "json", "hashlib", "tokenizer")


def _code_everywhere(folder: Path) -> None:
    for name in MODULES:
        (folder / f"{name}.py").write_text(CODE)
    (folder / "hook.pth.py").write_text(CODE)
    (folder / "model.py").write_text(CODE)
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "config.cpython-311.pyc").write_bytes(b"\xa7\r\r\n" + bytes(60))


def _many_beside(folder: Path) -> None:
    for number in range(3000):
        (folder / f"{number}.txt").touch()


def _everything() -> Iterator[tuple[str, Case]]:
    for name in (CONFIG, VOCABULARY, WEIGHTS, MANIFEST):
        link = f"{name}: this is a symbolic link, not a regular file"
        yield f"a symbolic link for {name}", Case(linked(name), link, with_checksum=False)
        hard = f"{name}: this file has 2 names (hard links)"
        yield f"a hard link to {name}", Case(hard_linked(name), hard, with_checksum=False)
        yield (
            f"a pipe for {name}",
            Case(instead(name, os.mkfifo), "this is a pipe, not a regular file", with_checksum=False),
        )
        yield (
            f"a folder for {name}",
            Case(instead(name, os.mkdir), "this is a folder, not a regular file", with_checksum=False),
        )
        yield f"a socket for {name}", Case(instead(name, make_socket), "this is a socket", with_checksum=False)
        yield f"no {name}", Case(gone(name), name, with_checksum=False)
        yield f"an empty {name}", Case(resized(name, 0), name, with_checksum=False)
    for target in ("/etc/passwd", "/dev/zero", "/proc/self/mem", "../../../../etc/passwd", "nowhere"):
        yield (
            f"a link to {target}",
            Case(linked(CONFIG, target), "config.json: this is a symbolic link", with_checksum=False),
        )
    for change, told in (
        (linked, "a symbolic link"),
        (hard_linked, "hard links"),
        (gone, FINGERPRINTS),
        (cut, "the manifest lists"),
    ):
        case = Case(change(FINGERPRINTS), told, kind=REMEMBERING, with_checksum=False)
        yield f"fingerprints: {change.__name__}", case
    yield "a link for counts", Case(linked(COUNTS), "this is a symbolic link", kind="kneser-ney", with_checksum=False)
    for name in (CONFIG, VOCABULARY, WEIGHTS):
        size = "bytes, and the file has"
        yield f"{name} cut", Case(cut(name), size, with_checksum=False)
        yield f"{name} prolonged", Case(prolonged(name), size, with_checksum=False)
        other = f"{name}: the content has changed"
        yield f"{name} changed", Case(flipped(name), other, with_checksum=False)
    yield "weights of another model", Case(of_another(WEIGHTS, "lstm"), "the manifest lists", with_checksum=False)
    yield "config of another model", Case(of_another(CONFIG, "average"), "the manifest lists", with_checksum=False)
    yield "weights of another model, sealed", Case(of_another(WEIGHTS, "lstm"), "got no such tensor")
    yield "config of another model, sealed", Case(of_another(CONFIG, "average"), "got no such tensor")
    yield "vocabulary of a classifier", Case(of_another(VOCABULARY, "cnn"), "'<unk>' and '</s>'", kind="window")
    yield "config of a language model", Case(of_another(CONFIG, "window"), "this is a language model")
    yield "config of a classifier", Case(of_another(CONFIG, "cnn"), "this is a classifier", kind="window")
    yield from _manifests()
    for suffix in PICKLES:
        yield f"a {suffix} beside", Case(written(f"model{suffix}", PICKLE), f"model{suffix}: a pickle can run code")
    yield "a PKL in capitals", Case(written("MODEL.PKL", PICKLE), "a pickle can run code")
    yield "nothing but a pickle", Case(only("pytorch_model.bin", PICKLE), "a pickle can run code", with_checksum=False)
    yield "a pickle as weights", Case(written(WEIGHTS, PICKLE * 30), "a safetensors file")
    yield "a pickle as config", Case(written(CONFIG, PICKLE), "a JSON object")
    yield "a zip as weights", Case(written(WEIGHTS, b"PK\3\4" * 500), "a safetensors file")
    yield "code beside", Case(_code_everywhere, None)
    yield "many files beside", Case(_many_beside, None, with_checksum=False)
    yield "a README of the user's", Case(written("README.md", b"mine"), None, with_checksum=False)
    yield "told files that nobody needs", Case(gone("history.jsonl"), None, with_checksum=False)
    yield from contents()


def _manifests() -> Iterator[tuple[str, Case]]:
    wrong: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
        "no files": (lambda m: {**m, "files": {}}, "the manifest doesn't list 'config.json'"),
        "a list of files": (lambda m: {**m, "files": []}, "for each file its sha256"),
        "another key": (lambda m: {**m, "run": "rm"}, "other keys"),
        "no version": (lambda m: {"files": m["files"]}, "format_version is None"),
        "a newer version": (lambda m: {**m, "format_version": 2}, "Install a newer unrolled"),
        "true as version": (lambda m: {**m, "format_version": True}, "format_version is True"),
        "version 1.0": (lambda m: {**m, "format_version": 1.0}, "format_version is 1.0"),
        "null": (lambda m: None, "a JSON object"),
        "junk": (lambda m: b"\xff\xfe", "an error in it"),
        "depth": (lambda m: b'{"files":' + b"[" * 40_000, "nested too deeply"),
        "a doubled key": (lambda m: b'{"files": {}, "files": {}}', "'files' twice"),
    }
    for name, (change, told) in wrong.items():
        yield f"manifest: {name}", Case(manifest(change), told, with_checksum=False)
    yield "manifest of 100 MB", Case(resized(MANIFEST, 100_000_000), "at most 100,000 bytes", with_checksum=False)
    entries: dict[str, tuple[dict[str, Any], str]] = {
        "size true": ({"size": True}, "something else"),
        "size 2^63": ({"size": 2**63}, "something else"),
        "size -1": ({"size": -1}, "something else"),
        "size 1e308": ({"size": 1e308}, "something else"),
        "size 2^62": ({"size": 2**62}, "lists 4,611,686,018,427,387,904 bytes"),
        "hash in capitals": ({"sha256": "A" * 64}, "something else"),
        "hash too short": ({"sha256": "a" * 63}, "something else"),
        "hash a number": ({"sha256": 7}, "something else"),
        "hash of others": ({"sha256": "a" * 64}, "sha256 aaaaaaaaaaaa…"),
        "a path": ({"path": "/etc/passwd"}, "something else"),
    }
    for name, (values, told) in entries.items():
        yield f"manifest: {name}", Case(manifest_entry(**values), told, with_checksum=False)
    for name in ("../../etc/passwd", "/etc/passwd", "a\0b", "a\nb"):
        named = manifest(partial(_with_name, name))
        yield f"manifest: the name {name!r}, which nobody opens", Case(named, None, with_checksum=False)


def _with_name(name: str, content: dict[str, Any]) -> dict[str, Any]:
    return {**content, "files": {**content["files"], name: {"sha256": "0" * 64, "size": 1}}}


CASES: dict[str, Case] = dict(_everything())
