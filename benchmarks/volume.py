"""Exports of any number of lines: the estate's bill, its rows repeated by DuckDB."""

from datetime import date
from pathlib import Path

import duckdb

from estate.billing.ledger import Ledger
from estate.exports import cur
from estate.exports.containers import write_table
from estate.exports.focus import focus
from estate.exports.table import Table
from estate.model import BillingScope
from estate.world import build_partners, calendar

MONTH, THROUGH = date(2026, 5, 1), date(2026, 5, 31)
_SEED = 21


def write_export(kind: str, container: str, rows: int, folder: Path) -> Path:
    """Write one export of a month with so many lines, of different resources, and return it.

    Args:
        kind: cur or focus.
        container: csv or parquet.
        rows: How many lines.
        folder: Where to write; what lies there already is used again.
    """
    path = folder / f"{kind}-{rows}.{container}"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    table = _table(kind, is_parquet=container == "parquet")
    small = folder / f".{kind}-small.parquet"
    write_table(table, small, "parquet")
    copies = -(-rows // len(table.rows))
    resource = "lineItem/ResourceId" if kind == "cur" else "ResourceId"
    if kind == "cur" and container == "parquet":
        resource = "line_item_resource_id"
    changes = [f""""{resource}" || '-' || copy as "{resource}\""""]
    if container == "csv":  # a CSV file holds maps as JSON text
        changes += [f'to_json("{name}") as "{name}"' for name in sorted(table.maps)]
    options = "format csv, header" if container == "csv" else "format parquet, compression snappy"
    beside = path.with_name(f".{path.name}")
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"set temp_directory = '{folder / 'spill'}'")
        connection.execute("set enable_progress_bar = false")
        connection.execute(
            f"""
            copy (
                select source.* replace ({", ".join(changes)})
                from range({copies}) as copies(copy), read_parquet('{small}') as source
                limit {rows}
            ) to '{beside}' ({options})
            """
        )
    beside.rename(path)
    return path


def _table(kind: str, *, is_parquet: bool) -> Table:
    version = "cur_legacy" if kind == "cur" else "focus_1_0"
    scope = next(scope for scope in _scopes() if scope.export.format == version)
    bill = Ledger(scope, calendar(THROUGH, 1)).bill(MONTH, THROUGH)
    if kind == "focus":
        return focus(bill)
    return cur.athena(bill, "volume") if is_parquet else cur.legacy(bill, "volume")


def _scopes() -> list[BillingScope]:
    return [
        scope
        for partner in build_partners(_SEED, "demo", calendar(THROUGH, 1))
        for tenant in partner.tenants
        for scope in tenant.scopes
        if scope.provider == "aws"
    ]
