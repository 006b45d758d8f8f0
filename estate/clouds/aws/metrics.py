"""CloudWatch's GetMetricData, answered from the estate's facts instead of stored points.

Namespaces are kept apart, every statistic is answered, and the limits are CloudWatch's: 500
queries and 100,800 data points a request, further points behind NextToken.
"""

import base64
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from estate.clouds.aws.roles import ConnectedAccount
from estate.model import Resource
from estate.utilization import Hour, hourly, metrics_of

MAX_QUERIES = 500
MAX_POINTS = 100_800
_HOUR, _DAY = 3600, 86_400
_CACHED_DAYS = 20_000  # the statistics of one metric are asked for in one request
_NAMESPACES = {
    "aws_instance": ("AWS/EC2", "InstanceId"),
    "aws_volume": ("AWS/EBS", "VolumeId"),
    "aws_nat_gateway": ("AWS/NATGateway", "NatGatewayId"),
    "aws_load_balancer": ("AWS/ApplicationELB", "LoadBalancer"),
    "aws_network_load_balancer": ("AWS/NetworkELB", "LoadBalancer"),
    "aws_classic_load_balancer": ("AWS/ELB", "LoadBalancerName"),
}
_AGENT = ("CWAgent", "InstanceId")
_PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d+)?|100)")

_Key = tuple[str, str, str, str, str]


class RequestError(ValueError):
    """A request that CloudWatch refuses."""


@dataclass(frozen=True, slots=True)
class _Query:
    key: str
    label: str
    found: _Key
    period: int
    statistic: str


class MetricIndex:
    """Finds the resource that a namespace, metric and dimension name, per account and region."""

    def __init__(self, accounts: Iterable[ConnectedAccount]) -> None:
        self._resources: dict[_Key, Resource] = {}
        self._hours = lru_cache(_CACHED_DAYS)(self._measured)
        for connected in accounts:
            for resource in connected.resources:
                self._add(connected.account.account_id, resource)

    def _add(self, account_id: str, resource: Resource) -> None:
        for metric in metrics_of(resource):
            is_agent = metric == "mem_used_percent"
            namespace, dimension = _AGENT if is_agent else _NAMESPACES[resource.kind]
            where = (account_id, resource.region, namespace, metric)
            self._resources[*where, f"{dimension}={_dimension_value(resource)}"] = resource

    def answer(self, account_id: str, region: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Return what GetMetricData answers.

        Raises:
            RequestError: A limit is exceeded, or something is asked for that is not simulated.
        """
        queries = request.get("MetricDataQueries") or []
        if len(queries) > MAX_QUERIES:
            raise RequestError(f"The collection MetricDataQueries must not exceed {MAX_QUERIES}")
        start, end = _utc(request["StartTime"]), _utc(request["EndTime"])
        if start >= end:
            raise RequestError("The parameter EndTime must be greater than StartTime.")
        found = [self._query(account_id, region, query) for query in queries]
        is_descending = request.get("ScanBy", "TimestampDescending") == "TimestampDescending"
        series = [(query, self._points(query, start, end, is_descending)) for query in found]
        budget = min(int(request.get("MaxDatapoints") or MAX_POINTS), MAX_POINTS)
        return _page(series, _offset(request.get("NextToken")), budget)

    def _query(self, account_id: str, region: str, query: Mapping[str, Any]) -> _Query:
        if "MetricStat" not in query:
            raise RequestError("only MetricStat queries are simulated, no expressions")
        stat = query["MetricStat"]
        metric, period = stat["Metric"], int(stat["Period"])
        if period not in {_HOUR, _DAY}:
            raise RequestError(f"only periods of {_HOUR} and {_DAY} seconds are simulated")
        dimensions = "&".join(
            f"{each['Name']}={each['Value']}" for each in metric.get("Dimensions", ())
        )
        name = metric["MetricName"]
        key = (account_id, region, metric["Namespace"], name, dimensions)
        return _Query(
            query["Id"],
            query.get("Label") or name,
            key,
            period,
            stat["Stat"],
        )

    def _measured(self, key: _Key, day: date) -> tuple[Hour | None, ...]:
        return hourly(self._resources[key], key[3], day)

    def _points(
        self, query: _Query, start: datetime, end: datetime, is_descending: bool
    ) -> list[tuple[datetime, float]]:
        """Return the periods that have samples; periods start at whole hours or days."""
        if query.found not in self._resources:
            return []
        day = start.replace(hour=0, minute=0, second=0, microsecond=0)
        points: list[tuple[datetime, float]] = []
        while day < end:
            hours = self._hours(query.found, day.date())
            size = 24 if query.period == _DAY else 1
            for first in range(0, 24, size):
                at = day + timedelta(hours=first)
                samples = [hour for hour in hours[first : first + size] if hour]
                if samples and start <= at < end:
                    points.append((at, _statistic(query.statistic, samples)))
            day += timedelta(days=1)
        return points[::-1] if is_descending else points


def _dimension_value(resource: Resource) -> str:
    if resource.kind == "aws_classic_load_balancer":
        return resource.name
    return resource.resource_id.rpartition(":loadbalancer/")[2]


def _utc(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _statistic(name: str, hours: list[Hour]) -> float:
    match name:
        case "Average":
            return sum(hour.total for hour in hours) / sum(hour.samples for hour in hours)
        case "Maximum":
            return max(hour.maximum for hour in hours)
        case "Minimum":
            return min(hour.average for hour in hours)
        case "Sum":
            return float(sum(hour.total for hour in hours))
        case "SampleCount":
            return float(sum(hour.samples for hour in hours))
    if found := _PERCENTILE.fullmatch(name):
        return _percentile([hour.average for hour in hours], float(found[1]))
    raise RequestError(f"The value {name} for parameter Stat is not supported.")


def _percentile(values: list[float], percent: float) -> float:
    """Return a percentile, interpolated between the two values that it lies between."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * percent / 100
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _page(
    series: list[tuple[_Query, list[tuple[datetime, float]]]], offset: int, budget: int
) -> dict[str, Any]:
    """Return up to `budget` points from an offset into all points of all queries."""
    results: list[dict[str, Any]] = []
    passed, left = 0, budget
    for query, points in series:
        first = max(0, offset - passed)
        passed += len(points)
        if first > len(points) or (first == len(points) and points and offset):
            continue
        part = points[first : first + left]
        left -= len(part)
        is_whole = first + len(part) == len(points)
        results.append(
            {
                "Id": query.key,
                "Label": query.label,
                "Timestamps": [at for at, _ in part],
                "Values": [value for _, value in part],
                "StatusCode": "Complete" if is_whole else "PartialData",
            }
        )
        if not is_whole:
            break
    total = sum(len(points) for _, points in series)
    answer: dict[str, Any] = {"MetricDataResults": results}
    if offset + budget - left < total:
        answer["NextToken"] = _token(offset + budget - left)
    return answer


def _token(offset: int) -> str:
    return base64.urlsafe_b64encode(json.dumps({"offset": offset}).encode()).decode()


def _offset(token: str | None) -> int:
    if not token:
        return 0
    try:
        return int(json.loads(base64.urlsafe_b64decode(token))["offset"])
    except (ValueError, KeyError, TypeError) as error:
        raise RequestError("The NextToken is not valid.") from error
