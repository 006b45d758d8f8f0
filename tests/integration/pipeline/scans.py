"""Scans made for tests: what a collector would land, written as the lake holds it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from ingestion.lake import TenantLake, partition_columns
from pipeline.dbt_parse import PROJECT
from pipeline.settings import Settings
from tests.conftest import PARTNER, TENANT

Row = Mapping[str, Any]
ACCOUNT, REGION = "000011112222", "us-east-1"

_TYPES = {
    "varchar": pa.string(),
    "bigint": pa.int64(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
    "timestamp": pa.timestamp("us"),
}


class Scans:
    """Lands what scans of one AWS account saw, on one day after another."""

    def __init__(
        self,
        settings: Settings,
        spool: Path,
        tenant: str = TENANT,
        account: str = ACCOUNT,
        partner: str = PARTNER,
    ) -> None:
        self._lake = TenantLake(settings.lake, partner, tenant)
        self._spool = spool
        self._connection = f"aws-{account}"
        self._place = {"sub_account_id": account, "region_id": REGION}

    def land(
        self,
        day: date,
        tables: Mapping[str, Sequence[Row]],
        *,
        denied: Sequence[str] = (),
        known: bool = True,
        words: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Land a scan of the tables; denied ones hold no rows and say so, in some words."""
        scopes = []
        for table in (*tables, *denied, *(("utilization_daily",) if known else ())):
            is_denied = table in denied
            scope = _scope(table, day, "denied" if is_denied else "complete")
            scopes.append({**self._place, **scope, **(words if is_denied else {})})
            if table in tables and not is_denied:
                rows = [{**self._place, "tags": "{}", **row} for row in tables[table]]
                self._write(table, rows, self._connection, day.isoformat())
        self._write("scan_scopes", scopes, self._connection, day.isoformat())

    def measure(self, last: date, days: int, rows: Sequence[Row]) -> None:
        """Land the same utilization for each of the days that end with the last."""
        for back in range(days):
            day = (last - timedelta(days=back)).isoformat()
            measured = [{**self._place, "sample_count": 288, **row} for row in rows]
            self._write("utilization_daily", measured, self._connection, day)

    def _write(self, table: str, rows: Sequence[Row], *partition: str) -> None:
        written = self._spool / "scan.parquet"
        pq.write_table(pa.Table.from_pylist([dict(row) for row in rows], _schema(table)), written)
        self._lake.replace(written, table, *partition)


def _schema(table: str) -> pa.Schema:
    """The file's columns, as the dbt source declares them."""
    path = PROJECT / "models" / "staging" / "_inventory__sources.yml"
    (source,) = yaml.safe_load(path.read_text(encoding="utf-8"))["sources"]
    (declared,) = (found for found in source["tables"] if found["name"] == table)
    from_path = {"tenant_id", *partition_columns(table)}
    return pa.schema(
        [
            (column["name"], _TYPES[column["data_type"]])
            for column in declared["columns"]
            if column["name"] not in from_path
        ]
    )


def _scope(table: str, day: date, status: str) -> dict[str, Any]:
    return {
        "scan_id": f"scan-{day.isoformat()}",
        "provider": "aws",
        "table_name": table,
        "status": status,
        "resource_count": 0,
        "call_count": 1,
        "requested_by": "test",
        "started_at": datetime(day.year, day.month, day.day, 6),  # noqa: DTZ001 - UTC, as landed
        "finished_at": datetime(day.year, day.month, day.day, 7),  # noqa: DTZ001
    }
