"""A value of a Parquet file → its spelling in an answer, which tells it whole and in one way, or why there is none.

Numbers, truth, lists and structs are spelled as in JSON, a number by the fewest digits that tell it from others of
its own type (0.1 of 32 bits is 0.1). Dates and times are spelled as in ISO 8601, with a space for the T; to the
nanosecond; those beyond the years that Python knows too, in UTC where they have a zone. A duration that Python
doesn't know is written as its number and unit: `1 ns`. Bytes are the text that they are in UTF-8, else `base64:…`.
null is None.
"""

from __future__ import annotations

import json
from base64 import b64encode
from contextlib import suppress
from typing import Any, NamedTuple

from unrolled.errors import data as errors


class Flaw(NamedTuple):
    """Why a value can't be used, in its place."""

    reason: str


def format_literal(name: str, scalar: Any) -> str | Flaw | None:
    """Spell a value of the column of that name."""
    try:
        value = _value(scalar)
    except UnicodeDecodeError as error:  # a string that is none
        return Flaw(errors.unreadable_value_reason(name, str(error)))
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _value(scalar: Any) -> Any:
    """Return what JSON can spell."""
    import numpy as np  # not before threads are chosen: `predict` does that
    from pyarrow import types

    if not scalar.is_valid:
        return None
    kind = scalar.type
    if types.is_dictionary(kind) or isinstance(kind, _extension()):
        return _value(scalar.value)
    if types.is_map(kind):
        return [[_value(pair["key"]), _value(pair["value"])] for pair in scalar.values]
    if types.is_nested(kind):
        return _struct(scalar) if types.is_struct(kind) else [_value(one) for one in scalar.values]
    if types.is_temporal(kind):
        return _time(scalar)
    value = scalar.as_py()
    if isinstance(value, bytes):
        return _bytes(value)
    if types.is_float16(kind) or types.is_float32(kind):
        return float(str((np.float16 if types.is_float16(kind) else np.float32)(value)))
    return value if isinstance(value, bool | int | float) else str(value)


def _extension() -> type:
    import pyarrow

    return pyarrow.BaseExtensionType  # type: ignore[no-any-return]


def _struct(scalar: Any) -> Any:
    names = [field.name for field in scalar.type]
    values = [_value(scalar[place]) for place in range(len(names))]
    return dict(zip(names, values, strict=True)) if len({*names}) == len(names) else values


def _bytes(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return f"base64:{b64encode(value).decode()}"


def _time(scalar: Any) -> str:
    try:
        return str(scalar.as_py())
    except (ValueError, OverflowError, LookupError):  # it is too fine or too far for Python, or in an unknown zone
        return _beyond_python(scalar.type, scalar.value)


def _beyond_python(kind: Any, value: int) -> str:
    import numpy as np  # not before threads are chosen: `predict` does that
    from pyarrow import types

    unit: Any = "D" if types.is_date32(kind) else getattr(kind, "unit", "ms")
    if types.is_duration(kind):
        return f"{value} {unit}"
    if unit == "ns":
        with suppress(LookupError):
            return _to_the_nanosecond(kind, *divmod(value, 10**9))
    return str(np.datetime64(value, unit)).replace("T", " ") + "+00:00" * bool(getattr(kind, "tz", None))


def _to_the_nanosecond(kind: Any, seconds: int, rest: int) -> str:
    from pyarrow import scalar, time32, timestamp, types

    whole = str(scalar(seconds, time32("s") if types.is_time(kind) else timestamp("s", kind.tz)).as_py())
    place = whole.index(":") + len(":00:00")  # of the point; a zone may follow
    return f"{whole[:place]}.{rest:09}{whole[place:]}"
