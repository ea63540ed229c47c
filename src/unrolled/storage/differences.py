"""What a run depended on then, and one of now → what differs, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LONGEST = 80  # characters of a value that are told


def diff(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Describe each difference by its name, its old and its new value; groups are compared value by value."""
    before, after = _flat(then), _flat(now)
    return [
        _describe(name, before.get(name), after.get(name))
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name)
    ]


def _describe(name: str, then: object, now: object) -> str:
    """Describe one; of long lists only what is in one of them alone."""
    if isinstance(then, list) and isinstance(now, list) and max(len(repr(then)), len(repr(now))) > LONGEST:
        alone = [item for item in then if item not in now], [item for item in now if item not in then]
        if any(alone):
            return f"{name} with {alone[0]!r:.80} (now with {alone[1]!r:.80})"
    return f"{name} {then!r:.80} (now {now!r:.80})"


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in values.items():
        flat |= value if isinstance(value, dict) else {name: value}
    return flat
