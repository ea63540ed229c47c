"""Files of a model folder → manifest.json, with the size and the hash of each; and back, for whoever reads them.

It tells damage and mixing: a file that was cut, edited or taken from another model. It is no signature: who may write
the folder may write the manifest too.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from typing import Any

from unrolled.errors import config as config_errors
from unrolled.errors import folder as errors
from unrolled.runtime import strict_json
from unrolled.runtime.regular_file import Inside, Told

MANIFEST = "manifest.json"
FORMAT_VERSION = 1
FOR_PEOPLE = "README.md"  # its reader may edit it, and no program reads it
_LARGEST = 100_000  # bytes
_HASH = re.compile("[0-9a-f]{64}")
_KEYS = {"format_version", "files"}
_WANTED = "for each file its sha256 and its size"


def sealed(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Add, behind all files, the manifest of those that programs read."""
    told = {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
        for name, content in sorted(files.items())
        if name != FOR_PEOPLE
    }
    return {**files, MANIFEST: strict_json.to_bytes({"format_version": FORMAT_VERSION, "files": told})}


def read(place: Inside) -> dict[str, Told]:
    """Read what a manifest tells; a FolderError for whatever `sealed` wouldn't have written."""
    content = strict_json.read_object(place, max_bytes=_LARGEST)
    version = content.get("format_version")
    if version != FORMAT_VERSION or type(version) is not int:
        raise config_errors.other_version(os.fspath(place), version, FORMAT_VERSION)
    files = content.get("files")
    if set(content) != _KEYS or not isinstance(files, dict):
        raise errors.wrong_content(place, _WANTED, "other keys")
    for name, told in files.items():
        if not _is_told(told):
            raise errors.wrong_content(place, _WANTED, f"something else for {name!r:.80}")
    return {name: Told(told["size"], told["sha256"]) for name, told in files.items()}


def _is_told(told: Any) -> bool:
    if not isinstance(told, dict) or set(told) != {"sha256", "size"}:
        return False
    size, digest = told["size"], told["sha256"]
    return type(size) is int and 0 <= size < 2**63 and isinstance(digest, str) and bool(_HASH.fullmatch(digest))
