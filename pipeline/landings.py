"""Bills whose landing runs, or was interrupted: no build may read them half replaced."""

from collections.abc import Callable

from ingestion.costs.ledger import Ledger, is_settled
from ingestion.lake import TenantLake
from pipeline.errors import BuildError
from pipeline.locking import exclusive, tenant_lock
from pipeline.settings import Settings
from pipeline.warehouse import Partition, Warehouse


def require_whole_landings(
    settings: Settings, warehouse: Warehouse, say: Callable[[str], None]
) -> None:
    """Wait for landings that run here, and refuse to go on with one that was interrupted.

    Raises:
        BuildError: A bill is half of one delivery and half of another; which, and what to do.
    """
    for tenant_id in dict.fromkeys(tenant_id for tenant_id, _, _ in _torn(warehouse)):
        lock = tenant_lock(settings, warehouse.partner_id, tenant_id)
        with exclusive(lock, f"lands data of {tenant_id}", say):
            pass
    torn = _torn(warehouse)
    if torn:
        (tenant_id, connection_id, billing_period), source_uri = next(iter(torn.items()))
        more = f", and of {len(torn) - 1:,} more bills," if len(torn) > 1 else ""
        raise BuildError(
            f"landing {billing_period} of {tenant_id} ({connection_id}){more} was interrupted, so "
            "its lines may be of two deliveries; land what supplies it again, among it what now "
            f"lies at {source_uri}: cloudprune ingest PATH --partner {warehouse.partner_id} "
            f"--tenant {tenant_id}. What is served stays as it was"
        )


def _torn(warehouse: Warehouse) -> dict[Partition, str]:
    """Return the bills that are not whole, each with where a delivery of it lay."""
    with warehouse.connect() as connection:
        landed = warehouse.landed_versions(connection)
    torn = sorted(partition for partition, version in landed.items() if not is_settled(version))
    found = {}
    for tenant_id, connection_id, billing_period in torn:
        ledger = Ledger(TenantLake(warehouse.lake, warehouse.partner_id, tenant_id))
        loads = ledger.current(connection_id, billing_period)
        found[tenant_id, connection_id, billing_period] = next(
            load.source_uri for load in loads if not load.is_settled
        )
    return found
