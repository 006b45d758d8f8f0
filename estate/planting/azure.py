"""Waste and near misses of Azure: for each rule what it must find, and what it must leave alone."""

from decimal import Decimal

from estate.model import Resource
from estate.planting.azure_disks import plant_disks
from estate.planting.azure_machines import plant_machines, plant_nightly_machines
from estate.planting.bed import Bed
from estate.setting import Setting


def plant_azure(setting: Setting) -> tuple[Resource, ...]:
    """Return the planted resources of a billing scope's subscriptions."""
    bed = Bed(setting)
    plant_disks(bed)
    _addresses(bed)
    plant_machines(bed)
    _gateways(bed)
    _load_balancers(bed)
    plant_nightly_machines(bed)
    return tuple(bed.made)


def _addresses(bed: Bed) -> None:
    rule = "azure_public_ip_unattached"
    for age in (9, 50):
        bed.plant("azure_public_ip", finds=rule, story=f"held by nothing for {age} days", age=age)
    bed.plant("azure_public_ip", near=rule, story="held by nothing, but only for 5 days", age=5)
    bed.plant("azure_public_ip", near=rule, story="held by a running machine", on=bed.host())
    account = bed.host().account.account_id
    bed.plant(
        "azure_public_ip",
        near=rule,
        story="paid for with its prefix",
        source_id=f"/subscriptions/{account}/resourceGroups/rg-network/providers"
        "/Microsoft.Network/publicIPPrefixes/prefix-1",
    )


def _gateways(bed: Bed) -> None:
    idle, orphaned, setting = "azure_nat_gateway_idle", "azure_nat_gateway_orphaned", bed.setting
    for near, days, age in (("", 15, 60), (idle, 13, 60), (idle, 9, 9)):
        bed.plant(
            "azure_nat_gateway",
            finds="" if near else idle,
            near=near,
            story=f"no byte for {days} of the {age} days it exists",
            age=age,
            traffic=Decimal(40),
            quiet_since=setting.days_ago(days),
            targets=("subnet-1",),
        )
    bed.plant(
        "azure_nat_gateway",
        near=f"{idle} {orphaned}",
        story="some kilobytes a day from one subnet",
        traffic=Decimal("0.002"),
        targets=("subnet-1",),
    )
    bed.plant(
        "azure_nat_gateway",
        finds=orphaned,
        story="without subnets since five days",
        traffic=Decimal(30),
        quiet_since=setting.days_ago(5),
    )


def _load_balancers(bed: Bed) -> None:
    idle, empty, setting = "azure_lb_idle", "azure_lb_no_backend", bed.setting
    for near, days, age in (("", 15, 60), (idle, 13, 60), (idle, 9, 9)):
        bed.plant(
            "azure_load_balancer",
            finds="" if near else idle,
            near=near,
            story=f"no packet for {days} of the {age} days it exists",
            age=age,
            traffic=Decimal(25),
            quiet_since=setting.days_ago(days),
            targets=(bed.host().resource_id,),
        )
    for has_pools, story in ((True, "a pool without members"), (False, "no pool")):
        bed.plant(
            "azure_load_balancer",
            finds=empty,
            story=f"{story} since five days",
            traffic=Decimal(25),
            quiet_since=setting.days_ago(5),
            has_pools=has_pools,
        )
    bed.plant(
        "azure_load_balancer",
        near=empty,
        story="one machine behind it",
        traffic=Decimal(25),
        targets=(bed.host().resource_id,),
    )
    bed.plant(
        "azure_load_balancer",
        near=empty,
        story="no pool, and an inbound NAT rule to one machine",
        traffic=Decimal(25),
        targets=(bed.host().resource_id,),
        has_pools=False,
        has_nat_rules=True,
    )
