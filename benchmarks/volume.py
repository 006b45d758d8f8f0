"""Exports of any number of lines: the estate's bill, its rows repeated by DuckDB."""

from datetime import date
from pathlib import Path

import duckdb

from estate.billing.ledger import Ledger
from estate.exports import azure, cur
from estate.exports.containers import write_table
from estate.exports.focus import focus
from estate.exports.table import Table
from estate.model import BillingScope
from estate.world import build_partners, calendar

MONTH, THROUGH = date(2026, 5, 1), date(2026, 5, 31)
_SEED = 21
_VERSIONS = {"cur": "cur_legacy", "focus": "focus_1_0", "azure": "azure_mca"}
_RESOURCE_IDS = ("lineItem/ResourceId", "line_item_resource_id", "ResourceId")


def write_export(kind: str, container: str, rows: int, folder: Path) -> Path:
    """Write one export of a month with so many lines, of different resources, and return it.

    Args:
        kind: cur, focus or azure.
        container: csv or parquet.
        rows: How many lines.
        folder: Where to write; what lies there already is used again.
    """
    path = folder / f"{kind}-{rows}.{container}"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    table = _table(kind, is_parquet=container == "parquet")
    small = folder / f".{kind}-small.{container}"
    write_table(table, small, container)
    whole, rest = divmod(rows, len(table.rows))
    resource = next(name for name in _RESOURCE_IDS if name in table.columns)
    # Text stays as the estate wrote it: DuckDB would write numbers and dates its own way.
    source = f"read_parquet('{small}')"
    options = "format parquet, compression snappy"
    if container == "csv":
        source = f"read_csv('{small}', all_varchar = true, header = true)"
        options = "format csv, header"
    beside = path.with_name(f".{path.name}")
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"set temp_directory = '{folder / 'spill'}'")
        connection.execute("set enable_progress_bar = false")
        # lines in any order and no limit, or DuckDB would hold all of them before it writes one
        connection.execute("set preserve_insertion_order = false")
        connection.execute(
            f"""
            copy (
                with source as materialized (
                    select *, row_number() over () as source_row from {source}
                )
                select * exclude (source_row, copy)
                    replace ("{resource}" || '-' || copy as "{resource}")
                from range({whole + 1}) as copies(copy), source
                where copy < {whole} or source_row <= {rest}
            ) to '{beside}' ({options})
            """
        )
    beside.rename(path)
    return path


def _table(kind: str, *, is_parquet: bool) -> Table:
    bill = Ledger(_scope(kind), calendar(THROUGH, 1)).bill(MONTH, THROUGH)
    if kind == "focus":
        return focus(bill)
    if kind == "azure":
        return azure.mca(bill, azure.AMORTIZED)
    return cur.athena(bill, "volume") if is_parquet else cur.legacy(bill, "volume")


def _scope(kind: str) -> BillingScope:
    return next(
        scope
        for partner in build_partners(_SEED, "demo", calendar(THROUGH, 1))
        for tenant in partner.tenants
        for scope in tenant.scopes
        if scope.export.format == _VERSIONS[kind]
        and scope.provider == ("azure" if kind == "azure" else "aws")
    )
