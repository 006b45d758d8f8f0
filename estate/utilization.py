"""How hard every resource works, hour by hour: what both clouds' metrics answer from.

Traffic is what the bill charges (`estate.usage`), split over the hours of the day, so that a day's
bytes are its billed gigabytes to the byte. Everything else follows the resource's `Load`: on a
weekday four hours are as busy as it says, the others less; weekends are calmer. The 95th and 99th
percentile of a weekday's hours are therefore exactly the load's figures.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from estate.dice import noise
from estate.model import Resource
from estate.sizes import VM_SIZES
from estate.usage import metered, running_hours

BYTES_PER_GB = 2**30
_MIB = 2**20
_WHOLE_DAY = Decimal(1)
_WEEKEND = 0.45
_SATURDAY = 5
_PEAK_WEEKDAYS, _PEAK_HOUR = (1, 3), 11
_BUSY = 1.0
_SHAPE = (
    *(0.3, 0.25, 0.25, 0.25, 0.3, 0.35, 0.5, 0.65, 0.8, 0.9, _BUSY, _BUSY),
    *(0.85, 0.9, _BUSY, _BUSY, 0.9, 0.8, 0.7, 0.6, 0.5, 0.45, 0.4, 0.35),
)
_REQUESTS_PER_UNIT = 900
_BYTES_PER_PACKET = 900


class Hour(NamedTuple):
    """What a metric measured within one hour: mean, greatest and sum of its samples."""

    average: float
    maximum: float
    total: float
    samples: int


Hours = tuple[Hour | None, ...]
_Measured = Callable[[Resource, date], Hours]
_NOTHING: Hours = (None,) * 24


def metrics_of(resource: Resource) -> tuple[str, ...]:
    """Return the names of what is measured of a resource, in its provider's words."""
    has_agent = resource.load.memory is not None
    return tuple(
        name for name in _METRICS.get(resource.kind, {}) if has_agent or name != "mem_used_percent"
    )


def hourly(resource: Resource, metric: str, day: date) -> Hours:
    """Return the 24 hours of a day in UTC; None for an hour without a sample.

    Raises:
        KeyError: The metric is not measured for this kind of resource.
    """
    measured = _METRICS[resource.kind][metric]
    if not resource.exists_on(day) or _has_gap(resource, day):
        return _NOTHING
    return measured(resource, day)


def _has_gap(resource: Resource, day: date) -> bool:
    return (day.toordinal() % 5) / 5 >= resource.load.coverage


def _is_quiet(resource: Resource, day: date) -> bool:
    return resource.quiet_since is not None and day >= resource.quiet_since


def _relative(resource: Resource, day: date, hour: int) -> float:
    """Return how busy an hour is: 1 in the busiest hours of a weekday."""
    part = _SHAPE[hour]
    if part < _BUSY:
        part *= 0.8 + 0.2 * noise(resource.resource_id, day, hour)
    return part * (_WEEKEND if day.weekday() >= _SATURDAY else 1.0)


def _levels(
    resource: Resource, day: date, samples: int, level: Callable[[int], tuple[float, float]]
) -> Hours:
    """Return average and maximum of the hours in which the machine runs."""
    running = running_hours(resource, day)
    hours: list[Hour | None] = [None] * 24
    for hour in running:
        average, maximum = level(hour)
        hours[hour] = Hour(average, maximum, average * samples, samples)
    return tuple(hours)


def _cpu(samples: int) -> _Measured:
    def measured(resource: Resource, day: date) -> Hours:
        def level(hour: int) -> tuple[float, float]:
            average = resource.load.cpu * _relative(resource, day, hour)
            is_peak = hour == _PEAK_HOUR and day.weekday() in _PEAK_WEEKDAYS
            peak = resource.load.cpu_peak
            return average, max(average, peak if is_peak else min(peak, average * 1.25))

        return _levels(resource, day, samples, level)

    return measured


def _memory_percent(resource: Resource, day: date, hour: int) -> float:
    return (resource.load.memory or 0.0) * (0.9 + 0.1 * _relative(resource, day, hour))


def _memory_used(resource: Resource, day: date) -> Hours:
    if resource.load.memory is None:
        return _NOTHING
    return _levels(resource, day, 60, lambda hour: (_memory_percent(resource, day, hour),) * 2)


def _memory_available(resource: Resource, day: date) -> Hours:
    total = VM_SIZES[resource.size].memory_gib * BYTES_PER_GB

    def level(hour: int) -> tuple[float, float]:
        free = total * (1 - _memory_percent(resource, day, hour) / 100)
        return free, free * 1.02

    return _levels(resource, day, 60, level)


def _spread(resource: Resource, day: date, total: int, samples: int) -> Hours:
    """Split a day's total over the hours in which the machine runs; the hours add up to it."""
    running = running_hours(resource, day)
    weight = sum(_SHAPE[hour] for hour in running)
    hours: list[Hour | None] = [None] * 24
    done, given = 0.0, 0
    for hour in running:
        done += _SHAPE[hour]
        until = total if hour == running[-1] else int(total * done / weight)
        part = until - given
        given = until
        hours[hour] = Hour(part / samples, part * 1.5 / samples, part, samples)
    return tuple(hours)


def billed_quantity(resource: Resource, day: date, meter: str) -> Decimal:
    """Return how much of a meter the bill charges for a complete day."""
    return sum(
        (amount for key, _, amount in metered(resource, day, _WHOLE_DAY) if key == meter),
        Decimal(0),
    )


def billed_bytes(resource: Resource, day: date, meter: str) -> int:
    """Return the bytes that the bill charges for a complete day."""
    return int(billed_quantity(resource, day, meter) * BYTES_PER_GB)


def _bytes(meter: str, samples: int, part: tuple[int, int] = (1, 1)) -> _Measured:
    """Return a measure of a part, as a fraction, of the bytes that a meter charges."""
    above, below = part
    return lambda resource, day: _spread(
        resource, day, billed_bytes(resource, day, meter) * above // below, samples
    )


def _other_bytes(meter: str, samples: int, part: tuple[int, int]) -> _Measured:
    """Return a measure of the bytes that a part, as a fraction, leaves."""
    above, below = part

    def measured(resource: Resource, day: date) -> Hours:
        total = billed_bytes(resource, day, meter)
        return _spread(resource, day, total - total * above // below, samples)

    return measured


def _packets(meter: str) -> _Measured:
    return lambda resource, day: _spread(
        resource, day, -(-billed_bytes(resource, day, meter) // _BYTES_PER_PACKET), 60
    )


def _connections(resource: Resource, day: date) -> Hours:
    is_used = bool(billed_bytes(resource, day, "nat.bytes"))
    return _levels(
        resource,
        day,
        60,
        lambda hour: (8 * _relative(resource, day, hour), 40.0) if is_used else (0.0, 0.0),
    )


def _served(meter: str, per_unit: int) -> _Measured:
    """Return a measure of requests or bytes; without any, load balancers report nothing."""

    def measured(resource: Resource, day: date) -> Hours:
        served = int(billed_quantity(resource, day, meter) * per_unit)
        return _spread(resource, day, served, 60) if served else _NOTHING

    return measured


def _disk(name: str, factor: float, *, is_per_second: bool) -> _Measured:
    """Return a measure of a disk; one that no running machine holds has none.

    Args:
        name: `iops` or `mibps` of the load.
        factor: Part of it that is reads, or writes; times bytes per MiB.
        is_per_second: Whether it is told per second (Azure) or counted (AWS).
    """

    def measured(resource: Resource, day: date) -> Hours:
        is_held = resource.attached_to and day >= (resource.attached_on or resource.created)
        if not is_held:
            return _NOTHING
        busiest = 0.0 if _is_quiet(resource, day) else getattr(resource.load, name) * factor

        def counted(hour: int) -> tuple[float, float]:
            total = float(round(busiest * 3600 * _relative(resource, day, hour)))
            return total / 60, total / 60

        def told(hour: int) -> tuple[float, float]:
            return (busiest * _relative(resource, day, hour),) * 2

        return _levels(resource, day, 60, told if is_per_second else counted)

    return measured


_READ, _WRITTEN = 0.4, 0.6
_IN_PER_OUT, _SENT = (3, 5), (3, 10)
_AWS_MACHINE: dict[str, _Measured] = {
    "CPUUtilization": _cpu(12),
    "NetworkOut": _bytes("egress", 12),
    "NetworkIn": _bytes("egress", 12, _IN_PER_OUT),
    "mem_used_percent": _memory_used,
}
_AZURE_MACHINE: dict[str, _Measured] = {
    "Percentage CPU": _cpu(60),
    "Network Out Total": _bytes("egress", 60),
    "Network In Total": _bytes("egress", 60, _IN_PER_OUT),
    "Available Memory Bytes": _memory_available,
}
_METRICS: dict[str, dict[str, _Measured]] = {
    "aws_instance": _AWS_MACHINE,
    "aws_volume": {
        "VolumeReadOps": _disk("iops", _READ, is_per_second=False),
        "VolumeWriteOps": _disk("iops", _WRITTEN, is_per_second=False),
        "VolumeReadBytes": _disk("mibps", _READ * _MIB, is_per_second=False),
        "VolumeWriteBytes": _disk("mibps", _WRITTEN * _MIB, is_per_second=False),
    },
    "aws_nat_gateway": {
        "BytesInFromSource": _bytes("nat.bytes", 60, _SENT),
        "BytesOutToDestination": _bytes("nat.bytes", 60, _SENT),
        "BytesInFromDestination": _other_bytes("nat.bytes", 60, _SENT),
        "BytesOutToSource": _other_bytes("nat.bytes", 60, _SENT),
        "ActiveConnectionCount": _connections,
    },
    "aws_load_balancer": {
        "RequestCount": _served("alb.lcu", _REQUESTS_PER_UNIT),
        "ProcessedBytes": _served("alb.lcu", BYTES_PER_GB),
    },
    "aws_network_load_balancer": {"ProcessedBytes": _served("nlb.lcu", BYTES_PER_GB)},
    "aws_classic_load_balancer": {
        "RequestCount": _served("clb.bytes", _REQUESTS_PER_UNIT),
        "EstimatedProcessedBytes": _served("clb.bytes", BYTES_PER_GB),
    },
    "azure_virtual_machine": _AZURE_MACHINE,
    "azure_disk": {
        "Composite Disk Read Operations/sec": _disk("iops", _READ, is_per_second=True),
        "Composite Disk Write Operations/sec": _disk("iops", _WRITTEN, is_per_second=True),
        "Composite Disk Read Bytes/sec": _disk("mibps", _READ * _MIB, is_per_second=True),
        "Composite Disk Write Bytes/sec": _disk("mibps", _WRITTEN * _MIB, is_per_second=True),
    },
    "azure_nat_gateway": {
        "ByteCount": _bytes("nat.bytes", 60),
        "PacketCount": _packets("nat.bytes"),
    },
    "azure_load_balancer": {
        "ByteCount": _bytes("lb.bytes", 60),
        "PacketCount": _packets("lb.bytes"),
    },
}
