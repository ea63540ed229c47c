"""Files of a model folder → manifest.json, with the size and the hash of each; and back, for whoever reads them.

It tells damage and mixing: a file that was cut, edited or taken from another model. It is no signature: who may write
the folder may write the manifest too.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from unrolled.errors import config as config_errors
from unrolled.errors import folder as errors
from unrolled.storage import strict_json
from unrolled.storage.regular_file import FileRecord, Inside

MANIFEST = "manifest.json"
FORMAT_VERSION = 1
FOR_PEOPLE = "README.md"  # its reader may edit it and no program reads it: its hash only says whether someone did
_LARGEST = 100_000  # bytes
_HASH = re.compile("[0-9a-f]{64}")
_KEYS, _OF_PEOPLE = {"format_version", "files"}, "for_people"
_WANTED = "for each file its sha256 and its size"


def with_manifest(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Add, before all files, their manifest: what a killed write leaves is known by it."""
    entry = {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
        for name, content in sorted(files.items())
    }
    people = {name: entry.pop(name) for name in [FOR_PEOPLE] if name in entry}
    content = {"format_version": FORMAT_VERSION, "files": entry, **({_OF_PEOPLE: people} if people else {})}
    return {MANIFEST: strict_json.to_bytes(content), **files}


def read(place: Inside) -> dict[str, FileRecord]:
    """Read what a manifest tells of files that programs read; FolderError for what `sealed` wouldn't have written."""
    return _read(place)[0]


def record(folder: Path) -> dict[str, FileRecord | None]:
    """Read what the manifest of a folder tells of all files there: None of itself; FolderError as `read`."""
    files, people = _read(Inside(folder, None, MANIFEST))
    return {**files, **people, MANIFEST: None}


def _read(place: Inside) -> tuple[dict[str, FileRecord], dict[str, FileRecord]]:
    content = strict_json.read_object(place, max_bytes=_LARGEST)
    version = content.get("format_version")
    if version != FORMAT_VERSION or type(version) is not int:
        raise config_errors.other_version(os.fspath(place), version, FORMAT_VERSION)
    if set(content) - {_OF_PEOPLE} != _KEYS:
        raise errors.wrong_content(place, _WANTED, "other keys")
    return _records(place, content["files"]), _records(place, content.get(_OF_PEOPLE, {}))


def _records(place: Inside, files: object) -> dict[str, FileRecord]:
    if not isinstance(files, dict):
        raise errors.wrong_content(place, _WANTED, "other keys")
    for name, entry in files.items():
        if not _is_record(entry):
            raise errors.wrong_content(place, _WANTED, f"something else for {name!r:.80}")
    return {name: FileRecord(entry["size"], entry["sha256"]) for name, entry in files.items()}


def _is_record(entry: Any) -> bool:
    if not isinstance(entry, dict) or set(entry) != {"sha256", "size"}:
        return False
    size, digest = entry["size"], entry["sha256"]
    return type(size) is int and 0 <= size < 2**63 and isinstance(digest, str) and bool(_HASH.fullmatch(digest))
