"""What was compared ↔ the contents of compare.json; a closed schema, the one of the dataclasses."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Mapping, Sequence
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from unrolled.comparison.result import ComparisonResult
from unrolled.errors import compared as errors

FORMAT_VERSION = 1


def as_json(compared: ComparisonResult) -> dict[str, Any]:
    """Give what `from_json` reads: objects, lists, texts, numbers and null."""
    return {"format_version": FORMAT_VERSION, **_plain(compared)}


def from_json(content: object, where: str = "compare.json") -> ComparisonResult:
    """Read what `as_json` gave; whatever isn't exactly as expected raises a DataError that says where."""
    version = content.get("format_version") if isinstance(content, dict) else content
    if not isinstance(content, dict) or version != FORMAT_VERSION or type(version) is not int:
        raise errors.other_format(where, version, FORMAT_VERSION)
    given = {key: value for key, value in content.items() if key not in ("format_version", "sha256")}
    compared: ComparisonResult = _read(ComparisonResult, given, where, "")
    _refuse_strangers(compared, where)
    return compared


def _refuse_strangers(compared: ComparisonResult, where: str) -> None:
    """Refuse names that stand for no model or for two, and matrices that don't fit the labels."""
    names = [model.name for model in compared.models]
    if len(set(names)) != len(names):
        raise errors.wrong_value(where, "models", "models of distinct names", names)
    chosen = {"selected": compared.selected}
    if compared.recommendation:
        chosen["recommendation.model"] = compared.recommendation.model
    for key, name in chosen.items():
        if name not in names and (name or key != "selected"):
            raise errors.wrong_value(where, key, "the name of one of the models", name)
    classes = len(compared.labels)
    for n, model in enumerate(compared.models):
        if model.confusion and [len(row) for row in model.confusion] != [classes] * classes:
            key = f"models[{n}].confusion"
            raise errors.wrong_value(where, key, f"{classes} rows of {classes} counts", model.confusion)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(inside) for key, inside in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(inside) for inside in value]
    return value


def _read(kind: Any, value: Any, where: str, key: str) -> Any:
    """Read a value of the type that a dataclass declares; lists become tuples."""
    origin, inside = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        (other,) = (one for one in inside if one is not NoneType)
        return None if value is None else _read(other, value, where, key)
    if dataclasses.is_dataclass(kind):
        return _read_fields(kind, value, where, key)
    if origin is Literal:
        return value if value in inside else _refuse(where, key, f"one of {', '.join(inside)}", value)
    if origin is Sequence and isinstance(value, list):
        return tuple(_read(inside[0], one, where, f"{key}[{n}]") for n, one in enumerate(value))
    if origin is Mapping and isinstance(value, dict) and set(map(type, value)) <= {str}:
        return {name: _read(inside[1], one, where, f"{key}.{name}") for name, one in value.items()}
    return value if kind is Any else _read_single(kind, value, where, key)


def _read_fields(kind: Any, value: Any, where: str, key: str) -> Any:
    hints = get_type_hints(kind)
    if not isinstance(value, dict) or set(value) != set(hints):
        _refuse(where, key, f"an object with exactly {', '.join(hints)}", value)
    dot = f"{key}." if key else ""
    return kind(**{name: _read(hint, value[name], where, f"{dot}{name}") for name, hint in hints.items()})


def _read_single(kind: Any, value: Any, where: str, key: str) -> Any:
    """Take a text, a whole number, or a finite number for a float; True and False are no numbers."""
    if kind is float and type(value) in (int, float) and abs(value) <= sys.float_info.max:
        return float(value)
    if kind in (int, str) and type(value) is kind:
        return value
    names = {float: "a finite number", int: "a whole number", str: "a text"}
    return _refuse(where, key, names.get(kind, "a list or an object, as the key has it"), value)


def _refuse(where: str, key: str, expected: str, value: object) -> Any:
    raise errors.wrong_value(where, key, expected, value)
