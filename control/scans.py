"""The record of scans: who asked, how far it is, what it saw and what it could not read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement, Connection, Engine, and_, func, or_, select, update

from control import records
from control.models import ScanProblemRow, ScanRow
from control.scan_states import ScanState, interrupt, interrupt_silent, is_silent
from control.store import put, read, translated, writes

_UNDER_WAY = (ScanState.REQUESTED.value, ScanState.RUNNING.value)


@dataclass(frozen=True)
class ScanFilter:
    """Which scans are wanted.

    Attributes:
        tenants: Of these tenants; None for all.
        statuses: In these states; None for all.
    """

    tenants: Collection[str] | None = None
    statuses: Collection[str] | None = None


class ScanRecords:
    """Scans of connections."""

    _engine: Engine

    def start_scan(self, partner_id: str, scan_id: str, *, snapshot_date: date) -> bool:
        """Mark a scan that waits as running; False where it does not wait any more."""
        now = datetime.now(UTC)
        with writes(self._engine) as transaction:
            return _update(
                transaction,
                partner_id,
                scan_id,
                ScanRow.status == ScanState.REQUESTED.value,
                status=ScanState.RUNNING.value,
                started_at=now,
                alive_at=now,
                snapshot_date=snapshot_date,
            )

    def keep_scan_alive(self, partner_id: str, scan_id: str) -> None:
        """Record that whoever runs a scan is at it."""
        self._change(partner_id, scan_id, alive_at=datetime.now(UTC))

    def note_progress(
        self,
        partner_id: str,
        scan_id: str,
        *,
        done_count: int,
        total_count: int,
        resource_count: int,
        call_count: int,
    ) -> None:
        """Record how far a scan is."""
        self._change(
            partner_id,
            scan_id,
            done_count=done_count,
            total_count=total_count,
            resource_count=resource_count,
            call_count=call_count,
        )

    def finish_scan(
        self,
        partner_id: str,
        scan_id: str,
        *,
        status: ScanState,
        message: str,
        problems: Sequence[records.ScanProblem] = (),
    ) -> None:
        """Record the end of a scan and everything that it could not read."""
        with writes(self._engine) as transaction:
            for problem in problems:
                put(transaction, ScanProblemRow, vars(problem), kept=())
            _update(
                transaction,
                partner_id,
                scan_id,
                status=status.value,
                message=message,
                finished_at=datetime.now(UTC),
            )

    def interrupt_scans(self, partner_id: str, tenant_id: str) -> int:
        """Mark the running scans of a tenant as interrupted; the caller holds the tenant's lock.

        Returns:
            How many there were.
        """
        whose = and_(ScanRow.partner_id == partner_id, ScanRow.tenant_id == tenant_id)
        with writes(self._engine) as transaction:
            return interrupt(transaction, whose, datetime.now(UTC))

    def interrupt_silent_scans(self, partner_id: str, now: datetime) -> int:
        """Mark a partner's running scans as interrupted whose worker gives no sign of life.

        Returns:
            How many there were.
        """
        is_running = ScanRow.status == ScanState.RUNNING.value
        if not read(self._engine, ScanRow, records.Scan, is_running, is_silent(partner_id, now)):
            return 0
        with writes(self._engine) as transaction:
            return interrupt_silent(transaction, partner_id, now)

    def scans(self, partner_id: str, tenant_id: str | None = None) -> tuple[records.Scan, ...]:
        """Return the scans of a partner, or of one of its tenants, the newest first."""
        conditions = [ScanRow.partner_id == partner_id]
        if tenant_id is not None:
            conditions.append(ScanRow.tenant_id == tenant_id)
        found = read(self._engine, ScanRow, records.Scan, *conditions)
        return tuple(sorted(found, key=lambda scan: scan.requested_at, reverse=True))

    def scan(self, partner_id: str, scan_id: str) -> records.Scan | None:
        """Return one scan of a partner."""
        conditions = (ScanRow.partner_id == partner_id, ScanRow.scan_id == scan_id)
        return next(iter(read(self._engine, ScanRow, records.Scan, *conditions)), None)

    def recent_scans(self, partner_id: str, since: datetime) -> tuple[records.Scan, ...]:
        """Return the scans that wait, run, or ended since then, the oldest first."""
        is_recent = or_(ScanRow.status.in_(_UNDER_WAY), ScanRow.finished_at >= since)
        conditions = (ScanRow.partner_id == partner_id, is_recent)
        found = read(self._engine, ScanRow, records.Scan, *conditions)
        return tuple(sorted(found, key=lambda scan: (scan.requested_at, scan.connection_id)))

    def search_scans(
        self, partner_id: str, wanted: ScanFilter, *, limit: int
    ) -> tuple[records.Scan, ...]:
        """Return the scans that pass a filter, the newest first, at most so many."""
        columns = [getattr(ScanRow, field.name) for field in fields(records.Scan)]
        found = (
            select(*columns)
            .where(*_conditions(partner_id, wanted))
            .order_by(ScanRow.requested_at.desc(), ScanRow.scan_id)
            .limit(limit)
        )
        with translated(self._engine), self._engine.begin() as transaction:
            return tuple(records.Scan(*row) for row in transaction.execute(found))

    def count_scans(self, partner_id: str, wanted: ScanFilter) -> int:
        """Return how many scans pass a filter."""
        counted = select(func.count()).where(*_conditions(partner_id, wanted))
        with translated(self._engine), self._engine.begin() as transaction:
            return int(transaction.execute(counted).scalar_one())

    def count_problems(self, partner_id: str, scan_ids: Collection[str]) -> dict[str, int]:
        """Return how many places and tables each of some scans could not read, if any."""
        counted = (
            select(ScanProblemRow.scan_id, func.count())
            .where(
                ScanProblemRow.partner_id == partner_id,
                ScanProblemRow.scan_id.in_(sorted(scan_ids)),
            )
            .group_by(ScanProblemRow.scan_id)
        )
        with translated(self._engine), self._engine.begin() as transaction:
            return dict(transaction.execute(counted).tuples().all())

    def scan_problems(self, partner_id: str, scan_id: str) -> tuple[records.ScanProblem, ...]:
        """Return what a scan could not read."""
        conditions = (ScanProblemRow.partner_id == partner_id, ScanProblemRow.scan_id == scan_id)
        return read(self._engine, ScanProblemRow, records.ScanProblem, *conditions)

    def _change(self, partner_id: str, scan_id: str, **values: object) -> None:
        with writes(self._engine) as transaction:
            _update(transaction, partner_id, scan_id, **values)


def _update(
    transaction: Connection,
    partner_id: str,
    scan_id: str,
    *conditions: ColumnElement[bool],
    **values: object,
) -> bool:
    """Change a scan of which some conditions hold; return whether they did."""
    done = transaction.execute(
        update(ScanRow)
        .where(ScanRow.partner_id == partner_id, ScanRow.scan_id == scan_id, *conditions)
        .values(**values)
    )
    return bool(done.rowcount)


def _conditions(partner_id: str, wanted: ScanFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [ScanRow.partner_id == partner_id]
    if wanted.tenants is not None:
        conditions.append(ScanRow.tenant_id.in_(sorted(wanted.tenants)))
    if wanted.statuses is not None:
        conditions.append(ScanRow.status.in_(sorted(wanted.statuses)))
    return conditions
