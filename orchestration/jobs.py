"""What is run together: a tenant's month or scan, a partner's marts or checks, requests."""

import dagster as dg

from control.roles import Action
from orchestration.acting import INSTALLATION, as_job
from orchestration.assets.costs import COST_LINES
from orchestration.assets.inventory import SCAN_SCOPES
from orchestration.assets.serving import SERVING_FILE
from orchestration.checks import deliveries_are_fresh
from pipeline.connection_worker import work
from pipeline.joined_accounts import connect_joined
from pipeline.settings import Settings

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


@dg.op
def connect_clouds(context: dg.OpExecutionContext, settings: dg.ResourceParam[Settings]) -> None:
    """Connect, test and disconnect what pages asked for; whose it is stands with the requests.

    A run of no partition would keep a partner's name where its erasure does not look.
    """
    with as_job(settings, INSTALLATION, "connect_clouds", Action.CONNECT):
        count = work(settings)
    context.log.info("requests done count=%d", count)


@dg.op
def connect_joined_accounts(
    context: dg.OpExecutionContext, settings: dg.ResourceParam[Settings]
) -> None:
    """Connect accounts that joined an organization; what cannot be asked is in its access log."""
    with as_job(settings, INSTALLATION, "joined_accounts", Action.CONNECT) as worker:
        joined = connect_joined(settings, worker, say=context.log.warning)
    context.log.info("accounts connected count=%d failed=%d", joined.connected, joined.failed)


@dg.job(description="Connects accounts that joined a connected organization.")
def joined_accounts_job() -> None:
    """Look into every organization."""
    connect_joined_accounts()


@dg.job(description="Connects, tests and disconnects clouds, as pages asked.")
def connect_clouds_job() -> None:
    """Do everything that waits."""
    connect_clouds()
