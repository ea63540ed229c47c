"""JSON ↔ its values, where every number is the text it was written as: `1.10` and `1e2` come back as they were."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple


class Number(NamedTuple):
    """A number as it was spelled, and whether without a point or an exponent."""

    spelling: str
    is_integer: bool


def values(line: str, *, unique: Callable[[list[tuple[str, Any]]], Any], reject: Callable[[str], Any]) -> Any:
    """Read JSON; `unique` makes objects of their pairs, `refuse` hears of NaN and Infinity."""
    return json.loads(
        line, object_pairs_hook=unique, parse_constant=reject, parse_int=_integer, parse_float=_other_number
    )


def spelled(value: object, *, ascii_only: bool = False) -> str:
    """Write a value that was read."""
    if isinstance(value, Number):
        return value.spelling
    if isinstance(value, dict):
        pairs = (
            f"{json.dumps(key, ensure_ascii=ascii_only)}: {spelled(v, ascii_only=ascii_only)}"
            for key, v in value.items()
        )
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{', '.join([spelled(one, ascii_only=ascii_only) for one in value])}]"
    return json.dumps(value, ensure_ascii=ascii_only)


def _integer(spelling: str) -> Number:
    return Number(spelling, is_integer=True)


def _other_number(spelling: str) -> Number:
    return Number(spelling, is_integer=False)
