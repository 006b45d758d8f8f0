"""Lands the inventory of one connection and day, and what of it is known.

What one place did not answer keeps what an earlier scan of the same day knew of it, rows and scope
alike: a rerun never knows less.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ingestion.inventory.report import LandedTable, ScopeOutcome
from ingestion.inventory.schema import SCOPES, SCOPES_TABLE
from ingestion.lake import TenantLake
from ingestion.model import EVERYWHERE, Place, ResourceType, ScopeStatus, landed_schema

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ScanFacts:
    """What every row of `scan_scopes` says of its scan."""

    scan_id: str
    provider: str
    requested_by: str
    started_at: datetime


@dataclass(slots=True)
class Snapshot:
    """The partition of one connection and day while it is read.

    Args:
        lake: The tenant's lake.
        connection_id: What is read.
        snapshot_date: Day it lands as.
        facts: The scan.
    """

    lake: TenantLake
    connection_id: str
    snapshot_date: date
    facts: ScanFacts
    scopes: list[ScopeOutcome] = field(default_factory=list)
    _pieces: dict[str, list[pa.Table]] = field(default_factory=lambda: defaultdict(list))

    def add(self, outcome: ScopeOutcome, rows: pa.Table) -> None:
        """Take what a place answered for an inventory table; rows count where it is complete."""
        self.scopes.append(outcome)
        if outcome.is_complete:
            self._pieces[outcome.table_name].append(rows)

    @property
    def has_landed(self) -> bool:
        """Whether the lake holds scopes of this scan."""
        opened = self.lake.open(SCOPES_TABLE, *self._partition)
        landed = [] if opened is None else opened.read(["scan_id"])["scan_id"].to_pylist()
        return self.facts.scan_id in landed

    def rows(self, resource_type: ResourceType) -> pa.Table:
        """Return what this scan read of a type."""
        schema = landed_schema(resource_type)
        return pa.concat_tables([schema.empty_table(), *self._pieces[resource_type.name]])

    def unknown_places(self, table_name: str) -> list[Place]:
        """Return the places whose answer for a table is not complete."""
        return [
            Place(scope.sub_account_id, scope.region_id)
            for scope in self.scopes
            if scope.table_name == table_name and not scope.is_complete
        ]

    def is_listed(self, table_name: str, place: Place) -> bool:
        """Whether a table was read whole in a place, or in all places of its sub account."""
        return not any(
            unknown.sub_account_id == place.sub_account_id
            and unknown.region_id in (EVERYWHERE, place.region_id)
            for unknown in self.unknown_places(table_name)
        )

    def land(self, resource_types: Sequence[ResourceType], spool: Path) -> dict[str, LandedTable]:
        """Replace the day's inventory, table by table, then say what is known of it."""
        earlier = self._earlier_today()
        landed = {kind.name: self._land_table(kind, earlier, spool) for kind in resource_types}
        self.land_scopes(spool, earlier)
        return landed

    def land_scopes(self, spool: Path, earlier: pa.Table | None = None) -> None:
        """Replace the day's scopes; what is known from earlier today stays."""
        earlier = self._earlier_today() if earlier is None else earlier
        kept = earlier.filter(pc.invert(_is_known_again(earlier, self.scopes)))
        now = pa.Table.from_pylist([self._row(scope) for scope in self.scopes], schema=SCOPES)
        table = pa.concat_tables([kept.select(SCOPES.names).cast(SCOPES), now])
        self._write(SCOPES_TABLE, table, spool)

    def _land_table(
        self, resource_type: ResourceType, earlier: pa.Table, spool: Path
    ) -> LandedTable:
        rows = self.rows(resource_type)
        of_table = earlier.filter(pc.equal(earlier["table_name"], resource_type.name))
        kept = of_table.filter(pc.invert(_is_known_again(of_table, self.scopes)))
        opened = self.lake.open(resource_type.name, *self._partition) if len(kept) else None
        if opened is not None:
            places = (Place(r["sub_account_id"], r["region_id"]) for r in kept.to_pylist())
            before = as_declared(opened.read(), rows.schema)
            rows = pa.concat_tables([rows, *(rows_in(before, place) for place in places)])
        rows = rows.sort_by([("region_id", "ascending"), ("resource_id", "ascending")])
        calls = sum(s.call_count for s in self.scopes if s.table_name == resource_type.name)
        return LandedTable(len(rows), self._write(resource_type.name, rows, spool), calls)

    def _earlier_today(self) -> pa.Table:
        """Return the complete scopes that other scans landed for this day."""
        opened = self.lake.open(SCOPES_TABLE, *self._partition)
        scopes = SCOPES.empty_table() if opened is None else opened.read()
        is_other = pc.not_equal(scopes["scan_id"], self.facts.scan_id)
        is_complete = pc.equal(scopes["status"], ScopeStatus.COMPLETE.value)
        return scopes.filter(pc.and_(is_other, is_complete))

    @property
    def _partition(self) -> tuple[str, str]:
        return self.connection_id, self.snapshot_date.isoformat()

    def _row(self, scope: ScopeOutcome) -> dict[str, object]:
        return {
            "scan_id": self.facts.scan_id,
            "provider": self.facts.provider,
            "sub_account_id": scope.sub_account_id,
            "region_id": scope.region_id,
            "table_name": scope.table_name,
            "status": scope.status.value,
            "resource_count": scope.resource_count,
            "call_count": scope.call_count,
            "error_code": scope.error_code or None,
            "message": scope.message or None,
            "action": scope.action or None,
            "requested_by": self.facts.requested_by,
            "started_at": self.facts.started_at.replace(tzinfo=None),
            "finished_at": scope.finished_at.replace(tzinfo=None),
        }

    def _write(self, table_name: str, table: pa.Table, spool: Path) -> int:
        written = spool / f"{table_name}.parquet"
        pq.write_table(table, written, compression="zstd")
        size = written.stat().st_size
        self.lake.replace(written, table_name, *self._partition)
        logger.info(
            "snapshot written table=%s tenant_id=%s connection_id=%s rows=%d",
            table_name,
            self.lake.tenant_id,
            self.connection_id,
            len(table),
        )
        return size


def as_declared(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return landed rows with the columns declared now; null where the file is older than one."""
    for column in schema:
        if column.name not in rows.schema.names:
            rows = rows.append_column(column, pa.nulls(len(rows), column.type))
    return rows.select(schema.names).cast(schema)


def rows_in(rows: pa.Table, place: Place) -> pa.Table:
    """Return the rows of one place; `*` is every region, or every sub account."""
    for name, value in (
        ("sub_account_id", place.sub_account_id),
        ("region_id", place.region_id),
    ):
        if value != EVERYWHERE:
            rows = rows.filter(pc.equal(rows[name], value))
    return rows


def _is_known_again(scopes: pa.Table, outcomes: Iterable[ScopeOutcome]) -> pa.Array:
    """Return, for each earlier scope, whether this scan knows the same place and table."""
    again = {
        (outcome.sub_account_id, outcome.region_id, outcome.table_name)
        for outcome in outcomes
        if outcome.is_complete
    }
    names = ("sub_account_id", "region_id", "table_name")
    keys = zip(*(scopes[name].to_pylist() for name in names), strict=True)
    return pa.array([key in again for key in keys], pa.bool_())
