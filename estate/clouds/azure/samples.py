"""The hours of Azure's metrics, from the same facts that bills are made of."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from estate.clouds.azure.metrics import Sample
from estate.dice import noise
from estate.model import Resource
from estate.usage import metered

_GB = 10**9


def samples(resource: Resource, metric: str, day: date) -> Sequence[Sample | None]:
    """Return the 24 hours of a day; None where nothing was measured."""
    if not resource.exists_on(day):
        return [None] * 24
    if metric == "ByteCount":
        used = {key: amount for key, _, amount in metered(resource, day, Decimal(1))}
        hourly = float(used.get("nat.bytes", 0)) * _GB / 24
        return [_flat(hourly)] * 24
    return [_flat(100 * noise(resource.resource_id, metric, day, hour)) for hour in range(24)]


def _flat(value: float) -> Sample:
    return Sample(value, value, value, value * 60, 60)
