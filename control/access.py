"""How connections are opened: the part of the directory that a scan asks first."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Engine

from control import records
from control.models import AccessRow
from control.store import put, read, writes


class AccessRecords:
    """What opens each connection; the secrets are in `control.secrets`, never here."""

    _engine: Engine

    def set_aws_access(
        self,
        partner_id: str,
        tenant_id: str,
        connection_id: str,
        *,
        role_arn: str,
        external_id: str,
    ) -> None:
        """Let a connection be opened by a role.

        Raises:
            UnknownParentError: The connection does not exist, or another one has the External ID.
        """
        self._put(partner_id, tenant_id, connection_id, role_arn=role_arn, external_id=external_id)

    def set_azure_access(
        self,
        partner_id: str,
        tenant_id: str,
        connection_id: str,
        *,
        directory_id: str,
        client_id: str,
        subscriptions: Sequence[str] = (),
    ) -> None:
        """Let a connection be opened by a service principal.

        Raises:
            UnknownParentError: The connection does not exist.
        """
        self._put(
            partner_id,
            tenant_id,
            connection_id,
            directory_id=directory_id,
            client_id=client_id,
            subscriptions=subscriptions,
        )

    def accesses(self, partner_id: str, tenant_id: str | None = None) -> tuple[records.Access, ...]:
        """Return what opens the connections of a partner, or of one of its tenants."""
        conditions = [AccessRow.partner_id == partner_id]
        if tenant_id is not None:
            conditions.append(AccessRow.tenant_id == tenant_id)
        return read(self._engine, AccessRow, records.Access, *conditions)

    def _put(
        self,
        partner_id: str,
        tenant_id: str,
        connection_id: str,
        *,
        role_arn: str | None = None,
        external_id: str | None = None,
        directory_id: str | None = None,
        client_id: str | None = None,
        subscriptions: Sequence[str] = (),
    ) -> None:
        access = records.Access(
            partner_id,
            tenant_id,
            connection_id,
            role_arn,
            external_id,
            directory_id,
            client_id,
            json.dumps(list(subscriptions)),
            datetime.now(UTC),
        )
        parent = f"connection {connection_id} of tenant {tenant_id}, for access of its own,"
        with writes(self._engine, parent=parent) as transaction:
            put(transaction, AccessRow, vars(access), kept=())
