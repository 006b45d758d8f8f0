"""What is run together: a tenant's month or scan, a partner's marts, a partner's checks."""

import dagster as dg

from orchestration.assets.costs import COST_LINES
from orchestration.assets.inventory import SCAN_SCOPES
from orchestration.assets.serving import SERVING_FILE
from orchestration.checks import deliveries_are_fresh

land_costs_job = dg.define_asset_job(
    "land_costs",
    selection=dg.AssetSelection.assets(COST_LINES).required_multi_asset_neighbors(),
    description="Lands what a tenant's exports hold of one billing month.",
)
scan_clouds_job = dg.define_asset_job(
    "scan_clouds",
    selection=dg.AssetSelection.assets(SCAN_SCOPES).required_multi_asset_neighbors(),
    description="Reads a tenant's clouds: what exists, and how much it is used.",
)
publish_marts_job = dg.define_asset_job(
    "publish_marts",
    selection=(
        dg.AssetSelection.assets(SERVING_FILE).upstream()
        - dg.AssetSelection.groups("clouds", "exports", "lake")
    ).required_multi_asset_neighbors(),
    description="Builds a partner's warehouse from the lake and publishes its marts.",
)
check_freshness_job = dg.define_asset_job(
    "check_freshness",
    selection=dg.AssetSelection.checks(deliveries_are_fresh),
    description="Looks for connections that stopped delivering.",
)
