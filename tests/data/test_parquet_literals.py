"""Values of Parquet: each is told whole, so that it could be read back; none takes an answer away."""

from __future__ import annotations

import base64
import json
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unrolled.data.parquet_literals import Flaw, format_literal

LONG = st.integers(-(2**63) + 1, 2**63 - 1)


def of(value: Any, kind: Any) -> Any:
    return format_literal("x", pa.array([value], kind)[0])


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@given(ticks=LONG | st.integers(-(10**6), 10**6))
def test_a_time_of_any_age_and_unit_comes_back_from_its_spelling(unit: Any, ticks: int) -> None:
    told = of(ticks, pa.timestamp(unit))
    if unit == "s" and abs(ticks) > 2**55:  # beyond what numpy reads back
        assert told
    else:
        assert np.datetime64(told.replace(" ", "T"), unit) == np.datetime64(ticks, unit)


@given(st.integers(-(2**31) + 1, 2**31 - 1))
def test_a_day_of_any_age_comes_back_from_its_spelling(days: int) -> None:
    assert np.datetime64(of(days, pa.date32()), "D") == np.datetime64(days, "D")


@given(st.integers(0, 86_400 * 10**9 - 1))
def test_a_time_of_day_is_told_to_the_nanosecond(ticks: int) -> None:
    hours, minutes, seconds = of(ticks, pa.time64("ns")).split(":")
    whole, _, rest = seconds.partition(".")
    told = (int(hours) * 60 + int(minutes)) * 60 + int(whole)
    assert told * 10**9 + int(rest.ljust(9, "0") or "0") == ticks


@given(LONG)
def test_a_duration_is_told_to_the_nanosecond(ticks: int) -> None:
    told = of(ticks, pa.duration("ns"))
    whole = timedelta(microseconds=ticks // 1000)
    assert told == (f"{ticks} ns" if ticks % 1000 else str(whole))


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_a_number_of_32_bits_is_told_by_the_fewest_digits_of_its_own(number: float) -> None:
    told = of(number, pa.float32())
    assert np.float32(told) == np.float32(number)
    assert len(told) <= len(json.dumps(number))


@given(st.binary(max_size=6))
def test_bytes_are_text_or_base64(value: bytes) -> None:
    for kind in (pa.binary(), pa.large_binary(), pa.binary_view(), pa.binary(len(value))):
        told = of(value, kind)
        if told.startswith("base64:") and not value.startswith(b"base64:"):
            assert base64.b64decode(told.removeprefix("base64:")) == value
        else:
            assert told.encode() == value


def test_what_is_nested_is_spelt_as_json() -> None:
    inner = pa.struct({"at": pa.timestamp("ns"), "how": pa.float32(), "raw": pa.binary()})
    value = [{"at": 1, "how": 0.1, "raw": b"\xff"}, None]
    told = [{"at": "1970-01-01 00:00:00.000000001", "how": 0.1, "raw": "base64:/w=="}, None]
    assert json.loads(of(value, pa.list_(inner))) == told
    assert json.loads(of([("a", 1)], pa.map_(pa.string(), pa.int8()))) == [["a", 1]]
    twice = pa.StructArray.from_arrays([pa.array([1]), pa.array([2])], ["a", "a"])
    assert format_literal("x", twice[0]) == "[1, 2]"
    assert of(0.1, pa.float16()) == "0.1"
    assert format_literal("x", pa.array([0.1], pa.float32()).dictionary_encode()[0]) == "0.1"
    uuid = pa.ExtensionArray.from_storage(pa.uuid(), pa.array([bytes(16)], pa.binary(16)))
    assert format_literal("x", uuid[0]) == "\0" * 16


def test_zones_are_told_and_an_unknown_one_is_told_in_utc() -> None:
    assert of(0, pa.timestamp("us", "+05:30")) == "1970-01-01 05:30:00+05:30"
    assert of(1, pa.timestamp("ns", "+05:30")) == "1970-01-01 05:30:00.000000001+05:30"
    assert of(0, pa.timestamp("us", "Nowhere/None")) == "1970-01-01 00:00:00.000000+00:00"
    far = of(2**60, pa.timestamp("us", "Europe/Berlin"))
    assert np.datetime64(far.removesuffix("+00:00").replace(" ", "T"), "us") == np.datetime64(2**60, "us")


def test_what_python_knows_is_told_as_before() -> None:
    assert of(date(2026, 1, 2), pa.date32()) == "2026-01-02"
    assert of(datetime(2026, 1, 2, 3, 4, 5), pa.timestamp("us")) == "2026-01-02 03:04:05"
    assert of(None, pa.timestamp("ns")) is None
    raw = pa.array([b"\xff"], pa.binary())
    bad = format_literal("x", pa.Array.from_buffers(pa.string(), 1, raw.buffers())[0])
    assert isinstance(bad, Flaw)
    assert "'x' can't be read" in bad.reason
