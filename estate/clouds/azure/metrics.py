"""Azure Monitor's batch call: hourly values of several metrics of up to fifty resources."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from estate.clouds.azure.directories import Directory
from estate.clouds.azure.errors import RefusedError
from estate.clouds.azure.faults import Faults
from estate.clouds.azure.inventory import ARM_TYPES, Inventory
from estate.model import Resource
from estate.utilization import Hour, hourly

MAX_RESOURCES = 50
KEPT_DAYS = 93  # "Azure Monitor Metrics: retention of metrics"
AGGREGATIONS: Mapping[str, Callable[[Hour], float]] = {
    "average": lambda hour: hour.average,
    # As far below the average as the greatest value is above it.
    "minimum": lambda hour: max(0.0, 2 * hour.average - hour.maximum),
    "maximum": lambda hour: hour.maximum,
    "total": lambda hour: hour.total,
    "count": lambda hour: hour.samples,
}
_PARAMETERS = {
    "api-version", "metricnamespace", "metricnames", "starttime", "endtime", "interval",
    "aggregation",
}  # fmt: skip
METRICS: Mapping[str, Mapping[str, str]] = {
    "microsoft.compute/virtualmachines": {
        "Percentage CPU": "Percent",
        "Network In Total": "Bytes",
        "Network Out Total": "Bytes",
        "Available Memory Bytes": "Bytes",
    },
    "microsoft.compute/disks": {
        "Composite Disk Read Operations/sec": "CountPerSecond",
        "Composite Disk Write Operations/sec": "CountPerSecond",
        "Composite Disk Read Bytes/sec": "BytesPerSecond",
        "Composite Disk Write Bytes/sec": "BytesPerSecond",
    },
    "microsoft.network/natgateways": {"ByteCount": "Bytes", "PacketCount": "Count"},
    "microsoft.network/loadbalancers": {"ByteCount": "Bytes", "PacketCount": "Count"},
}


@dataclass(frozen=True, slots=True)
class Batch:
    """A request that was understood."""

    namespace: str
    names: tuple[str, ...]
    aggregations: tuple[str, ...]
    start: datetime
    end: datetime
    resources: tuple[Resource, ...]


@dataclass
class Metrics:
    """Azure Monitor over the inventories of all directories.

    Attributes:
        now: Instant that the estate shows; there are no values after it.
        is_prepared: Whether all resources of a type show what the first one asked for shows, so
            that a large estate costs no more than a small one.
    """

    inventories: Mapping[str, Inventory]
    faults: Faults
    now: datetime
    is_prepared: bool = False
    _prepared: dict[tuple[object, ...], str] = field(default_factory=dict)

    def answer(
        self,
        directory: Directory,
        region: str,
        subscription: str,
        query: Mapping[str, str],
        resource_ids: Sequence[str],
    ) -> str:
        """Return the answer's JSON; its order is not that of the request, as Azure promises none.

        Args:
            directory: Whose application asks.
            region: Region whose endpoint is asked.
            subscription: Subscription in the path.
            query: Parameters of the address, their names in lower case.
            resource_ids: Resources in the body.

        Raises:
            RefusedError: Something asked for is not there, not allowed or not understood.
        """
        self._check_access(directory, subscription)
        resources = tuple(
            self._resource(directory, region, subscription, each) for each in resource_ids
        )
        batch = _understood(query, resources)
        in_another_order = sorted(resources, key=lambda each: each.resource_id)
        values = ",".join(self._values(batch, each, region) for each in in_another_order)
        return f'{{"values":[{values}]}}'

    def _check_access(self, directory: Directory, subscription: str) -> None:
        known = {account.account_id for account in directory.subscriptions}
        if subscription not in known - self.faults.denied:
            raise RefusedError(
                403,
                "AuthorizationFailed",
                f"The client '{directory.client_id}' with object id '{directory.client_id}' does "
                "not have authorization to perform action 'Microsoft.Insights/metrics/read' over "
                f"scope '/subscriptions/{subscription}' or the scope is invalid. If access was "
                "recently granted, please refresh your credentials.",
            )

    def _resource(
        self, directory: Directory, region: str, subscription: str, resource_id: str
    ) -> Resource:
        key = resource_id.lower()
        found = self.inventories[directory.directory_id].by_id.get(key)
        if found is None or key in self.faults.vanished:
            kind, _, name = resource_id.partition("/providers/")[2].rpartition("/")
            raise RefusedError(
                404,
                "ResourceNotFound",
                f"The Resource '{kind}/{name}' with id '{resource_id}' was not found.",
            )
        if found.account.account_id != subscription:
            raise _bad_request(f"Resource {resource_id} is not in subscription {subscription}.")
        if found.region != region:
            raise _bad_request(f"Resource {resource_id} is not in region {region}.")
        return found

    def _values(self, batch: Batch, resource: Resource, region: str) -> str:
        metrics = ",".join(self._metric(batch, resource, name) for name in batch.names)
        head = json.dumps(
            {
                "starttime": _written(batch.start),
                "endtime": _written(batch.end),
                "interval": "PT1H",
                "cost": len(batch.names) * int((batch.end - batch.start) / timedelta(minutes=1)),
                "namespace": batch.namespace,
                "resourceregion": region,
                "resourceid": resource.resource_id,
            }
        )
        return f'{head[:-1]},"value":[{metrics}]}}'

    def _metric(self, batch: Batch, resource: Resource, name: str) -> str:
        series = self._series(batch, resource, name)
        head = json.dumps(
            {
                "id": f"{resource.resource_id}/providers/Microsoft.Insights/metrics/{name}",
                "type": "Microsoft.Insights/metrics",
                "name": {"value": name, "localizedValue": name},
                "unit": METRICS[ARM_TYPES[resource.kind]][name],
                "errorCode": "Success",
            }
        )
        return f'{head[:-1]},"timeseries":[{series}]}}'

    def _series(self, batch: Batch, resource: Resource, name: str) -> str:
        key = (resource.kind, name, batch.start, batch.end, batch.aggregations)
        if self.is_prepared and key in self._prepared:
            return self._prepared[key]
        points = list(self._points(batch, resource, name))
        has_samples = any(hour is not None for _, hour in points)
        data = ",".join(_point(stamp, hour, batch.aggregations) for stamp, hour in points)
        series = f'{{"metadatavalues":[],"data":[{data}]}}' if has_samples else ""
        if self.is_prepared:
            self._prepared[key] = series
        return series

    def _points(
        self, batch: Batch, resource: Resource, name: str
    ) -> Iterator[tuple[str, Hour | None]]:
        start = max(batch.start, self.now - timedelta(days=KEPT_DAYS))
        end = min(batch.end, self.now)
        day = start.date()
        while day <= end.date():
            for number, hour in enumerate(hourly(resource, name, day)):
                at = datetime(day.year, day.month, day.day, number, tzinfo=UTC)
                if start <= at < end:
                    yield f"{day.isoformat()}T{number:02d}:00:00Z", hour
            day += timedelta(days=1)


def _point(stamp: str, hour: Hour | None, aggregations: Sequence[str]) -> str:
    if hour is None:
        return f'{{"timeStamp":"{stamp}"}}'
    values = ",".join(f'"{name}":{AGGREGATIONS[name](hour)!r}' for name in aggregations)
    return f'{{"timeStamp":"{stamp}",{values}}}'


def _understood(query: Mapping[str, str], resources: tuple[Resource, ...]) -> Batch:
    if not 1 <= len(resources) <= MAX_RESOURCES:
        raise _bad_request(
            f"The number of resource ids must be between 1 and {MAX_RESOURCES}, "
            f"but {len(resources)} were given."
        )
    if unknown := set(query) - _PARAMETERS:
        raise _bad_request(f"Parameters that are not served: {', '.join(sorted(unknown))}.")
    namespace = query.get("metricnamespace", "")
    if any(ARM_TYPES.get(each.kind) != namespace.lower() for each in resources):
        raise _bad_request(f"All resources must be of the type {namespace}.")
    start, end = _time_span(query)
    return Batch(
        namespace,
        _metric_names(namespace, query.get("metricnames", "")),
        _aggregations(query.get("aggregation", "average")),
        start,
        end,
        resources,
    )


def _metric_names(namespace: str, asked: str) -> tuple[str, ...]:
    known = METRICS.get(namespace.lower(), {})
    written = {name.lower(): name for name in known}
    provider, _, kind = namespace.partition("/")
    for name in asked.split(","):
        if name.lower() not in written:
            raise _bad_request(
                f"Failed to find metric configuration for provider: {provider}, resource Type: "
                f"{kind}, metric: {name}, Valid metrics: {','.join(known)}"
            )
    return tuple(written[name.lower()] for name in asked.split(","))


def _aggregations(asked: str) -> tuple[str, ...]:
    names = tuple(name.strip().lower() for name in asked.split(","))
    for name in names:
        if name not in AGGREGATIONS:
            raise _bad_request(
                f"Detected invalid aggregation type: {name}, supported ones are: "
                f"{','.join(AGGREGATIONS)}"
            )
    return names


def _time_span(query: Mapping[str, str]) -> tuple[datetime, datetime]:
    if query.get("interval", "") != "PT1H":
        raise _bad_request("Detected invalid time grain input value. Only PT1H is served.")
    try:
        start, end = (_read(query[name]) for name in ("starttime", "endtime"))
    except (KeyError, ValueError) as error:
        raise _bad_request("starttime and endtime must be instants.") from error
    if not start < end or end - start > timedelta(days=KEPT_DAYS):
        raise _bad_request(
            "Detected invalid time range input value: the end must be after the start, by at most "
            f"{KEPT_DAYS} days."
        )
    return start, end


def _read(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)


def _written(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _bad_request(message: str) -> RefusedError:
    return RefusedError(400, "BadRequest", message)
