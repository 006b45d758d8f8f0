"""How much of what a resource uses on a day; the same facts for bills and for utilization."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from estate.catalogue import METERS
from estate.dice import noise
from estate.meter import Meter
from estate.model import Resource

_PLACES = Decimal("0.0001")
_WEEKEND_TRAFFIC = 0.45
OFFICE_HOURS = range(8, 18)
_NIGHTLY_HOURS = range(2, 3)
_SATURDAY = 5
INCLUDED = {"iops": {"gp2": 16_000, "gp3": 3000}, "throughput": {"gp3": 125}}


def running_hours(resource: Resource, day: date) -> range:
    """Return the hours of a day in which a machine runs; a stopped one may still be paid for."""
    if resource.is_off_on(day):
        return range(0)
    if resource.schedule == "office":
        return range(0) if day.weekday() >= _SATURDAY else OFFICE_HOURS
    if resource.schedule == "nightly":
        return _NIGHTLY_HOURS
    return range(24)


def _hours(resource: Resource, day: date) -> Decimal:
    is_allocated = resource.kind == "azure_virtual_machine" and resource.state == "stopped"
    if is_allocated and resource.is_off_on(day):
        return Decimal(24)
    return Decimal(len(running_hours(resource, day)))


def _always(_: Resource, __: date) -> Decimal:
    return Decimal(24)


def _part_of_month(_: Resource, day: date) -> Decimal:
    return Decimal(1) / monthrange(day.year, day.month)[1]


def _provisioned(resource: Resource, day: date) -> Decimal:
    return Decimal(resource.size_gib) / monthrange(day.year, day.month)[1]


def _bought(name: str, included: dict[str, int]) -> "_Quantity":
    """Return what is provisioned beyond what the kind of disk includes, per month."""

    def quantity(resource: Resource, day: date) -> Decimal:
        extra = max(0, getattr(resource, name) - included.get(resource.size, 0))
        return Decimal(extra) / monthrange(day.year, day.month)[1]

    return quantity


def _growth(resource: Resource, day: date) -> Decimal:
    age = min((day - resource.created).days, 730)
    return Decimal(str(round((1 + resource.growth) ** age, 6)))


def _stored(resource: Resource, day: date) -> Decimal:
    return _provisioned(resource, day) * _growth(resource, day)


def _traffic(resource: Resource, day: date) -> Decimal:
    is_quiet = resource.quiet_since is not None and day >= resource.quiet_since
    if is_quiet or not running_hours(resource, day):
        return Decimal(0)
    week = _WEEKEND_TRAFFIC if day.weekday() >= _SATURDAY else 1.0
    swing = week * (0.85 + 0.3 * noise(resource.resource_id, day))
    return resource.traffic * Decimal(str(round(swing, 4))) * _growth(resource, day)


def _times(quantity: Callable[[Resource, date], Decimal], factor: str) -> Callable[..., Decimal]:
    return lambda resource, day: (quantity(resource, day) * Decimal(factor)).quantize(Decimal(1))


_Quantity = Callable[[Resource, date], Decimal]
_METERED: dict[str, tuple[tuple[str, _Quantity], ...]] = {
    "aws_instance": (("ec2.{size}", _hours), ("egress", _traffic)),
    "aws_volume": (
        ("ebs.{size}", _provisioned),
        ("ebs.iops.{size}", _bought("iops", INCLUDED["iops"])),
        ("ebs.throughput.{size}", _bought("throughput", INCLUDED["throughput"])),
    ),
    "aws_snapshot": (("snapshot", _provisioned),),
    "aws_image": (),
    "aws_launch_template": (),
    "aws_autoscaling_group": (),
    "aws_address": (("address.{use}", _always),),
    "aws_nat_gateway": (("nat.hours", _always), ("nat.bytes", _traffic)),
    "aws_load_balancer": (("alb.hours", _always), ("alb.lcu", _traffic)),
    "aws_network_load_balancer": (("nlb.hours", _always), ("nlb.lcu", _traffic)),
    "aws_classic_load_balancer": (("clb.hours", _always), ("clb.bytes", _traffic)),
    "aws_database": (("rds.{size}", _hours), ("rds.storage", _provisioned)),
    "aws_bucket": (
        ("s3.storage", _stored),
        ("s3.put", _times(_traffic, "900")),
        ("s3.get", _times(_traffic, "11000")),
    ),
    "aws_function": (
        ("lambda.seconds", _times(_traffic, "2500")),
        ("lambda.requests", _times(_traffic, "4000")),
    ),
    "aws_log_group": (("logs", _traffic),),
    "azure_virtual_machine": (("vm.{size}", _hours), ("egress", _traffic)),
    "azure_disk": (("disk.{size}", _part_of_month),),
    "azure_snapshot": (("snapshot", _provisioned),),
    "azure_public_ip": (("address", _always),),
    "azure_nat_gateway": (("nat.hours", _always), ("nat.bytes", _traffic)),
    "azure_load_balancer": (("lb.hours", _always), ("lb.bytes", _traffic)),
    "azure_storage_account": (("blob.storage", _stored), ("blob.operations", _traffic)),
    "azure_sql_database": (("sql.vcore", _always), ("sql.storage", _provisioned)),
    "azure_app_plan": (("plan", _always),),
    "azure_log_workspace": (("logs", _traffic),),
}
TRAFFIC_METERS = frozenset({"egress", "nat.bytes", "logs", "s3.get", "lambda.seconds"})
KINDS = tuple(_METERED)


def metered(resource: Resource, day: date, fraction: Decimal) -> list[tuple[str, Meter, Decimal]]:
    """Return what a resource used on a day: meter key, meter and quantity in the meter's unit.

    Args:
        resource: What is metered.
        day: The day.
        fraction: Part of the day that was metered so far, 1 for a complete day.
    """
    if not resource.exists_on(day):
        return []
    meters = METERS[resource.kind.partition("_")[0]]
    used = []
    for pattern, quantity in _METERED[resource.kind]:
        amount = (quantity(resource, day) * fraction).quantize(_PLACES)
        if amount:
            use = "used" if resource.attached_to else "idle"
            key = pattern.format(size=resource.size, use=use)
            used.append((key, meters[key], amount))
    return used
