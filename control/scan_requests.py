"""Scans that are asked for and wait for whoever does them: a worker, or the orchestrator."""

import uuid
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, Row, select, update

from control import records
from control.errors import ScanUnderWayError, UnknownParentError
from control.models import AccessRow, ScanRow, TenantRow
from control.scan_states import ScanState, interrupt_silent
from control.scoping import across_partners
from control.store import put, read, writes


class ScanRequests:
    """What was asked for; a request is a scan that waits."""

    _engine: Engine

    def request_scan(
        self,
        partner_id: str,
        tenant_id: str,
        connection_id: str,
        *,
        requested_by: str,
        member_id: str = "",
    ) -> str:
        """Ask for a scan and return its identity; one that waits already is taken instead.

        Raises:
            UnknownParentError: The connection does not exist.
        """
        waiting = [
            scan.scan_id
            for scan in self._waiting(partner_id, tenant_id)
            if scan.connection_id == connection_id
        ]
        if waiting:
            return waiting[0]
        asker = (requested_by, member_id)
        scan = _asked(partner_id, tenant_id, connection_id, asker, datetime.now(UTC))
        parent = f"connection {connection_id} of tenant {tenant_id}"
        with writes(self._engine, parent=parent) as transaction:
            put(transaction, ScanRow, vars(scan))
        return scan.scan_id

    def ask_for_scans(
        self, partner_id: str, tenant_id: str, *, requested_by: str, member_id: str = ""
    ) -> tuple[str, ...]:
        """Ask for a scan of each connection of a tenant, and return their identities.

        Args:
            partner_id: Whose tenant.
            tenant_id: Whose clouds.
            requested_by: Who asks, for the record.
            member_id: The member who does; empty for others.

        Raises:
            ScanUnderWayError: One waits or runs; who asked for it, and when.
            UnknownParentError: The tenant does not exist, or nothing of it is connected.
        """
        now = datetime.now(UTC)
        with writes(self._engine) as transaction:
            _hold_tenant(transaction, partner_id, tenant_id)
            interrupt_silent(transaction, partner_id, now)
            _refuse_another(transaction, partner_id, tenant_id)
            connections = transaction.execute(
                select(AccessRow.connection_id)
                .where(AccessRow.partner_id == partner_id, AccessRow.tenant_id == tenant_id)
                .order_by(AccessRow.connection_id)
            ).scalars()
            asked = [
                _asked(partner_id, tenant_id, connection_id, (requested_by, member_id), now)
                for connection_id in connections
            ]
            if not asked:
                raise UnknownParentError(
                    f"nothing of tenant {tenant_id} is connected; an admin connects its clouds on "
                    "the page Connections"
                )
            for scan in asked:
                put(transaction, ScanRow, vars(scan))
        return tuple(scan.scan_id for scan in asked)

    def cancel_scans(self, partner_id: str, tenant_id: str, *, cancelled_by: str) -> int:
        """Cancel the scans of a tenant that wait; return how many. One that runs goes on."""
        message = f"{cancelled_by} cancelled it before it began"
        with writes(self._engine) as transaction:
            done = transaction.execute(
                update(ScanRow)
                .where(
                    ScanRow.partner_id == partner_id,
                    ScanRow.tenant_id == tenant_id,
                    ScanRow.status == ScanState.REQUESTED.value,
                )
                .values(
                    status=ScanState.CANCELLED.value,
                    finished_at=datetime.now(UTC),
                    message=message,
                )
            )
            return done.rowcount

    def fail_request(self, partner_id: str, scan_id: str, message: str) -> None:
        """Record why a scan that waits cannot be begun; one that began is left as it is."""
        with writes(self._engine) as transaction:
            transaction.execute(
                update(ScanRow)
                .where(
                    ScanRow.partner_id == partner_id,
                    ScanRow.scan_id == scan_id,
                    ScanRow.status == ScanState.REQUESTED.value,
                )
                .values(
                    status=ScanState.FAILED.value,
                    finished_at=datetime.now(UTC),
                    message=message,
                )
            )

    @across_partners
    def requested_scans(self) -> tuple[records.Scan, ...]:
        """Return the scans of all partners that wait for somebody to run them, the oldest first."""
        waiting = ScanRow.status == ScanState.REQUESTED.value
        found = read(self._engine, ScanRow, records.Scan, waiting)
        return tuple(sorted(found, key=lambda scan: (scan.requested_at, scan.connection_id)))

    def _waiting(self, partner_id: str, tenant_id: str) -> tuple[records.Scan, ...]:
        conditions = (
            ScanRow.partner_id == partner_id,
            ScanRow.tenant_id == tenant_id,
            ScanRow.status == ScanState.REQUESTED.value,
        )
        return read(self._engine, ScanRow, records.Scan, *conditions)


def _asked(
    partner_id: str, tenant_id: str, connection_id: str, asker: tuple[str, str], now: datetime
) -> records.Scan:
    return records.Scan(
        partner_id,
        uuid.uuid4().hex,
        tenant_id,
        connection_id,
        ScanState.REQUESTED.value,
        *asker,
        now,
        None,
        None,
        None,
        0,
        0,
        0,
        0,
        "",
    )


def _hold_tenant(transaction: Connection, partner_id: str, tenant_id: str) -> None:
    """Let two who ask at once go one after the other; SQLite lets one write at a time anyway.

    Raises:
        UnknownParentError: There is no such tenant.
    """
    held = transaction.execute(
        select(TenantRow.tenant_id)
        .where(TenantRow.partner_id == partner_id, TenantRow.tenant_id == tenant_id)
        .with_for_update()
    )
    if held.first() is None:
        raise UnknownParentError(f"tenant {tenant_id} of partner {partner_id} does not exist")


def _refuse_another(transaction: Connection, partner_id: str, tenant_id: str) -> None:
    """Check that no scan of the tenant waits or runs.

    Raises:
        ScanUnderWayError: One does.
    """
    under_way = transaction.execute(
        select(ScanRow.status, ScanRow.requested_by, ScanRow.requested_at)
        .where(
            ScanRow.partner_id == partner_id,
            ScanRow.tenant_id == tenant_id,
            ScanRow.status.in_((ScanState.REQUESTED.value, ScanState.RUNNING.value)),
        )
        .order_by(ScanRow.requested_at)
    ).first()
    if under_way is not None:
        raise ScanUnderWayError(_told(tenant_id, under_way))


def _told(tenant_id: str, scan: Row[tuple[str, str, datetime]]) -> str:
    does = "runs" if scan.status == ScanState.RUNNING else "waits to begin"
    return (
        f"a scan of {tenant_id} {does} already: {scan.requested_by} asked for it at "
        f"{scan.requested_at:%H:%M} UTC"
    )
