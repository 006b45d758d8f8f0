"""Fields of an export: what a mapping needs, under which names exports write it.

A column's key is its name in lower case with letters and digits alone, so that
`lineItem/UnblendedCost`, `line_item_unblended_cost` and `LineItemUnblendedCost` are one column, and
`savings_plan_savings_plan_a_r_n` is `savingsPlan/SavingsPlanARN`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingestion.costs.schema import AMOUNT
from ingestion.errors import UnreadableFileError

_SHOWN = 60


def key(name: str) -> str:
    """Return the key of a column name."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a source file, and how SQL refers to it."""

    name: str
    sql: str
    dtype: str


@dataclass(frozen=True, slots=True)
class Field:
    """One value that a mapping uses.

    Attributes:
        name: Name in the mapping's SQL.
        kind: text, amount, instant or currency.
        keys: Keys of the columns that may hold it, first match first.
        is_required: Whether a line whose value cannot be read is rejected as a whole.
    """

    name: str
    kind: str
    keys: tuple[str, ...]
    is_required: bool = False


def text(name: str, *keys: str) -> Field:
    """Declare a text field."""
    return Field(name, "text", keys or (key(name),))


def amount(name: str, *keys: str, is_required: bool = False) -> Field:
    """Declare a decimal field."""
    return Field(name, "amount", keys or (key(name),), is_required)


def instant(name: str, *keys: str) -> Field:
    """Declare a point in time."""
    return Field(name, "instant", keys or (key(name),))


def currency(name: str, *keys: str) -> Field:
    """Declare a currency's code."""
    return Field(name, "currency", keys or (key(name),))


class Columns:
    """The columns of one source file, found by key."""

    def __init__(self, columns: Iterable[Column]) -> None:
        self.all = tuple(columns)
        self._by_key: dict[str, list[Column]] = {}
        for column in self.all:
            self._by_key.setdefault(key(column.name), []).append(column)

    @property
    def keys(self) -> frozenset[str]:
        """Keys of all columns."""
        return frozenset(self._by_key)

    def find(self, keys: Sequence[str]) -> tuple[Column, ...]:
        """Return the columns of the first key that the file has.

        Raises:
            UnreadableFileError: Two columns have the same name, so that the value is ambiguous.
        """
        for wanted in keys:
            found = self._by_key.get(wanted, [])
            if len({column.name for column in found}) < len(found):
                raise UnreadableFileError(
                    f"column {found[0].name} stands {len(found)} times in the header; export the "
                    "file again or remove the copy"
                )
            if found:
                return tuple(found)
        return ()

    def conversions(self, fields: Iterable[Field]) -> dict[str, str]:
        """Return SQL that converts what is no text, by the name that `value` reads it under.

        A statement must give them a select of their own, below the one with values and problems:
        both use them, and DuckDB would convert once for each.
        """
        return {
            _converted(field, number): _read(column, field.kind)
            for field in fields
            if field.kind != "text"
            for number, column in enumerate(self.find(field.keys))
        }

    def value(self, field: Field) -> str:
        """Return SQL for a field's value; a typed null where the file lacks it."""
        dtype = {"amount": AMOUNT, "instant": "TIMESTAMP"}.get(field.kind, "VARCHAR")
        values = [
            _read(column, "text") if field.kind == "text" else _held(field, number)
            for number, column in enumerate(self.find(field.keys))
        ]
        if not values:
            return f"cast(null as {dtype})"
        return values[0] if len(values) == 1 else f"coalesce({', '.join(values)})"

    def problems(self, fields: Iterable[Field]) -> str:
        """Return SQL for what of a line cannot be read: text, or null where all is well."""
        tests: list[tuple[str, str]] = []
        for field in sorted(fields, key=lambda field: not field.is_required):
            if field.kind != "text":
                for number, column in enumerate(self.find(field.keys)):
                    tests.extend(_problems(column, field, _held(field, number)))
        if not tests:
            return "cast(null as varchar)"
        any_problem = " or ".join(condition for condition, _ in tests)
        words = ", ".join(f"case when {condition} then {word} end" for condition, word in tests)
        return f"case when {any_problem} then concat_ws('; ', {words}) end"


def _converted(field: Field, number: int) -> str:
    return f'"{field.name} {number}"'


def _held(field: Field, number: int) -> str:
    """Return SQL of a converted value; of an instant that no calendar of ours holds, null."""
    converted = _converted(field, number)
    return f"plausible({converted})" if field.kind == "instant" else converted


def _read(column: Column, kind: str) -> str:
    source, is_text = column.sql, column.dtype == "VARCHAR"
    if kind == "text":
        return f"nullif({source}, '')" if is_text else f"cast({source} as varchar)"
    if kind == "currency":
        return f"currency_code(cast({source} as varchar))"
    if kind == "amount":
        if column.dtype == "DOUBLE":
            return f"decimal_of_double({source}, cast({source} as varchar))"
        if column.dtype == "FLOAT":
            return f"try_cast(cast({source} as varchar) as {AMOUNT})"
        return f"decimal_of_text({source})" if is_text else f"try_cast({source} as {AMOUNT})"
    if is_text:
        return f"instant_of_text({source})"
    if column.dtype == "TIMESTAMP WITH TIME ZONE":
        return f"cast({source} as timestamp)"
    return f"try_cast({source} as timestamp)"


def _problems(column: Column, field: Field, value: str) -> list[tuple[str, str]]:
    is_text = column.dtype == "VARCHAR"
    written = column.sql if is_text else f"cast({column.sql} as varchar)"
    label = _literal(column.name)
    shown = f"left({written}, {_SHOWN})"
    is_written = f"{column.sql} <> ''" if is_text else f"{column.sql} is not null"
    unread = f"({is_written} and {value} is null)"
    prefix = "rejected: " if field.is_required else ""
    if field.kind == "currency":
        sentence = (
            f"{label} || ' is no currency code, so the line counts as XXX: ' || {shown} "
            "|| '; have the export write a code such as USD'"
        )
        return [(unread, sentence)]
    if field.kind == "instant":
        return [(unread, f"'{prefix}' || {label} || ' is no date we read: ' || {shown}")]
    is_number = rf"regexp_full_match({written}, '\s*[-+]?[0-9.]+([eE][-+]?[0-9]+)?\s*')"
    sentence = (
        f"'{prefix}' || {label} || case when {is_number} "
        f"then ' has more than 18 digits before the point: ' else ' is no number: ' end || {shown}"
    )
    if not is_text:
        return [(unread, sentence)]
    fine = rf"regexp_matches({column.sql}, '[.][0-9]{{21,}}')"
    rounded = f"(strlen({column.sql}) > 21 and {value} is not null and {fine})"
    return [
        (unread, sentence),
        (rounded, f"{label} || ' is rounded to 20 decimals: ' || {shown}"),
    ]


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
