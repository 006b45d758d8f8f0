"""SQL that reads the tables of a delivery as `fields`, which every mapping selects from."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

import duckdb

from ingestion.costs.containers import Container
from ingestion.costs.engine import file_literal, quoted
from ingestion.costs.fields import Columns
from ingestion.costs.formats.model import Family
from ingestion.costs.formats.tags import READ
from ingestion.costs.schema import COST_LINES
from ingestion.costs.tables import SourceTable

LINE_BYTES = 16 * 1024 * 1024
REJECTS = "structural_rejects"
_BUFFER = 32 * 1024 * 1024


def cost_lines_sql(
    con: duckdb.DuckDBPyConnection,
    family: Family,
    tables: Sequence[SourceTable],
    constants: Mapping[str, str],
) -> str:
    """Return SQL that gives `cost_lines` from the tables of a delivery, in no order.

    Texts that the mapping chooses are enumerations; a Parquet file holds them as any other text.

    Args:
        con: Connection with the mappings' macros.
        family: Family of every table.
        tables: The tables; those of one shape are read together.
        constants: SQL of further fields, by name.

    Raises:
        UnreadableFileError: A column that the mapping reads stands twice in a header.
    """
    mapped = f"with fields as ({fields_sql(family, tables, constants)}) from ({family.mapping})"
    filled = {row[0] for row in con.execute(f"describe {mapped}").fetchall()}
    words = dict(family.words)
    if "source_file" not in constants:
        words["x_source_file"] = tuple(dict.fromkeys(table.name for table in tables))
    columns = {
        column.name: f"cast({column.name if column.name in filled else 'null'} as "
        f"{_enumeration(words[column.name]) if column.name in words else column.dtype})"
        for column in COST_LINES
    }
    return f"select {_listed(columns)} from ({mapped})"


def _enumeration(words: Iterable[str]) -> str:
    """Return the type of a text that is one of few words: DuckDB writes it ten times as fast."""
    return f"enum({', '.join(map(quoted, words))})"


def fields_sql(family: Family, tables: Sequence[SourceTable], constants: Mapping[str, str]) -> str:
    """Return SQL that gives every field of the family, `tags`, `problems` and `source_file`."""
    ordered = sorted(tables, key=lambda table: repr(table.shape))
    groups = [list(group) for _, group in groupby(ordered, key=lambda table: table.shape)]
    return " union all ".join(_select(family, group, constants) for group in groups)


def _select(family: Family, tables: Sequence[SourceTable], constants: Mapping[str, str]) -> str:
    columns = tables[0].columns
    tags = family.tags(columns)
    derived = family.derived(columns)
    values = {
        declared.name: (
            f"coalesce({columns.value(declared)}, {derived[declared.name]})"
            if declared.name in derived
            else columns.value(declared)
        )
        for declared in family.fields
    }
    values |= {name: sql for name, sql in derived.items() if name not in values}
    values["tags"] = tags.value
    values["problems"] = _joined(columns.problems(family.fields), tags.problem)
    values["source_file"] = _file_name(tables)
    values |= constants
    read_once = columns.conversions(family.fields) | {READ: tags.read}
    converted = f"select *, {_listed(read_once)} from {scan_sql(tables, columns)}"
    return f"select {_listed(values)} from ({converted})"


def _listed(values: Mapping[str, str]) -> str:
    return ", ".join(f"{sql} as {name}" for name, sql in values.items())


def _joined(problems: str, tag_problem: str) -> str:
    return f"nullif(concat_ws('; ', {problems}, {tag_problem}), '')"


def _file_name(tables: Sequence[SourceTable]) -> str:
    if len(tables) == 1:
        return quoted(tables[0].name)
    keys = ", ".join(quoted(str(table.local)) for table in tables)
    names = ", ".join(quoted(table.name) for table in tables)
    return f"map([{keys}], [{names}])[filename]"


def scan_sql(tables: Sequence[SourceTable], columns: Columns) -> str:
    """Return the table function call that reads tables of one shape.

    Lines of a text that break its form go to the connection's table of structural rejects. Folders
    named `column=value`, as AWS names them, are no columns.
    """
    first = tables[0]
    paths = "[" + ", ".join(file_literal(table.local) for table in tables) + "]"
    if not first.is_text:
        return (
            f"read_parquet({paths}, filename = true, union_by_name = false, "
            "hive_partitioning = false)"
        )
    declared = ", ".join(f"'{column.sql}': 'VARCHAR'" for column in columns.all)
    packed = "gzip" if first.container is Container.GZIP else "none"
    return (
        f"read_csv({paths}, columns = {{{declared}}}, auto_detect = false, header = true, "
        f"""delim = ',', quote = '"', escape = '"', nullstr = ['', 'NULL', 'null'], """
        f"encoding = '{first.encoding}', compression = '{packed}', filename = true, "
        "hive_partitioning = false, "
        f"max_line_size = {LINE_BYTES}, buffer_size = {_BUFFER}, "
        f"store_rejects = true, rejects_table = '{REJECTS}', rejects_scan = '{REJECTS}_scans')"
    )
