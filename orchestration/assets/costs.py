"""From a tenant's exports to the landed cost tables, one billing month at a time."""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg

from control.directory import Directory
from control.roles import Action
from ingestion.costs.schema import TABLES
from orchestration.acting import as_job
from orchestration.assets.landing import Landing, land
from orchestration.partitions import TenantPeriod, partition_check, tenant_periods
from pipeline.settings import Settings

EXPORTS = dg.AssetKey(["exports", "cost_exports"])
COST_LINES = dg.AssetKey(["lake", "cost_lines"])
LOADS = dg.AssetKey(["lake", "loads"])
REJECTED = dg.AssetKey(["lake", "rejected"])
SOURCE_RETRIES = dg.RetryPolicy(
    max_retries=3, delay=30, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.FULL
)
_DESCRIPTIONS = {
    "cost_lines": "One row per line of a bill, in FOCUS 1.2 columns.",
    "loads": "One row per delivery that landed, with what it held and when it came.",
    "bill_totals": "One row per load and currency: the provider's own total, to reconcile with.",
    "rejected": "One row per line or value that could not be read, with the reason.",
}
_DELIVERIES_LANDED = partition_check(
    "deliveries_landed",
    COST_LINES,
    tenant_periods,
    "Every delivery of the month was read and every line of it landed.",
)

cost_exports = dg.AssetSpec(
    EXPORTS,
    description="Cost exports as the clouds deliver them, at the sources registered for a tenant.",
    group_name="exports",
    kinds={"aws", "azure"},
)


def build_cost_tables(
    *, retry_policy: dg.RetryPolicy | None = SOURCE_RETRIES
) -> dg.AssetsDefinition:
    """Return the assets of the landed cost tables: one step lands all of them."""

    @dg.multi_asset(
        name="cost_tables",
        specs=[_spec(table) for table in TABLES],
        check_specs=[_DELIVERIES_LANDED],
        partitions_def=tenant_periods,
        pool="cost_exports",
        retry_policy=retry_policy,
    )
    def cost_tables(
        context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        partition = TenantPeriod.parse(context.partition_key)
        partner_id, tenant_id = partition.tenant
        with (
            as_job(settings, partner_id, "land_costs", Action.RUN_PLATFORM, tenant_id=tenant_id),
            Directory(settings.control) as directory,
        ):
            sources = directory.sources(partner_id, tenant_id)
            landing = land(settings, partition, sources, say=context.log.info)
        if landing.is_readable:
            yield from _results(landing)
            yield landing.check_result(_DELIVERIES_LANDED)
        landing.raise_failure()

    return cost_tables


def _spec(table: str) -> dg.AssetSpec:
    columns = [
        dg.TableColumn(column.name, column.dtype, column.description) for column in TABLES[table]
    ]
    return dg.AssetSpec(
        ["lake", table],
        deps=[EXPORTS],
        description=_DESCRIPTIONS[table],
        group_name="lake",
        kinds={"python", "parquet"},
        metadata={"dagster/column_schema": dg.TableSchema(columns)},
    )


def _results(landing: Landing) -> Iterator[dg.MaterializeResult]:
    metadata: dict[str, Mapping[str, Any]] = {
        "cost_lines": landing.cost_lines_metadata(),
        "loads": {"dagster/row_count": len(landing.current)},
        "bill_totals": {"provider_totals": landing.totals()},
        "rejected": landing.rejected_metadata(),
    }
    for table in TABLES:
        yield dg.MaterializeResult(asset_key=["lake", table], metadata=metadata[table])
