"""What the tables of a DuckDB catalog are: their columns and descriptions."""

from dataclasses import dataclass
from typing import NamedTuple

import duckdb

from serving.encryption import identifier


class MartColumn(NamedTuple):
    """One column of a mart; the description is empty where none was written."""

    name: str
    type: str
    description: str


@dataclass(frozen=True)
class Mart:
    """One table that readers see."""

    name: str
    description: str
    columns: tuple[MartColumn, ...]


def list_marts(
    connection: duckdb.DuckDBPyConnection, *, catalog: str, schema: str
) -> tuple[Mart, ...]:
    """Return the tables of one schema by name, without what a killed dbt run left half made."""
    scope = {"catalog": catalog, "schema": schema}
    columns: dict[str, list[MartColumn]] = {}
    for table, *column in connection.execute(
        """
        select table_name, column_name, data_type, coalesce(comment, '')
        from duckdb_columns()
        where database_name = $catalog and schema_name = $schema
        order by table_name, column_index
        """,
        scope,
    ).fetchall():
        columns.setdefault(table, []).append(MartColumn(*column))
    tables = connection.execute(
        """
        select table_name, coalesce(comment, '')
        from duckdb_tables()
        where
            database_name = $catalog
            and schema_name = $schema
            and not contains(table_name, '__dbt_')
        order by table_name
        """,
        scope,
    ).fetchall()
    return tuple(Mart(name, description, tuple(columns[name])) for name, description in tables)


def relation(catalog: str, schema: str, table: str) -> str:
    """Return the full name of a table, quoted."""
    return ".".join(identifier(part) for part in (catalog, schema, table))
