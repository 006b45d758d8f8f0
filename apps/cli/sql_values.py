"""Values of a query's rows as text and JSON hold them: every digit, and dates of any calendar."""

import json
import math
from datetime import date, time
from decimal import Decimal
from typing import Any

import pyarrow as pa

_LARGEST = {32: 2**31 - 1, 64: 2**63 - 1}


def values(column: pa.ChunkedArray) -> list[Any]:
    """Return the values of a column; what the language's own calendar does not hold, as text."""
    try:
        found: list[Any] = column.to_pylist(maps_as_pydicts="lossy")
    except (OverflowError, ValueError):
        return [_value(scalar) for scalar in column]
    return found


def plain(value: Any) -> Any:
    """Return a value in the types of JSON: amounts and what JSON has no form for, as text."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else f"{'-' if value < 0 else ''}Infinity"
    if isinstance(value, dict):
        return {str(plain(name)): plain(item) for name, item in value.items()}
    if isinstance(value, pa.MonthDayNano):
        return _duration(value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value if isinstance(value, str | int | float | None) else _text(value)


def text(value: Any) -> str | None:
    """Return a value as one cell of text; lists and structures as JSON."""
    held = plain(value)
    if held is None or isinstance(held, str):
        return held
    return json.dumps(held, ensure_ascii=False)


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        return _digits(value)
    if isinstance(value, date | time):  # an instant is a date too
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)


def _digits(value: Decimal) -> str:
    """Return all digits of a decimal, without the zeros that its type pads it with."""
    digits = f"{value:f}"
    short = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return "0" if short == "-0" else short


def _duration(value: Any) -> str:
    """Return an interval as ISO 8601 writes it, such as P1M2DT3.5S."""
    written = Decimal(value.nanoseconds).scaleb(-9)
    return f"P{value.months}M{value.days}DT{_digits(written)}S"


def _value(scalar: pa.Scalar) -> Any:
    if not scalar.is_valid:
        return None
    if isinstance(scalar, pa.MapScalar):
        return {_value(pair["key"]): _value(pair["value"]) for pair in (scalar.values or ())}
    if isinstance(scalar, pa.ListScalar):
        return [_value(item) for item in scalar.values]
    if isinstance(scalar, pa.StructScalar):
        return {name: _value(item) for name, item in scalar.items()}
    try:
        return scalar.as_py()
    except (OverflowError, ValueError):
        return _beyond(scalar)


def _beyond(scalar: pa.Scalar) -> str:
    """Return a date or instant of a year before 1 or after 9999, or an infinite one."""
    dtype = scalar.type
    largest = _LARGEST[dtype.bit_width]
    if abs(scalar.value) >= largest:
        return "infinity" if scalar.value > 0 else "-infinity"
    if pa.types.is_timestamp(dtype):
        scalar = pa.scalar(scalar.value, pa.int64()).cast(pa.timestamp(dtype.unit))
    return str(scalar.cast(pa.string()).as_py()).replace(" ", "T")
