"""How connections come about: setups with their External IDs, and what is asked of the worker."""

import json
import re
import secrets
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, select, update

from control import records
from control.errors import InvalidInputError
from control.models import AccessRow, ConnectionRequestRow, ConnectionSetupRow
from control.roles import Action
from control.scoping import across_partners
from control.store import put, read, writes

EXTERNAL_ID_BYTES = 16
LONGEST = timedelta(minutes=15)
"""How long a worker may give no sign of life before it is taken for dead."""
_ACCESS_KEY = re.compile(r"(?:AKIA|ASIA)[A-Z0-9]{12,}")


class SetupKind(StrEnum):
    """What of AWS is set up."""

    ACCOUNT = "account"
    ORGANIZATION = "organization"


class RequestKind(StrEnum):
    """What a worker is asked to do."""

    CONNECT = "connect"
    TEST = "test"
    ORGANIZATION = "organization"
    DISCONNECT = "disconnect"


def action_of(kind: str) -> Action:
    """Return what somebody has to be permitted who asks for something of a worker."""
    return Action.DISCONNECT if kind == RequestKind.DISCONNECT else Action.CONNECT


def refuse_access_key(text: str) -> None:
    """Refuse a text that holds an access key of AWS, wherever somebody might put one.

    Raises:
        InvalidInputError: It does; the message does not repeat it.
    """
    if _ACCESS_KEY.search(text):
        raise InvalidInputError(
            "that holds an access key of AWS; access keys are never taken. Delete the key in IAM, "
            "create the role from the template, and give the role's ARN"
        )


class OnboardingRecords:
    """Setups of connections, and requests to the worker."""

    _engine: Engine

    def begin_setup(
        self, partner_id: str, tenant_id: str, kind: SetupKind, *, started_by: str
    ) -> records.ConnectionSetup:
        """Begin to connect an AWS account or organization, with an External ID of its own.

        Raises:
            UnknownParentError: The tenant does not exist.
        """
        setup = records.ConnectionSetup(
            partner_id,
            uuid.uuid4().hex,
            tenant_id,
            kind.value,
            secrets.token_hex(EXTERNAL_ID_BYTES),
            started_by,
            datetime.now(UTC),
            None,
        )
        with writes(self._engine, parent=f"tenant {tenant_id} of partner {partner_id}") as opened:
            put(opened, ConnectionSetupRow, vars(setup))
        return setup

    def setups(
        self, partner_id: str, tenant_id: str | None = None
    ) -> tuple[records.ConnectionSetup, ...]:
        """Return the setups of a partner or tenant that no role was connected with yet."""
        conditions = [
            ConnectionSetupRow.partner_id == partner_id,
            ConnectionSetupRow.finished_at.is_(None),
        ]
        if tenant_id is not None:
            conditions.append(ConnectionSetupRow.tenant_id == tenant_id)
        found = read(self._engine, ConnectionSetupRow, records.ConnectionSetup, *conditions)
        return tuple(sorted(found, key=lambda setup: setup.started_at))

    def setup(self, partner_id: str, setup_id: str) -> records.ConnectionSetup | None:
        """Return a setup of a partner, finished or not."""
        conditions = (
            ConnectionSetupRow.partner_id == partner_id,
            ConnectionSetupRow.setup_id == setup_id,
        )
        found = read(self._engine, ConnectionSetupRow, records.ConnectionSetup, *conditions)
        return next(iter(found), None)

    def organizations(self, partner_id: str) -> tuple[records.Access, ...]:
        """Return what opens the management accounts of organizations that were connected."""
        set_up = select(ConnectionSetupRow.external_id).where(
            ConnectionSetupRow.partner_id == partner_id,
            ConnectionSetupRow.kind == SetupKind.ORGANIZATION.value,
        )
        own = (AccessRow.partner_id == partner_id, AccessRow.external_id.in_(set_up))
        return read(self._engine, AccessRow, records.Access, *own)

    def finish_setup(self, partner_id: str, setup_id: str) -> None:
        """Mark a setup as done."""
        with writes(self._engine) as transaction:
            transaction.execute(
                update(ConnectionSetupRow)
                .where(
                    ConnectionSetupRow.partner_id == partner_id,
                    ConnectionSetupRow.setup_id == setup_id,
                )
                .values(finished_at=datetime.now(UTC))
            )

    def request_connection(
        self,
        partner_id: str,
        tenant_id: str,
        kind: RequestKind,
        inputs: Mapping[str, Any],
        *,
        requested_by: str,
        member_id: str = "",
    ) -> str:
        """Ask a worker to connect, test or disconnect something, and return the request's id.

        Args:
            partner_id: Whose connection.
            tenant_id: Of which tenant.
            kind: What is asked for.
            inputs: What is given for it; never a secret.
            requested_by: Who asks, for the record.
            member_id: The member who does; empty for others.

        Raises:
            InvalidInputError: An access key is among the inputs.
            UnknownParentError: The tenant does not exist.
        """
        told = json.dumps(dict(inputs))
        refuse_access_key(told)
        request = records.ConnectionRequest(
            partner_id,
            uuid.uuid4().hex,
            tenant_id,
            kind.value,
            "requested",
            told,
            "{}",
            "",
            requested_by,
            member_id,
            datetime.now(UTC),
            None,
            None,
        )
        with writes(self._engine, parent=f"tenant {tenant_id} of partner {partner_id}") as opened:
            put(opened, ConnectionRequestRow, vars(request))
        return request.request_id

    def connection_request(
        self, partner_id: str, request_id: str
    ) -> records.ConnectionRequest | None:
        """Return a request of a partner, whatever became of it."""
        conditions = (
            ConnectionRequestRow.partner_id == partner_id,
            ConnectionRequestRow.request_id == request_id,
        )
        found = read(self._engine, ConnectionRequestRow, records.ConnectionRequest, *conditions)
        return next(iter(found), None)

    @across_partners
    def connection_requests_waiting(self) -> tuple[records.ConnectionRequest, ...]:
        """Return the requests of all partners that no worker has taken yet, the oldest first."""
        waiting = ConnectionRequestRow.status == "requested"
        found = read(self._engine, ConnectionRequestRow, records.ConnectionRequest, waiting)
        return tuple(sorted(found, key=lambda request: request.requested_at))

    def take_connection_request(self, partner_id: str, request_id: str) -> bool:
        """Mark a waiting request as running; False where another worker was first."""
        with writes(self._engine) as transaction:
            done = transaction.execute(
                update(ConnectionRequestRow)
                .where(
                    ConnectionRequestRow.partner_id == partner_id,
                    ConnectionRequestRow.request_id == request_id,
                    ConnectionRequestRow.status == "requested",
                )
                .values(status="running", started_at=datetime.now(UTC))
            )
            return bool(done.rowcount)

    @across_partners
    def stuck_connection_requests(self, now: datetime) -> tuple[records.ConnectionRequest, ...]:
        """Return the requests whose worker gave no sign of life for too long, of all partners."""
        return read(
            self._engine,
            ConnectionRequestRow,
            records.ConnectionRequest,
            ConnectionRequestRow.status == "running",
            ConnectionRequestRow.started_at < now - LONGEST,
        )

    @across_partners
    def fail_stuck_connection_requests(self, now: datetime) -> int:
        """Mark requests as failed whose worker gave no sign of life for long; return how many.

        What was to be disconnected waits again instead: no page lists it any more.
        """
        stuck = update(ConnectionRequestRow).where(
            ConnectionRequestRow.status == "running",
            ConnectionRequestRow.started_at < now - LONGEST,
        )
        ends = ConnectionRequestRow.kind == RequestKind.DISCONNECT.value
        told = "the worker was stopped before it was done; ask again"
        with writes(self._engine) as transaction:
            transaction.execute(stuck.where(ends).values(status="requested", started_at=None))
            failed = stuck.where(~ends).values(status="failed", finished_at=now, message=told)
            return transaction.execute(failed).rowcount

    def keep_connection_request_alive(self, partner_id: str, request_id: str) -> None:
        """Record that a worker is at a request: it was begun, or went on, at this moment."""
        self._change_running(partner_id, request_id, started_at=datetime.now(UTC))

    def postpone_connection_request(self, partner_id: str, request_id: str, message: str) -> None:
        """Let a request that runs wait again, and say why it was not done yet."""
        self._change_running(
            partner_id, request_id, status="requested", started_at=None, message=message
        )

    def _change_running(self, partner_id: str, request_id: str, **values: Any) -> None:
        with writes(self._engine) as transaction:
            transaction.execute(
                update(ConnectionRequestRow)
                .where(
                    ConnectionRequestRow.partner_id == partner_id,
                    ConnectionRequestRow.request_id == request_id,
                    ConnectionRequestRow.status == "running",
                )
                .values(**values)
            )

    def finish_connection_request(
        self,
        partner_id: str,
        request_id: str,
        *,
        is_done: bool,
        message: str,
        results: Mapping[str, Any],
        keeps_inputs: bool = True,
    ) -> None:
        """Record what came of a request, and forget what it was about where that was erased."""
        forgotten = {} if keeps_inputs else {"inputs": "{}"}
        with writes(self._engine) as transaction:
            transaction.execute(
                update(ConnectionRequestRow)
                .where(
                    ConnectionRequestRow.partner_id == partner_id,
                    ConnectionRequestRow.request_id == request_id,
                )
                .values(
                    status="done" if is_done else "failed",
                    finished_at=datetime.now(UTC),
                    message=message,
                    results=json.dumps(dict(results)),
                    **forgotten,
                )
            )
