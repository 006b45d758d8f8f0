"""One scan of one connection: inventory, then the utilization of what it holds.

What a place refuses is told in `scan_scopes` and stops nothing else. Inventory lands before
utilization is asked for, so that a scan that is stopped has landed one or both, never half of one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pyarrow as pa

from ingestion.inventory.days import UtilizationDays, complete_days
from ingestion.inventory.history import History
from ingestion.inventory.report import LandedTable, ScanReport, ScopeOutcome
from ingestion.inventory.schema import UTILIZATION, UTILIZATION_DAYS, UTILIZATION_TABLE
from ingestion.inventory.snapshots import ScanFacts, Snapshot, rows_in
from ingestion.lake import TenantLake
from ingestion.model import (
    EVERYWHERE,
    Answer,
    Collector,
    Connection,
    Place,
    ResourceType,
    ScopeStatus,
    UtilizationRequest,
    arrow_rows,
    landed_schema,
)

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a scan is: places and tables answered, of how many, and what they held."""

    done: int
    total: int
    resource_count: int
    call_count: int


class Scan:
    """The scan of a connection.

    Args:
        connection: What is read.
        lake: The tenant's lake.
        collector: Reads the cloud; entered already.
        resource_types: What is read, of the connection's provider.
        scan_id: Identity of the scan.
        requested_by: Who asked for it.
        snapshot_date: Day it lands as.
        say: Told what runs.
        on_progress: Told how far it is.
        clock: Gives the time.
    """

    def __init__(
        self,
        connection: Connection,
        lake: TenantLake,
        collector: Collector,
        resource_types: Sequence[ResourceType],
        *,
        scan_id: str,
        requested_by: str,
        snapshot_date: date,
        say: Say = lambda _: None,
        on_progress: Callable[[Progress], None] = lambda _: None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._connection = connection
        self._lake = lake
        self._collector = collector
        self._types = {kind.name: kind for kind in resource_types}
        self._say = say
        self._on_progress = on_progress
        self._clock = clock
        self._history = History(lake, connection.connection_id, snapshot_date)
        facts = ScanFacts(scan_id, connection.provider, requested_by, clock())
        self._snapshot = Snapshot(lake, connection.connection_id, snapshot_date, facts)
        self._total = 0

    def run(self) -> ScanReport:
        """Read everything and land it.

        Raises:
            SourceError: The lake does not take it.
        """
        with self._lake.staging() as spool:
            self._read_inventory()
            tables = self._snapshot.land(list(self._types.values()), spool)
            days = complete_days(self._snapshot.snapshot_date, UTILIZATION_DAYS)
            utilization = UtilizationDays(self._lake, self._connection.connection_id, days)
            resources = self._measured_resources()
            requests = list(self._requests(resources, utilization))
            now = self._clock()
            answers, rows = self._read_utilization(resources, requests)
            landed = utilization.land(requests, answers, rows, now=now, spool=spool)
            self._snapshot.land_scopes(spool)
        calls = sum(answer.call_count for answer in answers)
        tables[UTILIZATION_TABLE] = LandedTable(landed.row_count, landed.byte_count, calls)
        return ScanReport(
            self._snapshot.facts.scan_id,
            self._connection.connection_id,
            self._connection.provider,
            self._snapshot.snapshot_date,
            tuple(self._snapshot.scopes),
            tables,
        )

    def _read_inventory(self) -> None:
        self._say(f"{self._connection.connection_id}: asking for its regions")
        places = self._collector.places()
        self._total = len(places) * len(self._types)
        for answer in self._collector.inventory(list(self._types.values())):
            rows = _table_of(answer.rows, landed_schema(self._types[answer.table_name]))
            outcome = ScopeOutcome.of(answer, len(rows), self._clock())
            self._snapshot.add(outcome, rows)
            self._tell(answer)

    def _measured_resources(self) -> dict[tuple[Place, str], pa.Table]:
        """Return the resources that have metrics, by region and type, as far as they are known.

        A type that a place did not answer today is measured as it was known last: its findings
        need utilization as much as those of what answered.
        """
        found: dict[tuple[Place, str], pa.Table] = {}
        for kind in self._types.values():
            if not kind.metrics:
                continue
            unknown = self._snapshot.unknown_places(kind.name)
            earlier = (self._history.last_known(kind, place) for place in unknown)
            rows = pa.concat_tables([self._snapshot.rows(kind), *earlier])
            for place, of_place in _by_region(rows.select(_needed(kind))):
                found[place, kind.name] = of_place
        return found

    def _requests(
        self, resources: dict[tuple[Place, str], pa.Table], days: UtilizationDays
    ) -> Iterator[UtilizationRequest]:
        for (place, name), rows in resources.items():
            kind, known = self._types[name], rows.to_pylist()
            is_listed = self._snapshot.is_listed(name, place)
            for first_day, last_day in days.missing(place, kind):
                yield UtilizationRequest(
                    kind, place, known, first_day, last_day, is_listed=is_listed
                )

    def _read_utilization(
        self,
        resources: dict[tuple[Place, str], pa.Table],
        requests: Sequence[UtilizationRequest],
    ) -> tuple[list[Answer], pa.Table]:
        """Return how each region answered, one answer per region, and everything that came."""
        counts: dict[Place, int] = defaultdict(int)
        for (place, _), rows in resources.items():
            counts[place] += len(rows)
        asked = {request.place for request in requests}
        self._total += len(asked)
        self._say(f"{self._connection.connection_id}: reading utilization of {len(asked)} regions")
        folded: dict[Place, Answer] = {}
        pieces = [UTILIZATION.empty_table()]
        for answer in self._collector.utilization(requests):
            pieces.append(_table_of(answer.rows, UTILIZATION))
            folded[answer.place] = _folded(folded.get(answer.place), answer)
            self._tell(answer)
        for place in self._quiet_places(set(counts), asked | set(folded)):
            status, table = ScopeStatus.COMPLETE, UTILIZATION_TABLE
            self._scope(Answer(place.sub_account_id, place.region_id, table, status), counts[place])
        for place, answer in folded.items():
            self._scope(answer, counts[place])
        return list(folded.values()), pa.concat_tables(pieces)

    def _quiet_places(self, held: set[Place], asked: set[Place]) -> list[Place]:
        """Return the regions where nothing had to be asked: nothing is there, or all is known."""
        measured = {kind.name for kind in self._types.values() if kind.metrics}
        known = {
            Place(scope.sub_account_id, scope.region_id)
            for scope in self._snapshot.scopes
            if scope.is_complete and scope.table_name in measured
        }
        quiet = (known | held) - asked
        return sorted(
            (place for place in quiet if place.region_id != EVERYWHERE),
            key=lambda place: (place.sub_account_id, place.region_id),
        )

    def _scope(self, answer: Answer, resource_count: int) -> None:
        outcome = ScopeOutcome.of(answer, resource_count, self._clock())
        self._snapshot.scopes.append(outcome)

    def _tell(self, answer: Answer) -> None:
        scopes = self._snapshot.scopes
        region = "" if answer.region_id == EVERYWHERE else f" {answer.region_id}"
        self._say(f"{answer.table_name} of {answer.sub_account_id}{region}: {answer.status.value}")
        done = len(scopes)
        seen = sum(scope.resource_count or 0 for scope in scopes)
        calls = sum(scope.call_count for scope in scopes)
        self._on_progress(Progress(done, max(done, self._total), seen, calls))


def _table_of(rows: object, schema: pa.Schema) -> pa.Table:
    if isinstance(rows, pa.Table):
        return rows.select(schema.names).cast(schema)
    return arrow_rows(rows, schema)  # type: ignore[arg-type]  # a sequence of mappings


def _needed(resource_type: ResourceType) -> list[str]:
    """Return the columns that asking for a type's metrics needs."""
    names = {name for m in resource_type.metrics for name in (*m.dimensions.values(), *m.only)}
    return ["sub_account_id", "region_id", "resource_id", *sorted(names - {"resource_id"})]


def _by_region(rows: pa.Table) -> Iterable[tuple[Place, pa.Table]]:
    regions = rows.group_by(["sub_account_id", "region_id"]).aggregate([]).to_pylist()
    for region in regions:
        place = Place(region["sub_account_id"], region["region_id"])
        yield place, rows_in(rows, place)


def _folded(before: Answer | None, answer: Answer) -> Answer:
    """Return two answers of a place as one, without rows: the first failure stands."""
    calls = answer.call_count + (before.call_count if before else 0)
    told = before if before is not None and not before.is_complete else answer
    return Answer(
        told.sub_account_id,
        told.region_id,
        told.table_name,
        told.status,
        (),
        calls,
        told.error_code,
        told.message,
        told.action,
    )
