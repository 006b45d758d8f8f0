"""How assets are cut: costs by tenant and billing month, scans by tenant, marts by partner.

The dynamic sets mirror the control database; a sensor keeps them so. Both sides of a tenant's key
are names without a dot (`ingestion.names`), so the dot is unambiguous.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple, Self

import dagster as dg

FIRST_BILLING_PERIOD = "2019-01"
"""The oldest month that can be run from here: with 900 tenants the set stays below 100,000 keys."""

tenants = dg.DynamicPartitionsDefinition(name="tenants")
partners = dg.DynamicPartitionsDefinition(name="partners")
billing_periods = dg.MonthlyPartitionsDefinition(
    start_date=FIRST_BILLING_PERIOD, fmt="%Y-%m", end_offset=1
)
tenant_periods = dg.MultiPartitionsDefinition(
    {"tenant": tenants, "billing_period": billing_periods}
)


class TenantKey(NamedTuple):
    """One tenant of one partner."""

    partner_id: str
    tenant_id: str

    @classmethod
    def parse(cls, key: str) -> Self:
        """Read `partner.tenant`."""
        partner_id, tenant_id = key.split(".")
        return cls(partner_id, tenant_id)

    def __str__(self) -> str:
        """Return the partition's key, `partner.tenant`."""
        return f"{self.partner_id}.{self.tenant_id}"

    def period(self, billing_period: str) -> dg.MultiPartitionKey:
        """Return the partition of one of the tenant's billing months."""
        return dg.MultiPartitionKey({"tenant": str(self), "billing_period": billing_period})


class TenantPeriod(NamedTuple):
    """One partition of the cost tables: a tenant's billing month."""

    tenant: TenantKey
    billing_period: str

    @classmethod
    def parse(cls, key: str) -> Self:
        """Read a partition's key as Dagster writes it."""
        dimensions = tenant_periods.get_partition_key_from_str(key).keys_by_dimension
        return cls(TenantKey.parse(dimensions["tenant"]), dimensions["billing_period"])


@contextmanager
def partitioned_checks() -> Iterator[None]:
    """Declare checks that have a result per partition, which Dagster still warns to be a preview.

    Without partitions the last partner's result would hide all others'.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.PreviewWarning)
        yield


def partition_check(
    name: str, asset: dg.AssetKey, partitions_def: dg.PartitionsDefinition, description: str
) -> dg.AssetCheckSpec:
    """Return a check that the asset's own step evaluates, with a result per partition."""
    with partitioned_checks():
        return dg.AssetCheckSpec(
            name, asset=asset, description=description, partitions_def=partitions_def
        )
