"""From a tenant's clouds to the landed inventory and utilization: one scan lands all tables.

No resource type is named here. Declaring one in `ingestion` is what creates its asset.
"""

from collections.abc import Iterator

import dagster as dg

from control.roles import Action
from ingestion.errors import IngestionError
from ingestion.inventory.schema import SCOPES, SCOPES_TABLE, UTILIZATION, UTILIZATION_TABLE
from ingestion.model import ResourceType, landed_schema
from ingestion.permissions import PROVIDERS
from ingestion.registry import RESOURCE_TYPES
from orchestration.acting import as_job
from orchestration.assets.scanning import scan_check_result, table_metadata
from orchestration.partitions import TenantKey, partition_check, tenants
from pipeline.scan import TenantScan, scan_tenant
from pipeline.scan_requests import check_request
from pipeline.settings import Settings

SCAN_SCOPES = dg.AssetKey(["lake", SCOPES_TABLE])
CLOUD_RETRIES = dg.RetryPolicy(
    max_retries=2, delay=300, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS
)
"""A scan has waited for minutes before it gives up; the next attempt leaves a cloud more."""
_SCANS_ARE_COMPLETE = partition_check(
    "scans_are_complete",
    SCAN_SCOPES,
    tenants,
    "Every table was read in every region and subscription of the tenant.",
)

cloud_accounts = [
    dg.AssetSpec(
        ["clouds", provider],
        description="The tenant's accounts, as the provider's interfaces answer for them.",
        group_name="clouds",
        kinds={provider},
    )
    for provider in PROVIDERS
]


_SCHEDULE = "schedule"


class ScanConfig(dg.Config):
    """Which part of a tenant's clouds a run reads; who asked stands with the request alone.

    Attributes:
        connection_id: One connection, or empty for all.
        scan_id: The request that is done, if it still waits; empty for none.
    """

    connection_id: str = ""
    scan_id: str = ""


def build_cloud_tables(
    *, retry_policy: dg.RetryPolicy | None = CLOUD_RETRIES
) -> dg.AssetsDefinition:
    """Return the assets of the tables that a scan lands: one step lands all of them."""

    @dg.multi_asset(
        name="cloud_tables",
        specs=[*(_inventory(kind) for kind in RESOURCE_TYPES), *_shared()],
        check_specs=[_SCANS_ARE_COMPLETE],
        partitions_def=tenants,
        pool="cloud_scans",
        retry_policy=retry_policy,
    )
    def cloud_tables(
        context: dg.AssetExecutionContext,
        config: ScanConfig,
        settings: dg.ResourceParam[Settings],
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        scan = _scan(context, config, settings)
        for table, metadata in table_metadata(scan.reports).items():
            yield dg.MaterializeResult(asset_key=["lake", table], metadata=metadata)
        if scan.reports:
            yield scan_check_result(scan, _SCANS_ARE_COMPLETE)
        _raise_failure(scan)

    return cloud_tables


def _scan(context: dg.AssetExecutionContext, config: ScanConfig, settings: Settings) -> TenantScan:
    is_retry = context.retry_number > 0  # the request was done by the first try
    scan_id = None if is_retry else config.scan_id or None
    partner_id, tenant_id = TenantKey.parse(context.partition_key)
    requested_by = None
    with as_job(settings, partner_id, "scan_clouds", Action.SCAN, tenant_id=tenant_id):
        try:
            if config.scan_id:
                requested_by = check_request(settings, partner_id, config.scan_id)
            scan = scan_tenant(
                settings,
                partner_id,
                tenant_id,
                connection_id=config.connection_id or None,
                scan_id=scan_id,
                requested_by=requested_by or _SCHEDULE,
                say=context.log.info,
            )
        except IngestionError as error:
            raise dg.Failure(str(error), allow_retries=False) from error
    if scan.is_empty:  # a result would say something of tables that nobody looked at
        raise dg.Failure(
            "nothing was read: the request was cancelled, or done by another", allow_retries=False
        )
    return scan


def _raise_failure(scan: TenantScan) -> None:
    """Fail the run if nothing was read, or if what is missing may come with another attempt.

    Raises:
        Failure: With what is missing; a part that somebody has to open is no failure but a check.
    """
    if scan.exit_status == 1 or scan.is_transient:
        sentences = [f"{failure.connection_id}: {failure.message}" for failure in scan.failures]
        sentences += [f"{r.connection_id}: {r.message}" for r in scan.reports if r.problems]
        raise dg.Failure("\n".join(sentences), allow_retries=scan.is_transient)


def _inventory(kind: ResourceType) -> dg.AssetSpec:
    columns = [
        dg.TableColumn(field.name, str(field.type), field.metadata[b"description"].decode())
        for field in landed_schema(kind)
    ]
    return _spec(kind.name, kind.description, columns, [kind.provider])


def _shared() -> Iterator[dg.AssetSpec]:
    descriptions = {
        UTILIZATION_TABLE: "One row per resource, metric and day: its utilization.",
        SCOPES_TABLE: "One row per scan, region and table: whether it is known, and why not.",
    }
    for (table, description), schema in zip(
        descriptions.items(), (UTILIZATION, SCOPES), strict=True
    ):
        columns = [
            dg.TableColumn(field.name, str(field.type), field.metadata[b"description"].decode())
            for field in schema
        ]
        yield _spec(table, description, columns, PROVIDERS)


def _spec(
    table: str,
    description: str,
    columns: list[dg.TableColumn],
    providers: tuple[str, ...] | list[str],
) -> dg.AssetSpec:
    return dg.AssetSpec(
        ["lake", table],
        deps=[dg.AssetKey(["clouds", provider]) for provider in providers],
        description=description,
        group_name="lake",
        kinds={"python", "parquet"},
        metadata={"dagster/column_schema": dg.TableSchema(columns)},
        skippable=True,  # a tenant need not be in every cloud
    )
