"""Bytes as config.json, vocabulary.json, the header of weights, counts or a manifest → a FolderError, or what fits.

    python tests/fuzz/fuzz_folders.py -max_total_time=60

is guided by coverage (atheris, libFuzzer), and ends at an exception of another kind, at ten seconds, at two gigabytes.
"""

from __future__ import annotations

import json
import math
import os
import struct
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris
import numpy as np

with atheris.instrument_imports(include=["unrolled"]):
    from unrolled.errors import FolderError
    from unrolled.language_models import counts_file
    from unrolled.language_models.config import Config as LanguageConfig
    from unrolled.storage import manifest, strict_json, tensors, training_texts
    from unrolled.storage.config import Config
    from unrolled.storage.regular_file import Inside
    from unrolled.text.fingerprints import TextFingerprints
    from unrolled.text.text_config import TextConfig

PLACE = Path(tempfile.mkdtemp(prefix="fuzz-folders-"))
FILE = PLACE / "file"
WORDS = 7
CONFIG = Config("cnn", {"num_filters": 2, "filter_sizes": (1,)}, TextConfig(embedding_dim=2), ("a", "b"))
SHAPES = {name: weight.shape for name, weight in CONFIG.network(WORDS).weights().items()}
NUMBERS = bytes(4 * sum(map(math.prod, SHAPES.values())))


def read_config(content: bytes) -> None:
    """A config that is read is written and read again, the same."""
    config = Config.from_json(strict_json.read_object(FILE), "config.json")
    assert Config.from_json(config.as_json(), "config.json") == config
    sum(len(weight.shape) for weight in config.network(WORDS).weights().values())


def read_language_config(content: bytes) -> None:
    """The same of a language model."""
    config = LanguageConfig.from_json(strict_json.read_object(FILE), "config.json")
    assert LanguageConfig.from_json(config.as_json(), "config.json") == config


def read_vocabulary(content: bytes) -> None:
    """A list of words has no word twice."""
    words = strict_json.read_list_of_strings(FILE)
    assert len(set(words)) == len(words)
    assert words == json.loads(content)


def read_header(content: bytes) -> None:
    """Weights behind any header have the shapes that were expected."""
    FILE.write_bytes(struct.pack("<Q", len(content)) + content + NUMBERS)
    assert {name: array.shape for name, array in tensors.read(FILE, SHAPES).items()} == SHAPES


def read_counts(content: bytes) -> None:
    """Counts that are read are written again, the same."""
    assert counts_file.to_bytes(*counts_file.read(FILE, WORDS, 2)) == content


def read_manifest(content: bytes) -> None:
    """A manifest tells sizes and hashes."""
    for told in manifest.read(Inside(PLACE, None, FILE.name)).values():
        assert told.size >= 0
        assert len(told.sha256) == 64


def read_fingerprints(content: bytes) -> None:
    """Fingerprints that are read are written again, the same."""
    found = training_texts.read(FILE)
    assert found is None or training_texts.to_bytes(found) == content


READERS: tuple[Callable[[bytes], None], ...] = (
    read_config,
    read_language_config,
    read_vocabulary,
    read_header,
    read_counts,
    read_manifest,
    read_fingerprints,
)


def one_input(data: bytes) -> None:
    """Read the bytes behind the first as that one chooses."""
    if not data:
        return
    FILE.write_bytes(data[1:])
    try:
        READERS[data[0] % len(READERS)](data[1:])
    except FolderError as error:
        if not str(error).isprintable() or len(str(error)) > 2000:
            raise ValueError("an error that is no line") from error


def examples() -> Path:
    """Write a legal file of each kind, for libFuzzer to begin with."""
    header = tensors.to_bytes({name: np.zeros(shape) for name, shape in SHAPES.items()})
    files = (
        strict_json.to_bytes(CONFIG.as_json()),
        strict_json.to_bytes(LanguageConfig().as_json()),
        strict_json.to_bytes(["<unk>", "a", "\ud800"]),
        header[8 : 8 + int.from_bytes(header[:8], "little")],
        b"0 1 7\n0 2 1\n1 0 12\n",
        manifest.with_manifest({"config.json": b"{}", "x": b""})[manifest.MANIFEST],
        training_texts.to_bytes(TextFingerprints(np.array([1, 2**63], np.uint64), np.array([7], np.uint64))),
    )
    folder = PLACE / "examples"
    folder.mkdir()
    for number, content in enumerate(files):
        (folder / str(number)).write_bytes(bytes([number]) + content)
    return folder


if __name__ == "__main__":
    limits = ["-timeout=10", "-rss_limit_mb=2048", "-max_len=8192"]
    atheris.Setup([sys.argv[0], *limits, *sys.argv[1:], os.fspath(examples())], one_input)
    atheris.Fuzz()
