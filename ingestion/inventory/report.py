"""What became of a scan: one outcome per place and table, and what landed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from ingestion.model import Answer, ScopeStatus


class ScanStatus(StrEnum):
    """What became of a scan as a whole."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ScopeOutcome:
    """What became of one table in one place; a row of `scan_scopes`."""

    sub_account_id: str
    region_id: str
    table_name: str
    status: ScopeStatus
    resource_count: int | None
    call_count: int
    error_code: str
    message: str
    action: str
    finished_at: datetime

    @classmethod
    def of(cls, answer: Answer, resource_count: int, finished_at: datetime) -> "ScopeOutcome":
        """Return an answer without its rows."""
        return cls(
            answer.sub_account_id,
            answer.region_id,
            answer.table_name,
            answer.status,
            resource_count if answer.is_complete else None,
            answer.call_count,
            answer.error_code,
            answer.message,
            answer.action,
            finished_at,
        )

    @property
    def is_complete(self) -> bool:
        """Whether everything that was asked for came."""
        return self.status is ScopeStatus.COMPLETE


@dataclass(frozen=True, slots=True)
class LandedTable:
    """What one table got.

    Attributes:
        row_count: Rows in the files written.
        byte_count: Their size.
        call_count: Calls made for it.
    """

    row_count: int
    byte_count: int
    call_count: int


@dataclass(frozen=True, slots=True)
class ScanReport:
    """Everything that became of the scan of one connection.

    Attributes:
        scan_id: Its identity.
        connection_id: What was read.
        provider: `aws` or `azure`.
        snapshot_date: Day it landed as.
        scopes: What became of each table in each place.
        tables: What landed, by table.
    """

    scan_id: str
    connection_id: str
    provider: str
    snapshot_date: date
    scopes: tuple[ScopeOutcome, ...]
    tables: Mapping[str, LandedTable]

    @property
    def problems(self) -> tuple[ScopeOutcome, ...]:
        """What is not known."""
        return tuple(scope for scope in self.scopes if not scope.is_complete)

    @property
    def resource_count(self) -> int:
        """Resources seen."""
        inventory = (s for s in self.scopes if s.table_name != "utilization_daily")
        return sum(scope.resource_count or 0 for scope in inventory)

    @property
    def call_count(self) -> int:
        """Calls made, repeated ones included; signing in is not among them."""
        return sum(scope.call_count for scope in self.scopes)

    @property
    def status(self) -> ScanStatus:
        """Complete if everything is known, failed if nothing is."""
        if not self.problems:
            return ScanStatus.COMPLETE
        has_any = len(self.problems) < len(self.scopes)
        return ScanStatus.PARTIAL if has_any else ScanStatus.FAILED

    @property
    def is_transient(self) -> bool:
        """Whether all that is missing may come with the next attempt, nobody acting."""
        transient = {ScopeStatus.THROTTLED, ScopeStatus.FAILED}
        return bool(self.problems) and all(s.status in transient for s in self.problems)

    @property
    def message(self) -> str:
        """The scan in a sentence."""
        seen = f"{self.resource_count:,} resources seen with {self.call_count:,} calls"
        if not self.problems:
            return seen
        places = {(scope.sub_account_id, scope.region_id) for scope in self.problems}
        first = self.problems[0]
        return (
            f"{seen}; {len(self.problems):,} of {len(self.scopes):,} tables in {len(places)} "
            f"places are not known; first: {first.message}; {first.action}"
        )
