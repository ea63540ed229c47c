"""The contents of compare.json → the result that was written, as another program would read it by its fields."""

from __future__ import annotations

import dataclasses
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from unrolled.comparison.result import ComparisonResult


def read_result(content: Any) -> ComparisonResult:
    """Build the result."""
    fields = {key: value for key, value in content.items() if key not in ("format_version", "sha256", "higher_on_test")}
    result: ComparisonResult = _built(ComparisonResult, fields)
    return result


def _built(kind: Any, value: Any) -> Any:
    inside = get_args(kind)
    if dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind)
        assert set(value) == {field.name for field in dataclasses.fields(kind)}
        return kind(**{name: _built(hints[name], one) for name, one in value.items()})  # type: ignore[operator]
    if get_origin(kind) in (Union, UnionType):
        return None if value is None else _built(next(one for one in inside if one is not NoneType), value)
    if kind is Any:
        return value
    if isinstance(value, list):
        return tuple(_built(inside[0] if inside else Any, one) for one in value)
    if isinstance(value, dict):
        return {name: _built(inside[1] if inside else Any, one) for name, one in value.items()}
    return value
