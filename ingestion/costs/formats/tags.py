"""Tags of a line as the text of a JSON object, whatever way an export writes them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from ingestion.costs.fields import Column, Columns

READ = '"tags 0"'
_NO_PROBLEM = "cast(null as varchar)"


@dataclass(frozen=True, slots=True)
class Tags:
    """How the tags of a line are read.

    Attributes:
        read: SQL of what a select of its own makes `READ`, so that it is read once.
        value: SQL of the tags from `READ`: a JSON object in text, `{}` without tags.
        problem: SQL of what is wrong with them, or null.
    """

    read: str
    value: str = READ
    problem: str = _NO_PROBLEM


def from_json(columns: Columns, column_key: str, prefixes: Sequence[str] = ()) -> Tags:
    """Read tags from one column: JSON text, JSON text without braces, or a map.

    Args:
        columns: Columns of the file.
        column_key: Key of the column that holds them.
        prefixes: What the provider puts before the keys that customers chose; it is taken off.
    """
    found = columns.find((column_key,))
    if not found:
        return Tags("'{}'")
    column = found[0]
    if column.dtype != "VARCHAR":
        written = f"coalesce(cast(to_json({column.sql}) as varchar), '{{}}')"
        return Tags(written, _without(prefixes, READ))
    trimmed = f"trim({column.sql})"
    braced = f"if({trimmed} like '{{%', {trimmed}, '{{' || {trimmed} || '}}')"
    is_empty = f"coalesce({trimmed}, '') = ''"
    return Tags(
        read=f"case when {is_empty} then '{{}}' when json_valid({braced}) then {braced} end",
        value=f"coalesce({_without(prefixes, READ)}, '{{}}')",
        problem=f"case when {READ} is null "
        f"then 'tags are no JSON: ' || left({column.sql}, 200) end",
    )


def _without(prefixes: Sequence[str], written: str) -> str:
    """Take one prefix off each key; a quote in a JSON value is escaped and begins none."""
    if not prefixes:
        return written
    held = " or ".join(f"contains({written}, '\"{prefix}')" for prefix in prefixes)
    pattern = rf'([{{,]\s*")(?:{"|".join(prefixes)})'
    plain = rf"regexp_replace({written}, '{pattern}', '\1', 'g')"
    return f"case when {held} then {plain} else {written} end"


def from_columns(columns: Columns) -> Tags:
    """Read tags from one column per tag, as legacy CUR has them; empty cells are no tags."""
    pairs = [(_tag_key(column), column) for column in columns.all if _tag_key(column)]
    if not pairs:
        return Tags("'{}'")
    parts = []
    for name, column in pairs:
        literal = json.dumps(name, ensure_ascii=False).replace("'", "''")
        parts.append(
            f"case when {column.sql} <> '' "
            f"then '{literal}:' || cast(to_json({column.sql}) as varchar) end"
        )
    return Tags(f"'{{' || concat_ws(',', {', '.join(parts)}) || '}}'")


def _tag_key(column: Column) -> str:
    category, slash, name = column.name.partition("/")
    if slash:
        return name.removeprefix("user:") if category == "resourceTags" else ""
    for prefix in ("resource_tags_user_", "resource_tags_"):
        if column.name.startswith(prefix):
            return column.name.removeprefix(prefix)
    return ""
