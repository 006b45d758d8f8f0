"""The record of scans: who asked, how far it is, what it saw and what it could not read."""

import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime
from enum import StrEnum

from sqlalchemy import Connection, Engine, update

from control import records
from control.models import ScanProblemRow, ScanRow
from control.scoping import across_partners
from control.store import put, read, writes


class ScanState(StrEnum):
    """Where a scan is."""

    REQUESTED = "requested"
    RUNNING = "running"
    COMPLETE = "complete"
    PARTIAL = "partial"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class ScanRecords:
    """Scans of connections; a requested one waits for whoever scans that connection next."""

    _engine: Engine

    def request_scan(
        self, partner_id: str, tenant_id: str, connection_id: str, *, requested_by: str
    ) -> str:
        """Ask for a scan and return its identity; one that waits already is taken instead.

        Raises:
            UnknownParentError: The connection does not exist.
        """
        waiting = [
            scan.scan_id
            for scan in self.scans(partner_id, tenant_id)
            if scan.connection_id == connection_id and scan.status == ScanState.REQUESTED
        ]
        if waiting:
            return waiting[0]
        scan = records.Scan(
            partner_id,
            uuid.uuid4().hex,
            tenant_id,
            connection_id,
            ScanState.REQUESTED.value,
            requested_by,
            datetime.now(UTC),
            None,
            None,
            None,
            0,
            0,
            0,
            0,
            "",
        )
        parent = f"connection {connection_id} of tenant {tenant_id}"
        with writes(self._engine, parent=parent) as transaction:
            put(transaction, ScanRow, vars(scan))
        return scan.scan_id

    def start_scan(self, partner_id: str, scan_id: str, *, snapshot_date: date) -> None:
        """Mark a requested scan as running."""
        self._change(
            partner_id,
            scan_id,
            status=ScanState.RUNNING.value,
            started_at=datetime.now(UTC),
            snapshot_date=snapshot_date,
        )

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
        with writes(self._engine) as transaction:
            done = transaction.execute(
                update(ScanRow)
                .where(
                    ScanRow.partner_id == partner_id,
                    ScanRow.tenant_id == tenant_id,
                    ScanRow.status == ScanState.RUNNING.value,
                )
                .values(
                    status=ScanState.INTERRUPTED.value,
                    finished_at=datetime.now(UTC),
                    message="the scan was stopped before it ended; scan again",
                )
            )
            return done.rowcount

    def scans(self, partner_id: str, tenant_id: str | None = None) -> tuple[records.Scan, ...]:
        """Return the scans of a partner, or of one of its tenants, the newest first."""
        conditions = [ScanRow.partner_id == partner_id]
        if tenant_id is not None:
            conditions.append(ScanRow.tenant_id == tenant_id)
        found = read(self._engine, ScanRow, records.Scan, *conditions)
        return tuple(sorted(found, key=lambda scan: scan.requested_at, reverse=True))

    @across_partners
    def requested_scans(self) -> tuple[records.Scan, ...]:
        """Return the scans of all partners that wait for somebody to run them, the oldest first."""
        waiting = ScanRow.status == ScanState.REQUESTED.value
        found = read(self._engine, ScanRow, records.Scan, waiting)
        return tuple(sorted(found, key=lambda scan: scan.requested_at))

    def scan_problems(self, partner_id: str, scan_id: str) -> tuple[records.ScanProblem, ...]:
        """Return what a scan could not read."""
        conditions = (ScanProblemRow.partner_id == partner_id, ScanProblemRow.scan_id == scan_id)
        return read(self._engine, ScanProblemRow, records.ScanProblem, *conditions)

    def _change(self, partner_id: str, scan_id: str, **values: object) -> None:
        with writes(self._engine) as transaction:
            _update(transaction, partner_id, scan_id, **values)


def _update(transaction: Connection, partner_id: str, scan_id: str, **values: object) -> None:
    transaction.execute(
        update(ScanRow)
        .where(ScanRow.partner_id == partner_id, ScanRow.scan_id == scan_id)
        .values(**values)
    )
