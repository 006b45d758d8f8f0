"""Digests of marts, and their copy into an encrypted file."""

import hashlib
import os
from collections.abc import Callable, Collection
from pathlib import Path

import duckdb

from serving.encryption import attach_encrypted, identifier, quoted
from serving.marts import Mart, relation

TARGET_SCHEMA = "main"
TENANT_COLUMN = "tenant_id"
_TARGET = "generation"
_SORT_COLUMNS = (TENANT_COLUMN, "charge_date")


def content_digest(
    connection: duckdb.DuckDBPyConnection, marts: tuple[Mart, ...], *, catalog: str, schema: str
) -> str:
    """Return a digest of the marts' columns, descriptions and rows, whatever the rows' order."""
    digest = hashlib.sha256()
    for mart in marts:
        rows = connection.execute(
            f"""
            select count(*), sum(hash(mart)), bit_xor(hash(mart))
            from {relation(catalog, schema, mart.name)} as mart
            """
        ).fetchone()
        digest.update(repr((mart, rows)).encode())
    return digest.hexdigest()


def write_copy(
    connection: duckdb.DuckDBPyConnection,
    marts: tuple[Mart, ...],
    path: Path,
    *,
    catalog: str,
    schema: str,
    key: str,
    say: Callable[[str], None],
    tenants: Collection[str] | None = None,
) -> dict[str, int]:
    """Copy the marts into a new encrypted file, made durable, and return the rows per table.

    The file appears under its name only when it is whole.

    Args:
        connection: Where the marts are open.
        marts: What is copied.
        path: The new file.
        catalog: Database of the marts.
        schema: Schema of the marts.
        key: Key of the new file.
        say: Told of each table.
        tenants: Whose rows are copied, of marts that have tenants; None for everybody's.
    """
    beside = path.with_name(f".{path.name}.tmp")
    attach_encrypted(connection, beside, alias=_TARGET, key=key, read_only=False)
    try:
        rows = {}
        for mart in marts:
            source = relation(catalog, schema, mart.name)
            rows[mart.name] = _copy_table(connection, mart, source, tenants)
            say(f"{mart.name}: {rows[mart.name]:,} rows")
    finally:
        connection.execute(f"detach {_TARGET}")
    _make_durable(beside)
    beside.rename(path)
    return rows


def _copy_table(
    connection: duckdb.DuckDBPyConnection,
    mart: Mart,
    source: str,
    tenants: Collection[str] | None,
) -> int:
    target = relation(_TARGET, TARGET_SCHEMA, mart.name)
    names = [column.name for column in mart.columns]
    where = ""
    if tenants is not None and TENANT_COLUMN in names:
        permitted = ", ".join(quoted(tenant) for tenant in sorted(tenants))
        where = f"where {TENANT_COLUMN} in ({permitted})" if tenants else "where false"
    sort = ", ".join(identifier(name) for name in _SORT_COLUMNS if name in names)
    order = f"order by {sort}" if sort else ""
    copied = connection.execute(f"create table {target} as select * from {source} {where} {order}")
    (row_count,) = copied.fetchone() or (0,)
    _describe(connection, f"table {target}", mart.description)
    for column in mart.columns:
        _describe(connection, f"column {target}.{identifier(column.name)}", column.description)
    return int(row_count)


def _describe(connection: duckdb.DuckDBPyConnection, what: str, description: str) -> None:
    if description:
        connection.execute(f"comment on {what} is {quoted(description)}")


def _make_durable(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
