"""The functions that queries may call, each with the kinds of value it takes and answers.

What cannot be converted is null, but text never is: functions that answer text answer ''.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

Value = Any


class Kind(StrEnum):
    """Kind of a value; dynamic is anything that JSON can hold."""

    STRING = "string"
    LONG = "long"
    BOOL = "bool"
    DATETIME = "datetime"
    DYNAMIC = "dynamic"


@dataclass(frozen=True, slots=True)
class Function:
    """One function.

    Attributes:
        answers: Kind of the answer for the kinds of its arguments; None if it takes no such ones.
        apply: Computes the answer.
    """

    answers: Callable[[tuple[Kind, ...]], Kind | None]
    apply: Callable[..., Value]


def _takes(answer: Kind, *accepted: set[Kind]) -> Callable[[tuple[Kind, ...]], Kind | None]:
    def answers(kinds: tuple[Kind, ...]) -> Kind | None:
        fits = len(kinds) == len(accepted) and all(map(set.__contains__, accepted, kinds))
        return answer if fits else None

    return answers


def _same(kinds: tuple[Kind, ...]) -> Kind | None:
    return kinds[0] if len(kinds) > 1 and len(set(kinds)) == 1 else None


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _long(value: Value) -> int | None:
    if isinstance(value, bool | int | float):
        return int(value)
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def _bool(value: Value) -> bool | None:
    if isinstance(value, bool | int):
        return bool(value)
    return {"true": True, "1": True, "false": False, "0": False}.get(_text(value).lower())


def _datetime(value: Value) -> str | None:
    try:
        moment = datetime.fromisoformat(_text(value))
    except ValueError:
        return None
    moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}0Z"


def _length(value: Value) -> int | None:
    return len(value) if isinstance(value, list) else None


def _coalesce(*values: Value) -> Value:
    return next((value for value in values if value not in (None, "")), values[-1])


_ANY = set(Kind)
_TEXTUAL = {Kind.STRING, Kind.DYNAMIC}
FUNCTIONS = {
    "tostring": Function(_takes(Kind.STRING, _ANY), _text),
    "tolower": Function(_takes(Kind.STRING, _TEXTUAL), lambda value: _text(value).lower()),
    "tolong": Function(_takes(Kind.LONG, _TEXTUAL | {Kind.LONG, Kind.BOOL}), _long),
    "tobool": Function(_takes(Kind.BOOL, _TEXTUAL | {Kind.LONG, Kind.BOOL}), _bool),
    "todatetime": Function(_takes(Kind.DATETIME, _TEXTUAL | {Kind.DATETIME}), _datetime),
    "split": Function(
        _takes(Kind.DYNAMIC, _TEXTUAL, {Kind.STRING}),
        lambda value, separator: _text(value).split(separator),
    ),
    "array_length": Function(_takes(Kind.LONG, {Kind.DYNAMIC}), _length),
    "coalesce": Function(_same, _coalesce),
}
