"""Tags of a line as the text of a JSON object, whatever way an export writes them."""

import json

from ingestion.costs.fields import Column, Columns

_NO_PROBLEM = "cast(null as varchar)"


def from_json(columns: Columns, *keys: str) -> tuple[str, str]:
    """Read tags from one column: JSON text, JSON text without braces, or a map."""
    found = columns.find(keys)
    if not found:
        return "'{}'", _NO_PROBLEM
    column = found[0]
    if column.dtype != "VARCHAR":
        written = f"coalesce(cast(to_json({column.sql}) as varchar), '{{}}')"
        return _without_user_prefix(written), _NO_PROBLEM
    trimmed = f"trim({column.sql})"
    braced = f"if({trimmed} like '{{%', {trimmed}, '{{' || {trimmed} || '}}')"
    is_damaged = f"(coalesce({column.sql}, '') <> '' and not json_valid({braced}))"
    written = (
        f"case when coalesce({trimmed}, '') = '' or {is_damaged} then '{{}}' else {braced} end"
    )
    problem = f"case when {is_damaged} then 'tags are no JSON: ' || left({column.sql}, 200) end"
    return _without_user_prefix(written), problem


def _without_user_prefix(written: str) -> str:
    # A quote inside a JSON value is escaped, so these patterns only meet the start of a key.
    plain = written
    for prefix in ("user:", "user_"):
        plain = f"""replace(replace({plain}, '{{"{prefix}', '{{"'), ',"{prefix}', ',"')"""
    return f"case when contains({written}, '\"user') then {plain} else {written} end"


def from_columns(columns: Columns) -> tuple[str, str]:
    """Read tags from one column per tag, as legacy CUR has them; empty cells are no tags."""
    pairs = [(_tag_key(column), column) for column in columns.all if _tag_key(column)]
    if not pairs:
        return "'{}'", _NO_PROBLEM
    parts = []
    for name, column in pairs:
        literal = json.dumps(name, ensure_ascii=False).replace("'", "''")
        parts.append(
            f"case when {column.sql} <> '' "
            f"then '{literal}:' || cast(to_json({column.sql}) as varchar) end"
        )
    return f"'{{' || concat_ws(',', {', '.join(parts)}) || '}}'", _NO_PROBLEM


def _tag_key(column: Column) -> str:
    category, slash, name = column.name.partition("/")
    if slash:
        return name.removeprefix("user:") if category == "resourceTags" else ""
    for prefix in ("resource_tags_user_", "resource_tags_"):
        if column.name.startswith(prefix):
            return column.name.removeprefix(prefix)
    return ""
