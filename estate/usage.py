"""How much of what a resource uses on a day; the same facts for bills and for utilization."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from estate.catalogue import METERS, Meter
from estate.dice import noise
from estate.model import Resource

_PLACES = Decimal("0.0001")
_WEEKEND_TRAFFIC = 0.45
_OFFICE_HOURS = 10
_SATURDAY = 5


def _hours(resource: Resource, day: date) -> Decimal:
    if resource.schedule == "stopped":
        return Decimal(0)
    if resource.schedule == "office":
        return Decimal(0 if day.weekday() >= _SATURDAY else _OFFICE_HOURS)
    return Decimal(24)


def _always(_: Resource, __: date) -> Decimal:
    return Decimal(24)


def _part_of_month(_: Resource, day: date) -> Decimal:
    return Decimal(1) / monthrange(day.year, day.month)[1]


def _provisioned(resource: Resource, day: date) -> Decimal:
    return Decimal(resource.size_gib) / monthrange(day.year, day.month)[1]


def _growth(resource: Resource, day: date) -> Decimal:
    age = min((day - resource.created).days, 730)
    return Decimal(str(round((1 + resource.growth) ** age, 6)))


def _stored(resource: Resource, day: date) -> Decimal:
    return _provisioned(resource, day) * _growth(resource, day)


def _traffic(resource: Resource, day: date) -> Decimal:
    if resource.schedule == "stopped":
        return Decimal(0)
    week = _WEEKEND_TRAFFIC if day.weekday() >= _SATURDAY else 1.0
    swing = week * (0.85 + 0.3 * noise(resource.resource_id, day))
    return resource.traffic * Decimal(str(round(swing, 4))) * _growth(resource, day)


def _times(quantity: Callable[[Resource, date], Decimal], factor: str) -> Callable[..., Decimal]:
    return lambda resource, day: (quantity(resource, day) * Decimal(factor)).quantize(Decimal(1))


_Quantity = Callable[[Resource, date], Decimal]
_METERED: dict[str, tuple[tuple[str, _Quantity], ...]] = {
    "aws_instance": (("ec2.{size}", _hours), ("egress", _traffic)),
    "aws_volume": (("ebs.{size}", _provisioned),),
    "aws_snapshot": (("snapshot", _provisioned),),
    "aws_address": (("address", _always),),
    "aws_nat_gateway": (("nat.hours", _always), ("nat.bytes", _traffic)),
    "aws_load_balancer": (("elb.hours", _always), ("elb.lcu", _traffic)),
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
    "azure_load_balancer": (("lb.hours", _always),),
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
            key = pattern.format(size=resource.size)
            used.append((key, meters[key], amount))
    return used
