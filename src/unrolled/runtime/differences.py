"""What a run depended on then, and one of now → what differs, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def differences(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Tell each by its name, what it was and what it is; of what is told in a group of its own, each by itself."""
    before, after = _flat(then), _flat(now)
    return [
        f"{name} {before.get(name)!r:.80} (now {after.get(name)!r:.80})"
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name)
    ]


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in values.items():
        flat |= value if isinstance(value, dict) else {name: value}
    return flat
