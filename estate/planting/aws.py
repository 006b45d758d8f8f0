"""Waste and near misses of AWS: for each rule what it must find, and what it must leave alone."""

from decimal import Decimal

from estate.model import Resource
from estate.planting.aws_images import plant_images, plant_images_that_others_use
from estate.planting.aws_instances import plant_instances, plant_nightly_instances
from estate.planting.aws_storage import plant_storage
from estate.planting.bed import Bed
from estate.setting import Setting


def plant_aws(setting: Setting) -> tuple[Resource, ...]:
    """Return the planted resources of a payer's accounts."""
    bed = Bed(setting)
    plant_storage(bed)
    plant_images(bed)
    _addresses(bed)
    plant_instances(bed)
    _gateways(bed)
    _load_balancers(bed)
    plant_nightly_instances(bed)
    plant_images_that_others_use(bed)
    return tuple(bed.made)


def _addresses(bed: Bed) -> None:
    rule = "aws_eip_unassociated"
    for age in (9, 50):
        bed.plant("aws_address", finds=rule, story=f"held by nothing for {age} days", age=age)
    bed.plant("aws_address", near=rule, story="held by nothing, but only for 5 days", age=5)
    bed.plant("aws_address", near=rule, story="held by a running machine", on=bed.host())


def _gateways(bed: Bed) -> None:
    rule, setting = "aws_nat_gateway_idle", bed.setting
    for near, days, age in (("", 15, 60), (rule, 13, 60), (rule, 9, 9)):
        bed.plant(
            "aws_nat_gateway",
            finds="" if near else rule,
            near=near,
            story=f"no byte for {days} of the {age} days it exists",
            age=age,
            traffic=Decimal(40),
            quiet_since=setting.days_ago(days),
        )
    bed.plant(
        "aws_nat_gateway",
        near=rule,
        story="some kilobytes a day",
        traffic=Decimal("0.002"),
    )


def _load_balancers(bed: Bed) -> None:
    setting = bed.setting
    for kind, rule in (
        ("aws_load_balancer", "aws_alb_idle"),
        ("aws_network_load_balancer", "aws_alb_idle"),
        ("aws_classic_load_balancer", "aws_clb_idle"),
    ):
        for near, days, age in (("", 15, 60), (rule, 13, 60), (rule, 9, 9)):
            bed.plant(
                kind,
                finds="" if near else rule,
                near=near,
                story=f"no request for {days} of the {age} days it exists",
                age=age,
                traffic=Decimal(14),
                quiet_since=setting.days_ago(days),
            )
    balancer = bed.plant(
        "aws_network_load_balancer",
        story="answers",
        traffic=Decimal(20),
    )
    bed.plant(
        "aws_address",
        near="aws_eip_unassociated",
        story="address of a load balancer, not of a machine",
        on=balancer,
    )
