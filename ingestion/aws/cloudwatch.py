"""Reads daily utilization through CloudWatch's GetMetricData.

A request holds up to 500 queries and 100,800 values, and is filled to whichever comes first, with
the metrics of all resource types of a region; one query is one statistic of one metric of one
resource. AWS computes a day's statistics where a metric is asked for by the day; where it is asked
for by the hour, the day's percentiles and maximum are those of its hourly sums.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from ingestion.inventory.statistics import of_hourly_sums
from ingestion.model import Metric, UtilizationRequest

QUERIES_PER_REQUEST = 500
VALUES_PER_REQUEST = 100_800
ROUNDS = 3
"""How often a query is asked whose values AWS could not give in full."""

_DAY_SECONDS = 86_400
_NAMES = {
    "average": "Average",
    "minimum": "Minimum",
    "maximum": "Maximum",
    "sum": "Sum",
    "sample_count": "SampleCount",
}
"""CloudWatch's names of our statistics; percentiles have the same."""

Series = dict[datetime, float]


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """One metric of one resource over one span of days; equal only to itself."""

    resource_type: str
    resource_id: str
    metric: Metric
    dimensions: tuple[tuple[str, str], ...]
    first_day: date
    last_day: date

    @property
    def statistics(self) -> tuple[str, ...]:
        """Our names of what is asked for."""
        if self.metric.period_seconds < _DAY_SECONDS:
            return ("sum",)
        return (*self.metric.statistics, "sample_count")

    @property
    def values(self) -> int:
        """Values that one of its queries can have."""
        days = (self.last_day - self.first_day).days + 1
        return days * _DAY_SECONDS // self.metric.period_seconds


@dataclass(frozen=True, slots=True)
class Query:
    """One statistic of what is measured."""

    measured: Measured
    statistic: str


@dataclass(frozen=True, slots=True)
class Read:
    """What a batch of queries answered.

    Attributes:
        series: Values per query, complete ones alone.
        incomplete: CloudWatch's word on each of the others.
    """

    series: Mapping[Query, Series]
    incomplete: Mapping[Query, str]


def measured_by(requests: Iterable[UtilizationRequest]) -> Iterator[Measured]:
    """Yield what is to be measured: the metrics that each resource has."""
    for request in requests:
        span = (request.first_day, request.last_day)
        for resource in request.resources:
            for metric in request.resource_type.metrics:
                if metric.applies_to(resource):
                    dimensions = tuple(
                        (name, _dimension(str(resource[column])))
                        for name, column in metric.dimensions.items()
                    )
                    kind = request.resource_type.name
                    yield Measured(kind, resource["resource_id"], metric, dimensions, *span)


def batches(measured: Iterable[Measured]) -> Iterator[list[Query]]:
    """Yield the queries of one request after the other, each as full as CloudWatch allows."""
    spans: dict[tuple[date, date], list[Measured]] = defaultdict(list)
    for one in measured:
        spans[one.first_day, one.last_day].append(one)
    for those in spans.values():
        batch: list[Query] = []
        values = 0
        for query in (Query(one, name) for one in those for name in one.statistics):
            is_full = len(batch) == QUERIES_PER_REQUEST
            if batch and (is_full or values + query.measured.values > VALUES_PER_REQUEST):
                yield batch
                batch, values = [], 0
            batch.append(query)
            values += query.measured.values
        yield batch


def read_batch(client: Any, queries: Sequence[Query]) -> Read:
    """Ask one request's queries; those that came in part are asked again, up to `ROUNDS` times.

    Raises:
        BotoCoreError, ClientError: CloudWatch refused.
    """
    series: dict[Query, Series] = {}
    pending = list(queries)
    incomplete: dict[Query, str] = {}
    for _ in range(ROUNDS):
        found, incomplete = _ask(client, pending)
        series |= found
        pending = list(incomplete)
        if not pending:
            break
    return Read(series, incomplete)


def days_of(measured: Measured, series: Mapping[str, Series]) -> Iterator[dict[str, Any]]:
    """Yield a row per day that has a value; a day without one is missing, never zero."""
    days: dict[date, dict[str, Any]] = defaultdict(dict)
    if measured.metric.period_seconds < _DAY_SECONDS:
        hours: dict[date, list[float]] = defaultdict(list)
        for moment, value in series["sum"].items():
            hours[moment.date()].append(value)
        for day, sums in hours.items():
            days[day] = of_hourly_sums(sums, measured.metric.statistics)
    else:
        for statistic, values in series.items():
            for moment, value in values.items():
                days[moment.date()][statistic] = value
    for day, found in sorted(days.items()):
        if measured.first_day <= day <= measured.last_day:
            count = found.get("sample_count")
            yield {
                **found,
                "resource_id": measured.resource_id,
                "resource_type": measured.resource_type,
                "metric_name": measured.metric.name,
                "unit": measured.metric.unit,
                "sample_count": None if count is None else round(count),
                "usage_date": day,
            }


def _dimension(value: str) -> str:
    """Return a resource as CloudWatch names it: of a load balancer, the end of its ARN."""
    return value.partition(":loadbalancer/")[2] or value


def _ask(client: Any, queries: Sequence[Query]) -> tuple[dict[Query, Series], dict[Query, str]]:
    named = {f"q{number}": query for number, query in enumerate(queries)}
    first = queries[0].measured
    pages = client.get_paginator("get_metric_data").paginate(
        MetricDataQueries=[_asked(name, query) for name, query in named.items()],
        StartTime=datetime.combine(first.first_day, time(), UTC),
        EndTime=datetime.combine(first.last_day + timedelta(days=1), time(), UTC),
        ScanBy="TimestampAscending",
    )
    series: dict[Query, Series] = {query: {} for query in queries}
    states: dict[Query, str] = dict.fromkeys(queries, "NotAnswered")
    for page in pages:
        for result in page["MetricDataResults"]:
            query = named[result["Id"]]
            states[query] = result.get("StatusCode", "Complete")
            moments = (moment.astimezone(UTC) for moment in result["Timestamps"])
            series[query].update(zip(moments, result["Values"], strict=True))
    incomplete = {query: state for query, state in states.items() if state != "Complete"}
    return {q: values for q, values in series.items() if q not in incomplete}, incomplete


def _asked(name: str, query: Query) -> dict[str, Any]:
    measured = query.measured
    return {
        "Id": name,
        "ReturnData": True,
        "MetricStat": {
            "Metric": {
                "Namespace": measured.metric.namespace,
                "MetricName": measured.metric.name,
                "Dimensions": [{"Name": n, "Value": v} for n, v in measured.dimensions],
            },
            "Period": measured.metric.period_seconds,
            "Stat": _NAMES.get(query.statistic, query.statistic),
        },
    }
