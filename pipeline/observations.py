"""Lands what was open on a day, so that a finding's history survives a new warehouse.

The one place where a result flows back into the lake; `docs/adr` says why.
"""

import duckdb
import pyarrow as pa

from ingestion.lake import TenantLake
from pipeline.lake_access import quoted
from pipeline.small_tables import land_small
from pipeline.warehouse import Warehouse

TABLE = "finding_observations"
SCHEMA = pa.schema(
    [
        ("finding_id", pa.string()),
        ("rule_id", pa.string()),
        ("provider", pa.string()),
        ("resource_id", pa.string()),
        ("claimed_resource_ids", pa.string()),
        ("billing_currency", pa.string()),
        ("estimated_monthly_savings", pa.decimal128(38, 2)),
        ("thresholds", pa.string()),
        ("is_exempt", pa.bool_()),
        ("is_dismissed", pa.bool_()),
        ("is_unverified", pa.bool_()),
    ]
)

_DAYS = """
    select tenant_id, cast(scan_date as varchar)
    from warehouse.intermediate.int_scan_days
    where is_latest
    order by tenant_id
"""
_OBSERVED = """
    select
        finding_id, rule_id, provider, resource_id, claimed_resource_ids, billing_currency,
        estimated_monthly_savings, thresholds, is_exempt, is_dismissed, is_unverified
    from warehouse.intermediate.int_finding_observations
    where is_current and tenant_id = {tenant}
    order by finding_id
"""


def land_observations(warehouse: Warehouse, connection: duckdb.DuckDBPyConnection) -> None:
    """Write each tenant's open, dismissed and unverified findings as those of its latest scan day.

    Building again on the same scan gives the same file: it is written only where it differs.
    """
    for tenant_id, day in connection.execute(_DAYS).fetchall():
        found = connection.execute(_OBSERVED.format(tenant=quoted(tenant_id))).to_arrow_table()
        lake = TenantLake(warehouse.lake, warehouse.partner_id, tenant_id)
        land_small(lake, TABLE, found.cast(SCHEMA), day)
