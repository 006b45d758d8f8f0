"""How connections stand: what their last test found, when secrets end, and how access ends."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, delete, or_, select, update

from control import records
from control.models import (
    AccessRow,
    ConnectionSetupRow,
    ConnectionStateRow,
    ScanRow,
)
from control.scan_states import ScanState
from control.scoping import across_partners
from control.store import put, read, writes


class Verdict(StrEnum):
    """What a test of a connection came to."""

    GOOD = "good"
    PARTIAL = "partial"
    OPEN = "open"
    BAD = "bad"


class StateRecords:
    """States of connections, and the end of their access."""

    _engine: Engine

    def connection_states(self, partner_id: str) -> tuple[records.ConnectionState, ...]:
        """Return how the tested connections of a partner stand."""
        scope = ConnectionStateRow.partner_id == partner_id
        return read(self._engine, ConnectionStateRow, records.ConnectionState, scope)

    def record_connection_test(
        self,
        partner_id: str,
        tenant_id: str,
        connection_id: str,
        *,
        verdict: Verdict,
        results: Mapping[str, Any],
        is_proved: bool,
    ) -> None:
        """Record a test; the first that proves whose the connection is stays in `verified_at`.

        Args:
            partner_id: Whose connection.
            tenant_id: Of which tenant.
            connection_id: What was tested.
            verdict: What the test came to.
            results: All of it.
            is_proved: Whether it opens for this connection, and for nobody else.

        Raises:
            UnknownParentError: The connection does not exist.
        """
        before = self._state(partner_id, tenant_id, connection_id)
        now = datetime.now(UTC)
        state = records.ConnectionState(
            partner_id,
            tenant_id,
            connection_id,
            verdict.value,
            json.dumps(dict(results)),
            now,
            (before.verified_at if before else None) or (now if is_proved else None),
            before.secret_expires_on if before else None,
        )
        with writes(self._engine, parent=f"connection {connection_id}") as transaction:
            put(transaction, ConnectionStateRow, vars(state), kept=())

    def set_secret_expiry(
        self, partner_id: str, tenant_id: str, connection_id: str, expires_on: date | None
    ) -> None:
        """Keep the last day of a connection's secret.

        Raises:
            UnknownParentError: The connection does not exist.
        """
        before = self._state(partner_id, tenant_id, connection_id)
        values = vars(before) if before else _untested(partner_id, tenant_id, connection_id)
        with writes(self._engine, parent=f"connection {connection_id}") as transaction:
            changed = values | {"secret_expires_on": expires_on}
            put(transaction, ConnectionStateRow, changed, kept=())

    @across_partners
    def is_role_taken(self, partner_id: str, tenant_id: str, role_arn: str) -> bool:
        """Whether a role was proved to be another connection's: of anybody else, or tenant."""
        proved = (
            select(AccessRow.connection_id)
            .join(
                ConnectionStateRow,
                (AccessRow.partner_id == ConnectionStateRow.partner_id)
                & (AccessRow.tenant_id == ConnectionStateRow.tenant_id)
                & (AccessRow.connection_id == ConnectionStateRow.connection_id),
            )
            .where(
                AccessRow.role_arn == role_arn,
                ConnectionStateRow.verified_at.is_not(None),
                or_(AccessRow.partner_id != partner_id, AccessRow.tenant_id != tenant_id),
            )
        )
        with self._engine.begin() as transaction:
            return transaction.execute(proved).first() is not None

    @across_partners
    def is_application_taken(self, partner_id: str, directory_id: str, client_id: str) -> bool:
        """Whether an application of Azure opens a connection of another partner."""
        others = select(AccessRow.connection_id).where(
            AccessRow.directory_id == directory_id,
            AccessRow.client_id == client_id,
            AccessRow.partner_id != partner_id,
        )
        with self._engine.begin() as transaction:
            return transaction.execute(others).first() is not None

    def remove_access(self, partner_id: str, tenant_id: str, connection_id: str) -> bool:
        """Take away what opens a connection, so that nothing scans it any more.

        Its External ID goes with the setup that made it. Scans of it that wait are recorded as
        failed; the connection and its data stay.

        Returns:
            Whether there was any access.
        """
        own = (
            AccessRow.partner_id == partner_id,
            AccessRow.tenant_id == tenant_id,
            AccessRow.connection_id == connection_id,
        )
        came_from = delete(ConnectionSetupRow).where(
            ConnectionSetupRow.partner_id == partner_id,
            ConnectionSetupRow.tenant_id == tenant_id,
            ConnectionSetupRow.finished_at.is_not(None),
            ConnectionSetupRow.external_id.in_(select(AccessRow.external_id).where(*own)),
        )
        with writes(self._engine) as transaction:
            transaction.execute(came_from)
            removed = transaction.execute(delete(AccessRow).where(*own))
            transaction.execute(
                delete(ConnectionStateRow).where(
                    ConnectionStateRow.partner_id == partner_id,
                    ConnectionStateRow.tenant_id == tenant_id,
                    ConnectionStateRow.connection_id == connection_id,
                )
            )
            transaction.execute(
                update(ScanRow)
                .where(
                    ScanRow.partner_id == partner_id,
                    ScanRow.tenant_id == tenant_id,
                    ScanRow.connection_id == connection_id,
                    ScanRow.status == ScanState.REQUESTED.value,
                )
                .values(
                    status=ScanState.FAILED.value,
                    finished_at=datetime.now(UTC),
                    message="the connection was disconnected before the scan began",
                )
            )
            return bool(removed.rowcount)

    def _state(
        self, partner_id: str, tenant_id: str, connection_id: str
    ) -> records.ConnectionState | None:
        conditions = (
            ConnectionStateRow.partner_id == partner_id,
            ConnectionStateRow.tenant_id == tenant_id,
            ConnectionStateRow.connection_id == connection_id,
        )
        found = read(self._engine, ConnectionStateRow, records.ConnectionState, *conditions)
        return next(iter(found), None)


def _untested(partner_id: str, tenant_id: str, connection_id: str) -> dict[str, Any]:
    state = records.ConnectionState(
        partner_id, tenant_id, connection_id, "bad", "{}", datetime.now(UTC), None, None
    )
    return vars(state)
