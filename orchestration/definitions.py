"""The code location: everything Dagster serves, assembled in one place."""

from collections.abc import Mapping
from typing import Any

import dagster as dg

from orchestration.assets.costs import build_cost_tables, cost_exports
from orchestration.assets.inventory import build_cloud_tables, cloud_accounts
from orchestration.assets.serving import build_serving_asset
from orchestration.assets.warehouse import build_warehouse_assets
from orchestration.checks import deliveries_are_fresh, totals_reconcile
from orchestration.jobs import (
    check_freshness_job,
    connect_clouds_job,
    land_costs_job,
    publish_marts_job,
    scan_clouds_job,
)
from orchestration.privacy import privacy_work_job, retention_job
from orchestration.resources.manifest import load_manifest
from orchestration.schedules import (
    daily_costs,
    daily_marts,
    daily_scans,
    freshness,
    joined_accounts,
    retention,
)
from orchestration.sensors import (
    connection_requests,
    directory,
    landed_tables,
    new_deliveries,
    privacy_requests,
    requested_scans,
)
from pipeline.settings import Settings


def build_definitions(settings: Settings) -> dg.Definitions:
    """Return the code location of one installation."""
    return _assemble(settings, load_manifest(settings.home.resolve() / "dagster" / "dbt"))


def _assemble(settings: Settings, manifest: Mapping[str, Any]) -> dg.Definitions:
    warehouse = build_warehouse_assets(manifest)
    marts = sorted(key for key in warehouse.keys if key.path[0] == "marts")
    return dg.Definitions(
        assets=[
            cost_exports,
            build_cost_tables(),
            *cloud_accounts,
            build_cloud_tables(),
            warehouse,
            build_serving_asset(marts),
        ],
        asset_checks=[deliveries_are_fresh, totals_reconcile],
        jobs=[
            land_costs_job,
            scan_clouds_job,
            publish_marts_job,
            check_freshness_job,
            connect_clouds_job,
            privacy_work_job,
            retention_job,
        ],
        schedules=[daily_costs, daily_scans, daily_marts, freshness, joined_accounts, retention],
        sensors=[
            directory,
            new_deliveries,
            requested_scans,
            connection_requests,
            landed_tables,
            privacy_requests,
        ],
        resources={"settings": settings},
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """Load the location with the settings of the environment."""
    return build_definitions(Settings())
