"""What the connections page reads from the control database, and what it asks of the worker.

Nothing here reaches a cloud, or reads a secret back; a secret that somebody enters is sealed in a
file until the worker takes it.
"""

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from apps.dashboard.identity import Person
from control import records
from control.directory import Directory
from control.errors import ControlError, InvalidInputError
from control.onboarding import RequestKind, SetupKind, action_of, refuse_access_key
from control.permission import log, require
from control.roles import Action
from control.secrets import FileSecretStore
from onboarding.azure_role import Federation
from pipeline.federation import federation
from pipeline.settings import Settings

_TENANT = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


@dataclass(frozen=True)
class Line:
    """One connection as the list shows it.

    Attributes:
        access: What opens it.
        name: What people call it; empty where nobody named it.
        state: How its last test came out; None before the first.
    """

    access: records.Access
    name: str
    state: records.ConnectionState | None

    @property
    def key(self) -> tuple[str, str]:
        """Tenant and connection."""
        return self.access.tenant_id, self.access.connection_id


class Connecting:
    """Connections of one partner, as far as one person may see and change them.

    Args:
        settings: Where state lies.
        person: Who looks.

    Raises:
        NotPermittedError: The person may neither connect nor disconnect clouds.
    """

    def __init__(self, settings: Settings, person: Person) -> None:
        self._settings = settings
        self._person = person
        with Directory(settings.control) as directory:
            require(directory, person.as_actor, Action.DISCONNECT)

    def tenants(self) -> list[str]:
        """Return the tenants that the person sees."""
        with Directory(self._settings.control) as directory:
            found = directory.tenants(self._person.partner_id)
        return [t.tenant_id for t in found if self._person.sees(t.tenant_id)]

    def lines(self) -> list[Line]:
        """Return what is connected, by tenant and connection."""
        partner = self._person.partner_id
        with Directory(self._settings.control) as directory:
            accesses = directory.accesses(partner)
            states = {
                (s.tenant_id, s.connection_id): s for s in directory.connection_states(partner)
            }
            names = {(c.tenant_id, c.connection_id): c.name for c in directory.connections(partner)}
        return [
            Line(access, names.get(key) or "", states.get(key))
            for access in accesses
            for key in ((access.tenant_id, access.connection_id),)
            if self._person.sees(access.tenant_id)
        ]

    def setups(self) -> list[records.ConnectionSetup]:
        """Return what waits for a role."""
        with Directory(self._settings.control) as directory:
            found = directory.setups(self._person.partner_id)
        return [setup for setup in found if self._person.sees(setup.tenant_id)]

    def setup(self, setup_id: str) -> records.ConnectionSetup | None:
        """Return one setup of the partner that waits for a role."""
        return next((setup for setup in self.setups() if setup.setup_id == setup_id), None)

    def request(self, request_id: str) -> records.ConnectionRequest | None:
        """Return what was asked of the worker, with what came of it."""
        with Directory(self._settings.control) as directory:
            found = directory.connection_request(self._person.partner_id, request_id)
        return found if found and self._person.sees(found.tenant_id) else None

    def begin(self, tenant_id: str, kind: SetupKind) -> str:
        """Begin to connect AWS: an External ID is made; return the setup.

        Raises:
            InvalidInputError: The tenant is no name.
            NotPermittedError: The person may not connect it any more.
        """
        self._check_tenant(tenant_id)
        with Directory(self._settings.control) as directory:
            directory.add_tenant(self._person.partner_id, tenant_id)
            begun = directory.begin_setup(
                self._person.partner_id, tenant_id, kind, started_by=self._person.actor
            )
            self._log(directory, tenant_id, kind.value, "External ID made")
        return begun.setup_id

    def federation(self, tenant_id: str) -> Federation:
        """Return what an application of a tenant has to trust to sign in without a secret.

        Raises:
            InvalidInputError: The tenant is no name.
            NotPermittedError: The person may not connect it any more.
        """
        self._check_tenant(tenant_id)
        return federation(self._settings, self._person.partner_id, tenant_id)

    def connect_role(self, setup: records.ConnectionSetup, role_arn: str) -> str:
        """Ask to test a role and connect it; return the request.

        Raises:
            InvalidInputError: It is an access key.
        """
        is_organization = setup.kind == SetupKind.ORGANIZATION
        kind = RequestKind.ORGANIZATION if is_organization else RequestKind.CONNECT
        inputs = {"provider": "aws", "role_arn": role_arn, "setup_id": setup.setup_id}
        return self._ask(setup.tenant_id, kind, inputs)

    def connect_application(
        self,
        tenant_id: str,
        *,
        directory_id: str,
        client_id: str,
        client_secret: str,
        subscriptions: list[str],
        expires_on: date | None,
    ) -> str:
        """Ask to test an application and connect it; its secret is sealed until then.

        Raises:
            InvalidInputError: The tenant is no name, or the secret an access key of AWS.
            NotPermittedError: The person may not connect it any more.
        """
        self._check_tenant(tenant_id)
        refuse_access_key(client_secret)
        with Directory(self._settings.control) as directory:
            directory.add_tenant(self._person.partner_id, tenant_id)
        inputs: dict[str, Any] = {
            "provider": "azure",
            "directory_id": directory_id,
            "client_id": client_id,
            "subscriptions": subscriptions,
            "expires_on": expires_on.isoformat() if expires_on else None,
        }
        if not client_secret.strip():
            return self._ask(tenant_id, RequestKind.CONNECT, inputs)
        inputs["secret_name"] = f"handed-over-{uuid.uuid4().hex}"
        whose = (self._person.partner_id, tenant_id, inputs["secret_name"])
        store = FileSecretStore(self._settings.secrets, self._settings.keys)
        store.put(*whose, client_secret)
        try:
            return self._ask(tenant_id, RequestKind.CONNECT, inputs)
        except ControlError:
            store.remove(*whose)  # nobody will come for it
            raise

    def test(self, line: Line) -> str:
        """Ask to test a connection again; return the request."""
        inputs = {"connection_id": line.access.connection_id}
        return self._ask(line.access.tenant_id, RequestKind.TEST, inputs)

    def disconnect(self, line: Line, *, deletes_data: bool) -> str:
        """Take access away at once, and ask to remove secret and data; return the request."""
        whose = (self._person.partner_id, line.access.tenant_id, line.access.connection_id)
        inputs = {"connection_id": line.access.connection_id, "deletes_data": deletes_data}
        request_id = self._ask(line.access.tenant_id, RequestKind.DISCONNECT, inputs)
        with Directory(self._settings.control) as directory:
            directory.remove_access(*whose)
            detail = "access removed at once"
            self._log(directory, whose[1], whose[2], detail, Action.DISCONNECT)
        return request_id

    def _ask(self, tenant_id: str, kind: RequestKind, inputs: Mapping[str, Any]) -> str:
        action = action_of(kind)
        self._check_tenant(tenant_id, action)
        with Directory(self._settings.control) as directory:
            request_id = directory.request_connection(
                self._person.partner_id,
                tenant_id,
                kind,
                inputs,
                requested_by=self._person.actor,
                member_id=self._person.member_id,
            )
            target = inputs.get("connection_id", "")
            self._log(directory, tenant_id, target, f"asked to {kind}", action)
        return request_id

    def _log(
        self,
        directory: Directory,
        tenant_id: str,
        target: str,
        detail: str,
        action: Action = Action.CONNECT,
    ) -> None:
        log(directory, self._person.as_actor, action, target, tenant_id=tenant_id, detail=detail)

    def _check_tenant(self, tenant_id: str, action: Action = Action.CONNECT) -> None:
        if not _TENANT.fullmatch(tenant_id):
            raise InvalidInputError(
                "a tenant's name has 1 to 63 characters of a-z, 0-9, '_' and '-', and begins with "
                "a letter or digit, such as acme-retail"
            )
        with Directory(self._settings.control) as directory:
            require(directory, self._person.as_actor, action, tenant_id=tenant_id)


def results_of(text: str) -> dict[str, Any]:
    """Return what a test found, as it was recorded."""
    found = json.loads(text or "{}")
    return found if isinstance(found, dict) else {}
