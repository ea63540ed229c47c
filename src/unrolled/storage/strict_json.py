"""A file of JSON → its object or its list of strings, or a FolderError; and back, the same bytes for the same value."""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from json.encoder import encode_basestring_ascii

from unrolled.errors import folder as errors
from unrolled.formatting.control_characters import escape_controls_in_json
from unrolled.storage.regular_file import opened

LONGEST_NUMBER = 4300  # digits of a whole number; a seed may have this many
DEEPEST = 32  # lists and objects in each other; ours have four


def read_object(path: os.PathLike[str], *, max_bytes: int = 100_000_000) -> dict[str, object]:
    """Read a JSON object; FolderError names the file and what is wrong with it."""
    value = _read(path, "a JSON object", max_bytes)
    if not isinstance(value, dict):
        raise errors.wrong_content(path, "a JSON object", "another JSON value")
    return value


def read_list_of_strings(path: os.PathLike[str], *, max_bytes: int = 100_000_000) -> list[str]:
    """Read a JSON list of strings, none of them empty and no two the same."""
    wanted = "a JSON list of distinct, non-empty strings"
    value = _read(path, wanted, max_bytes)
    if not isinstance(value, list):
        raise errors.wrong_content(path, wanted, "another JSON value")
    right = set(map(type, value)) <= {str} and "" not in value and len(set(value)) == len(value)
    seen: set[str] = set()
    for position, item in enumerate([] if right else value):  # only to name the first that is wrong: a loop is slow
        if not isinstance(item, str) or not item or item in seen:
            raise errors.wrong_content(path, wanted, f"at position {position} {_kind(item)}")
        seen.add(item)
    return value


def to_bytes(value: object) -> bytes:
    """Write a value as JSON in ASCII, indented by 2; ValueError for NaN and infinities."""
    return (escape_controls_in_json(json.dumps(value, indent=2, ensure_ascii=True, allow_nan=False)) + "\n").encode(
        "ascii"
    )


def to_line(value: object) -> str:
    """Write a value as JSON in ASCII on one line; ValueError for NaN and infinities."""
    return escape_controls_in_json(json.dumps(value, allow_nan=False))


def size_of_texts(texts: Iterable[str]) -> int:
    """Count the bytes of a list of one text or more as `to_bytes` writes it."""
    return 3 + sum(4 + len(escape_controls_in_json(encode_basestring_ascii(text))) for text in texts)


def sha256(value: object) -> str:
    """Return the SHA-256 of the value's JSON, 64 digits."""
    return hashlib.sha256(to_bytes(value)).hexdigest()


def with_checksum(content: Mapping[str, object]) -> bytes:
    """Write an object with a hash of the rest of it, by which it is known later whether someone edited it."""
    return to_bytes({**content, "sha256": sha256(content)})


def has_valid_checksum(content: bytes) -> bool:
    """Return whether `with_checksum` wrote this."""
    try:
        value = parse(content)
    except ValueError:
        return False
    return isinstance(value, dict) and with_checksum({key: value[key] for key in value if key != "sha256"}) == content


def parse(content: bytes) -> object:
    """Parse JSON in UTF-8; ValueError for what else `json` lets pass: doubled keys, NaN, 1e999, depth without end."""
    try:
        value: object = json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_distinct,
            parse_int=_whole,
            parse_float=_finite,
            parse_constant=_finite,
        )
    except RecursionError:
        raise ValueError("nested too deeply") from None
    _reject_depth(value)
    return value


def _reject_depth(value: object) -> None:
    """Refuse what can be parsed and yet not be shown, since that takes more of the stack."""
    level = [value]
    for _ in range(DEEPEST + 1):
        if not {list, dict} & set(map(type, level)):
            return
        inner = (item.values() if isinstance(item, dict) else item for item in level if isinstance(item, list | dict))
        level = [value for values in inner for value in values]
    raise ValueError("nested too deeply")


def _read(path: os.PathLike[str], wanted: str, max_bytes: int) -> object:
    with opened(path, at_most=max_bytes) as file:
        content = file.read(file.size)
    try:
        return parse(content)
    except ValueError as error:
        raise errors.wrong_content(path, wanted, f"an error in it: {error}") from error


def _distinct(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {errors.shortened(repr(key), 80)} twice")
        found[key] = value
    return found


def _whole(text: str) -> int:
    """Read this many digits as Python does by default: the time grows with their square."""
    if len(text) <= LONGEST_NUMBER:
        with suppress(ValueError):  # Python may be told to read fewer
            return int(text)
    raise ValueError(f"a whole number of {len(text):,} digits")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"the number {errors.shortened(text, 80)}")
    return number


def _kind(item: object) -> str:
    if not isinstance(item, str):
        return "something else than a string"
    return f"{errors.shortened(repr(item), 80)} again" if item else "an empty string"
