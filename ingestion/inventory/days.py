"""Lands utilization, one file per connection and day, and knows which days are missing.

Each file says in its metadata which resource types of which places it holds in full, by the metrics
that were asked for. A day that was asked for within hours of its end is not taken as full: clouds
deliver the last values late. Nor is one of a type whose resources could not be listed: what has
come since was not asked for.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ingestion.inventory.schema import UTILIZATION_FILE, UTILIZATION_TABLE
from ingestion.lake import TenantLake
from ingestion.model import Answer, Place, ResourceType, UtilizationRequest

SETTLES_AFTER = timedelta(hours=3)
"""CloudWatch's values are minutes late, Azure Monitor's up to a few hours."""

_FULL = b"cloudprune.full"
Full = frozenset[tuple[str, ...]]
"""Sub account, region, resource type, and a digest of the metrics that it has."""


@dataclass(frozen=True, slots=True)
class LandedDays:
    """What landing wrote."""

    row_count: int
    byte_count: int


class UtilizationDays:
    """The days of one connection.

    Args:
        lake: The tenant's lake.
        connection_id: Whose utilization.
        days: Days that are wanted, in order.
    """

    def __init__(self, lake: TenantLake, connection_id: str, days: Sequence[date]) -> None:
        self._lake = lake
        self._connection_id = connection_id
        self._full = {day: self._full_of(day) for day in days}

    def missing(self, place: Place, resource_type: ResourceType) -> Iterator[tuple[date, date]]:
        """Yield the spans of days, both ends included, that are not held in full."""
        key = _key(place, resource_type)
        missing = [day for day, full in self._full.items() if key not in full]
        first = last = None
        for day in missing:
            if first is not None and last is not None and day != last + timedelta(days=1):
                yield first, last
                first = None
            first, last = first or day, day
        if first is not None and last is not None:
            yield first, last

    def land(
        self,
        requests: Sequence[UtilizationRequest],
        answers: Sequence[Answer],
        rows: pa.Table,
        *,
        now: datetime,
        spool: Path,
    ) -> LandedDays:
        """Put what was answered into the files of its days.

        Args:
            requests: What was asked.
            answers: How each place answered; all of a place's answers have to be complete for its
                days to be full.
            rows: What came, of all places.
            now: When it was asked.
            spool: Folder for files that are not finished.
        """
        refused = {answer.place for answer in answers if not answer.is_complete}
        answered = {answer.place for answer in answers} - refused
        row_count = byte_count = 0
        for day in self._full:
            asked = [r for r in requests if r.first_day <= day <= r.last_day]
            new = rows.filter(pc.equal(rows["usage_date"], pa.scalar(day)))
            full = {
                _key(request.place, request.resource_type)
                for request in asked
                if request.place in answered and request.is_listed and _is_settled(day, now)
            }
            if not len(new) and not any(request.place in answered for request in asked):
                continue
            table = pa.concat_tables([self._kept(day, new), new.select(UTILIZATION_FILE.names)])
            byte_count += self._write(day, table.cast(UTILIZATION_FILE), full, spool)
            row_count += len(new)
        return LandedDays(row_count, byte_count)

    def _kept(self, day: date, new: pa.Table) -> pa.Table:
        """Return what the day's file holds of measurements that did not come anew."""
        opened = self._lake.open(UTILIZATION_TABLE, self._connection_id, day.isoformat())
        if opened is None:
            return UTILIZATION_FILE.empty_table()
        held = opened.read().select(UTILIZATION_FILE.names).cast(UTILIZATION_FILE)
        again = set(_measurements(new))
        return held.filter(pa.array([m not in again for m in _measurements(held)], pa.bool_()))

    def _write(self, day: date, table: pa.Table, full: Iterable[Sequence[str]], spool: Path) -> int:
        known = sorted(set(map(tuple, full)) | set(self._full[day]))
        metadata = {_FULL: json.dumps(known).encode()}
        order = ("region_id", "resource_type", "resource_id", "metric_name")
        table = table.sort_by([(name, "ascending") for name in order])
        table = table.replace_schema_metadata({**(table.schema.metadata or {}), **metadata})
        written = spool / f"{UTILIZATION_TABLE}.parquet"
        pq.write_table(table, written, compression="zstd")
        size = written.stat().st_size
        self._lake.replace(written, UTILIZATION_TABLE, self._connection_id, day.isoformat())
        return size

    def _full_of(self, day: date) -> Full:
        opened = self._lake.open(UTILIZATION_TABLE, self._connection_id, day.isoformat())
        metadata = {} if opened is None else opened.schema_arrow.metadata or {}
        return frozenset(map(tuple, json.loads(metadata.get(_FULL, b"[]"))))


def complete_days(snapshot_date: date, count: int) -> list[date]:
    """Return the last complete UTC days before a snapshot, in order."""
    return [snapshot_date - timedelta(days=back) for back in range(count, 0, -1)]


def requests_by_place(
    requests: Iterable[UtilizationRequest],
) -> dict[Place, list[UtilizationRequest]]:
    """Return requests by their place."""
    found: dict[Place, list[UtilizationRequest]] = defaultdict(list)
    for request in requests:
        found[request.place].append(request)
    return found


def _key(place: Place, resource_type: ResourceType) -> tuple[str, ...]:
    metrics = sorted((metric.name, *metric.statistics) for metric in resource_type.metrics)
    digest = hashlib.sha256(json.dumps(metrics).encode()).hexdigest()[:8]
    return place.sub_account_id, place.region_id, resource_type.name, digest


def _is_settled(day: date, now: datetime) -> bool:
    return now >= datetime.combine(day + timedelta(days=1), time(), UTC) + SETTLES_AFTER


def _measurements(rows: pa.Table) -> Iterator[tuple[str, ...]]:
    names = ("sub_account_id", "region_id", "resource_id", "metric_name")
    return zip(*(rows[name].to_pylist() for name in names), strict=True)
