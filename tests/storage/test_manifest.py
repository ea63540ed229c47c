"""Files → a manifest that another program could have made; and every other manifest → a FolderError of one line."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from unrolled.errors import FolderError
from unrolled.storage.manifest import MANIFEST, read, with_manifest
from unrolled.storage.regular_file import FileRecord, Inside

FILES = {"config.json": b"{}\n", "empty": b"", "README.md": b"# told\n", "a b": bytes(range(256)) * 9}


def place(folder: Path, content: object) -> Inside:
    (folder / MANIFEST).write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return Inside(folder, None, MANIFEST)


def test_it_comes_first_and_tells_size_and_hash_of_all_files_but_the_one_for_people(tmp_path: Path) -> None:
    files = with_manifest(FILES)
    assert list(files) == [MANIFEST, *FILES]
    content = json.loads(files[MANIFEST])
    assert content["format_version"] == 1
    assert content["files"] == {
        name: {"sha256": hashlib.sha256(FILES[name]).hexdigest(), "size": len(FILES[name])}
        for name in ("a b", "config.json", "empty")
    }
    told = read(place(tmp_path, files[MANIFEST]))
    assert told == {name: FileRecord(entry["size"], entry["sha256"]) for name, entry in content["files"].items()}


def test_the_order_of_the_files_does_not_change_a_byte() -> None:
    assert with_manifest(FILES)[MANIFEST] == with_manifest(dict(reversed(FILES.items())))[MANIFEST]


GOOD = {"sha256": "0" * 64, "size": 1}
ENTRIES: list[Any] = [None, 1, [], "x", {}, {"size": 1}]
BAD: dict[str, Any] = {
    **{f"entry {value!r}": {"format_version": 1, "files": {"x": value}} for value in ENTRIES},
    **{
        f"{key} {value!r}": {"format_version": 1, "files": {"x": {**GOOD, key: value}}}
        for key, value in [("size", -1), ("size", True), ("size", 1.0), ("size", 2**63), ("size", "1"), ("more", 1)]
        + [("sha256", value) for value in ("", "0" * 63, "0" * 65, "A" * 64, "0" * 63 + "\n", None, 0)]
    },
    "no files": {"format_version": 1},
    "files a list": {"format_version": 1, "files": []},
    "more": {"format_version": 1, "files": {}, "more": 1},
    **{f"version {value!r}": {"format_version": value, "files": {}} for value in (None, 0, 2, True, 1.0, "1", [1])},
}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
def test_any_other_manifest_is_refused(tmp_path: Path, content: object) -> None:
    with pytest.raises(FolderError) as raised:
        read(place(tmp_path, content))
    assert str(raised.value).startswith(str(tmp_path / MANIFEST))
    assert str(raised.value).isprintable()
