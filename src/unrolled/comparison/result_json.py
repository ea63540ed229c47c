"""What was compared → the contents of compare.json: the fields of the dataclasses."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from unrolled.comparison.result import ComparisonResult

FORMAT_VERSION = 1


def as_json(compared: ComparisonResult) -> dict[str, Any]:
    """Return it as JSON: objects, lists, texts, numbers and null."""
    higher = [model.name for model in compared.higher_on_test]
    return {"format_version": FORMAT_VERSION, "higher_on_test": higher, **_plain(compared)}


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(inside) for key, inside in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(inside) for inside in value]
    return value
