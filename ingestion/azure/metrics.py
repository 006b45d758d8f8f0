"""Reads hourly metrics through Azure Monitor's batch call.

One call holds up to 50 resources of one type, subscription and region, and all declared metrics of
the type. The SDK's models leave out which resource a value belongs to and what went wrong with one
metric, and take far longer to make than the answer to read, so its body is taken as it came.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

from azure.core.exceptions import ResourceNotFoundError
from azure.monitor.querymetrics import MetricsClient

from ingestion.azure.daily import aggregations, summarise
from ingestion.azure.problems import MetricRefusedError
from ingestion.azure.resource_type import AzureResourceType
from ingestion.model import Metric, Place, UtilizationRequest

RESOURCES_PER_CALL = 50
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Batch:
    """The resources of one call, and the whole days that it reads, UTC, both ends included."""

    resource_type: AzureResourceType
    place: Place
    resource_ids: tuple[str, ...]
    first_day: date
    last_day: date

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Start, and end that is not included."""
        start = datetime.combine(self.first_day, time(), UTC)
        return start, datetime.combine(self.last_day + timedelta(days=1), time(), UTC)

    def halves(self) -> Iterator["Batch"]:
        """Yield it in two parts."""
        middle = len(self.resource_ids) // 2
        yield replace(self, resource_ids=self.resource_ids[:middle])
        yield replace(self, resource_ids=self.resource_ids[middle:])


def batches_of(request: UtilizationRequest) -> Iterator[Batch]:
    """Yield a request's resources as full calls."""
    ids = [resource["resource_id"] for resource in request.resources]
    for first in range(0, len(ids), RESOURCES_PER_CALL):
        yield Batch(
            cast(AzureResourceType, request.resource_type),
            request.place,
            tuple(ids[first : first + RESOURCES_PER_CALL]),
            request.first_day,
            request.last_day,
        )


def read_days(client: MetricsClient, batch: Batch) -> Iterator[dict[str, Any]]:
    """Yield a row per resource, metric and day that has values.

    A resource that is gone since it was listed has no rows and takes none from the others: Azure
    refuses the whole call for it, so that the call is halved until it stands alone.

    Args:
        client: Of the resources' region.
        batch: Resources and days.

    Raises:
        HttpResponseError: Azure refused.
        MetricRefusedError: It refused one metric; the rows of all others were yielded before.
    """
    try:
        answered = _ask(client, batch)
    except ResourceNotFoundError:
        if len(batch.resource_ids) > 1:
            for half in batch.halves():
                yield from read_days(client, half)
        return
    declared = {metric.name: metric for metric in batch.resource_type.metrics}
    refused: dict[str, str] = {}
    for resource in answered:
        for measured in resource["value"]:
            name, code = measured["name"]["value"], measured.get("errorCode") or "Success"
            if code == "Success":
                resource_id = resource["resourceid"].lower()
                yield from _rows(batch, resource_id, declared[name], measured)
            else:
                refused[name] = code
    if refused:
        raise MetricRefusedError(refused)


def _ask(client: MetricsClient, batch: Batch) -> list[dict[str, Any]]:
    bodies: list[dict[str, Any]] = []

    def keep(_response: Any, body: dict[str, Any], _headers: Any) -> dict[str, Any]:
        bodies.append(body)
        return {"values": []}

    client.query_resources(
        resource_ids=batch.resource_ids,
        metric_namespace=batch.resource_type.arm_type,
        metric_names=[metric.name for metric in batch.resource_type.metrics],
        timespan=batch.span,
        granularity=_HOUR,
        aggregations=aggregations(batch.resource_type.metrics),
        cls=keep,
    )
    answered: list[dict[str, Any]] = bodies[0]["values"]
    return answered


def _rows(
    batch: Batch, resource_id: str, metric: Metric, measured: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    for day, points in _by_day(batch, measured).items():
        statistics = summarise(metric, points)
        if statistics["sample_count"]:
            yield {
                "sub_account_id": batch.place.sub_account_id,
                "region_id": batch.place.region_id,
                "resource_id": resource_id,
                "resource_type": batch.resource_type.name,
                "metric_name": metric.name,
                "unit": metric.unit,
                "usage_date": date.fromisoformat(day),
                **statistics,
            }


def _by_day(batch: Batch, measured: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return a metric's points by day; without dimensions asked for, it has one series."""
    first, last = batch.first_day.isoformat(), batch.last_day.isoformat()
    days: dict[str, list[dict[str, Any]]] = {}
    for series in measured.get("timeseries", ()):
        for point in series.get("data", ()):
            day = point["timeStamp"][:10]
            if first <= day <= last:
                days.setdefault(day, []).append(point)
    return days
