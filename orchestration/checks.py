"""Checks that SQL alone cannot express; all others are dbt tests.

Both read what the partner's own readers read: the published marts.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg

from control.directory import Directory
from control.roles import Action
from orchestration.acting import as_job
from orchestration.assets.serving import SERVING_FILE
from orchestration.partitions import partitioned_checks, partners
from pipeline.settings import Settings
from serving.errors import ServingError
from serving.session import open_session

FRESH_FOR = timedelta(hours=48)
"""Both clouds deliver at least daily, up to a day late."""

_LAST_DELIVERIES = """
    select
        tenant_id,
        connection_id,
        max(delivered_at) as delivered_at,
        max(watermark_date) as watermark_date
    from fct_load_freshness
    group by tenant_id, connection_id
    order by tenant_id, connection_id
"""
_GAPS = """
    select
        tenant_id,
        connection_id,
        billing_period,
        cost_type,
        billing_currency,
        our_total,
        provider_total,
        gap,
        reason
    from fct_reconciliation
    where status = 'gap'
    order by billing_period desc, tenant_id, connection_id, cost_type
"""


with partitioned_checks():

    @dg.asset_check(asset=SERVING_FILE, partitions_def=partners)
    def deliveries_are_fresh(
        context: dg.AssetCheckExecutionContext, settings: dg.ResourceParam[Settings]
    ) -> dg.AssetCheckResult:
        """Each connection delivered within the last 48 hours."""
        rows = _read(settings, context.partition_key, "deliveries_are_fresh", _LAST_DELIVERIES)
        now = datetime.now(UTC).replace(tzinfo=None)
        late = [_late(row) for row in rows if now - row["delivered_at"] > FRESH_FOR]
        return dg.AssetCheckResult(
            passed=not late,
            severity=dg.AssetCheckSeverity.WARN,
            description="; ".join(late) or f"all {len(rows)} connections are fresh",
            metadata={"connections": _table(rows)},
        )

    @dg.asset_check(asset=SERVING_FILE, partitions_def=partners)
    def totals_reconcile(
        context: dg.AssetCheckExecutionContext, settings: dg.ResourceParam[Settings]
    ) -> dg.AssetCheckResult:
        """Our totals equal the provider's, to the cent; rejected lines explain what is missing."""
        gaps = _read(settings, context.partition_key, "totals_reconcile", _GAPS)
        return dg.AssetCheckResult(
            passed=not gaps,
            severity=dg.AssetCheckSeverity.ERROR,
            description="; ".join(_gap(row) for row in gaps[:5]) or "every total reconciles",
            metadata={"gap_count": len(gaps), "gaps": _table(gaps)},
        )


def _read(settings: Settings, partner_id: str, name: str, sql: str) -> list[dict[str, Any]]:
    with (
        as_job(settings, partner_id, name, Action.SEE_HEALTH),
        Directory(settings.control) as directory,
    ):
        tenants = directory.readable_tenants(partner_id)
        try:
            with open_session(
                settings.serving, settings.keys, partner_id, tenants=tenants
            ) as session:
                rows: list[dict[str, Any]] = session.query(sql).to_pylist()
        except ServingError as error:
            raise dg.Failure(str(error), allow_retries=False) from error
    return rows


def _late(row: Mapping[str, Any]) -> str:
    return (
        f"{row['connection_id']} of {row['tenant_id']}: last delivery "
        f"{row['delivered_at']:%Y-%m-%d %H:%M} UTC, charges until {row['watermark_date']}"
    )


def _gap(row: Mapping[str, Any]) -> str:
    return (
        f"{row['connection_id']} of {row['tenant_id']}, {row['billing_period']}, "
        f"{row['cost_type']}: {row['reason']}"
    )


def _table(rows: Sequence[Mapping[str, Any]]) -> dg.TableMetadataValue:
    names = list(rows[0]) if rows else ["connection_id"]
    records = [dg.TableRecord({name: _text(row[name]) for name in names}) for row in rows]
    return dg.MetadataValue.table(records, dg.TableSchema([dg.TableColumn(n) for n in names]))


def _text(value: object) -> str:
    return "" if value is None else str(value)
