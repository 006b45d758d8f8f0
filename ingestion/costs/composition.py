"""Makes a partition's lines of a staged delivery, and of what the partition already holds.

Azure bills in two exports: amortized cost spreads commitments over what they cover, actual cost has
their purchases. Together they are one bill: all amortized lines, and of actual cost only the
purchases and refunds of commitments (Microsoft's conversion to FOCUS).
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from ingestion.costs.engine import file_literal, quoted
from ingestion.costs.ledger import Load
from ingestion.costs.staging import COPY_OPTIONS, Staged
from ingestion.lake import TenantLake

_COMMITMENT_PURCHASE = (
    "x_charge_type in ('Purchase', 'Refund') and commitment_discount_type is not null"
)
_IN_BILL = {
    "azure_actual": f"(x_dataset = 'azure_actual' and {_COMMITMENT_PURCHASE})",
    "azure_amortized": f"(x_dataset = 'azure_amortized' and not ({_COMMITMENT_PURCHASE}))",
}


def compose(
    con: duckdb.DuckDBPyConnection,
    lake: TenantLake,
    staged: Staged,
    condition: str | None,
    load: Load,
    *,
    kept: Sequence[str],
    spool: Path,
) -> Path:
    """Return a local file with the partition's new lines.

    Args:
        con: Connection that staged the delivery.
        lake: The tenant's lake.
        staged: The delivery.
        condition: Which of its lines belong to the partition; None for all.
        load: The new load.
        kept: Datasets of the partition's other current loads.
        spool: Private folder on the lake's disk.
    """
    other = next((name for name in kept if name in _IN_BILL), None)
    if other is None or load.dataset not in _IN_BILL:
        if condition is None:
            return staged.path
        return _copy(con, select(staged.path, condition), spool)
    own = " and ".join(filter(None, (condition, _IN_BILL[load.dataset])))
    selects = [select(staged.path, own)]
    existing = lake.fetch("cost_lines", *load.partition, spool=spool)
    if existing:
        selects.append(select(existing, _IN_BILL[other]))
    return _copy(con, " union all ".join(selects), spool)


def select(path: Path, condition: str | None = None) -> str:
    """Return SQL for the lines of a local file that satisfy a condition."""
    where = f" where {condition}" if condition else ""
    return f"select * from read_parquet({file_literal(path)}, hive_partitioning = false){where}"


def _copy(con: duckdb.DuckDBPyConnection, sql: str, spool: Path) -> Path:
    target = spool / "cost_lines.parquet"
    con.execute(f"copy ({sql}) to {quoted(str(target))} ({COPY_OPTIONS})")
    return target
