"""Lands a partner's thresholds and exemptions in each tenant's lake, for the models to read.

A file is written only where it would differ, so that an unchanged setting asks for no build.
"""

from collections.abc import Iterable
from contextlib import closing
from typing import Any

import pyarrow as pa

from control.directory import Directory
from control.records import RuleExemption, RuleThreshold
from control.rule_settings import EVERY_TENANT
from ingestion.lake import TenantLake
from pipeline.settings import Settings
from pipeline.small_tables import land_small

_TEXT = pa.string()
THRESHOLDS = pa.schema([("rule_id", _TEXT), ("threshold_name", _TEXT), ("value", pa.float64())])
EXEMPTIONS = pa.schema(
    [
        ("rule_id", _TEXT),
        ("tag_key", _TEXT),
        ("tag_value", _TEXT),
        ("reason", _TEXT),
        ("created_by", _TEXT),
        ("created_at", pa.timestamp("us")),
    ]
)


def land_rule_settings(settings: Settings, partner_id: str) -> None:
    """Make the lake of each tenant of a partner hold what applies to it.

    Raises:
        ControlUnavailableError: The control database cannot be read.
    """
    with closing(Directory(settings.control)) as directory:
        tenants = [tenant.tenant_id for tenant in directory.tenants(partner_id)]
        thresholds = directory.rule_thresholds(partner_id)
        exemptions = directory.rule_exemptions(partner_id)
    for tenant_id in tenants:
        lake = TenantLake(settings.lake, partner_id, tenant_id)
        _land(lake, "rule_thresholds", _thresholds(thresholds, tenant_id), THRESHOLDS)
        _land(lake, "rule_exemptions", _exemptions(exemptions, tenant_id), EXEMPTIONS)


def _thresholds(rows: Iterable[RuleThreshold], tenant_id: str) -> list[dict[str, Any]]:
    """The partner's own first, for the tenant's to replace them."""
    chosen: dict[tuple[str, str], float] = {}
    for level in (EVERY_TENANT, tenant_id):
        for row in rows:
            if row.tenant_id == level:
                chosen[row.rule_id, row.threshold_name] = row.value
    return [
        {"rule_id": rule_id, "threshold_name": name, "value": value}
        for (rule_id, name), value in sorted(chosen.items())
    ]


def _exemptions(rows: Iterable[RuleExemption], tenant_id: str) -> list[dict[str, Any]]:
    return [
        {name: getattr(row, name) for name in EXEMPTIONS.names}
        | {"created_at": row.created_at.replace(tzinfo=None)}
        for row in rows
        if row.tenant_id in (EVERY_TENANT, tenant_id)
    ]


def _land(lake: TenantLake, table: str, rows: list[dict[str, Any]], schema: pa.Schema) -> None:
    """Land what there is; where nothing is to be said, not even a table, which imports pandas."""
    if rows or lake.open(table) is not None:
        land_small(lake, table, pa.Table.from_pylist(rows, schema))
