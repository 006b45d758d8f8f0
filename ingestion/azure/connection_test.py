"""The test of one Azure connection: what it sees, what it may and may not do there.

Resource Graph leaves out what a principal may not read instead of refusing it, so that permissions
are read from Azure's own list of what the principal may do on each subscription.
"""

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from azure.core.exceptions import HttpResponseError

from ingestion.azure.access import AzureClients, AzureEndpoints
from ingestion.azure.graph import visible_subscriptions
from ingestion.azure.operations import READ_EXPORTS, READ_PERMISSIONS, READ_SUBSCRIPTIONS
from ingestion.azure.problems import NOT_VISIBLE, READ_ERRORS, Translator
from ingestion.azure.throttling import Patience
from ingestion.errors import AccessDeniedError, ProviderError
from ingestion.model import AzureAccess
from ingestion.probes import ConnectionTest, Outcome, Probe, worst

_PERMISSIONS = "/subscriptions/{}/providers/Microsoft.Authorization/permissions"
_PERMISSIONS_VERSION = "2022-04-01"
_EXPORTS = "/subscriptions/{}/providers/Microsoft.CostManagement/exports"
_EXPORTS_VERSION = "2023-08-01"
_SIGN_IN = "signing in as the application"
_PATIENCE_S = 30.0
NOBODY_NEEDS = {
    "change or delete something": (
        "Microsoft.Compute/virtualMachines/write",
        "Microsoft.Compute/virtualMachines/delete",
        "Microsoft.Compute/virtualMachines/deallocate/action",
        "Microsoft.Compute/disks/write",
        "Microsoft.Compute/disks/delete",
        "Microsoft.Compute/snapshots/delete",
        "Microsoft.Network/publicIPAddresses/delete",
        "Microsoft.Resources/subscriptions/resourceGroups/write",
        "Microsoft.Resources/subscriptions/resourceGroups/delete",
        "Microsoft.Sql/servers/databases/delete",
        "Microsoft.Storage/storageAccounts/write",
        "Microsoft.Storage/storageAccounts/delete",
    ),
    "give itself or others more rights": (
        "Microsoft.Authorization/roleAssignments/write",
        "Microsoft.Authorization/roleDefinitions/write",
        "Microsoft.Authorization/elevateAccess/Action",
    ),
    "read contents or secrets": (
        "Microsoft.Compute/disks/beginGetAccess/action",
        "Microsoft.Compute/virtualMachines/runCommand/action",
        "Microsoft.Storage/storageAccounts/listKeys/action",
        "Microsoft.CognitiveServices/accounts/listKeys/action",
        "Microsoft.DocumentDB/databaseAccounts/listKeys/action",
        "Microsoft.OperationalInsights/workspaces/sharedKeys/action",
    ),
}
"""What our application must not be able to do, by what it would mean."""

Rights = Sequence[Mapping[str, Any]]


def probe_directory(
    access: AzureAccess, endpoints: AzureEndpoints, purposes: Mapping[str, tuple[str, ...]]
) -> ConnectionTest:
    """Test an application; nothing is kept of what it reads.

    Args:
        access: Who asks, and for which subscriptions.
        endpoints: Where Azure answers.
        purposes: What each permission is for.
    """
    translator = Translator(access.directory_id, access.client_id)
    with AzureClients(access, endpoints, Patience(patience_s=_PATIENCE_S)) as clients:
        try:
            visible = visible_subscriptions(clients.graph)
        except READ_ERRORS as error:
            refusal = translator.translated(error, READ_SUBSCRIPTIONS)
            return ConnectionTest(Probe(_SIGN_IN, Outcome.DENIED, note=_told(refusal)))
        wanted = tuple(s.lower() for s in access.subscriptions) or tuple(visible)
        unseen = [s for s in wanted if s not in visible]
        if unseen or not wanted:
            scope = unseen[0] if unseen else ""
            refusal = translator.denied(NOT_VISIBLE, [READ_SUBSCRIPTIONS], scope=scope)
            return ConnectionTest(Probe(_SIGN_IN, Outcome.DENIED, note=_told(refusal)))
        found = [_Subscription(clients, translator, s) for s in wanted]
        identity = Probe(_SIGN_IN, Outcome.OK, note=f"it sees {len(wanted):,} subscriptions")
        return ConnectionTest(
            identity,
            permissions=tuple(_permissions(found, purposes)),
            changes=tuple(_changes(found)),
            places=wanted,
        )


def _permissions(
    found: Sequence["_Subscription"], purposes: Mapping[str, tuple[str, ...]]
) -> Iterator[Probe]:
    for permission in sorted(purposes):
        probes = [subscription.needed(permission) for subscription in found]
        told = worst(probes)
        yield Probe(permission, told.outcome, purposes[permission], told.note)


def _changes(found: Sequence["_Subscription"]) -> Iterator[Probe]:
    for subject, operations in NOBODY_NEEDS.items():
        yield worst([subscription.not_needed(subject, operations) for subscription in found])


class _Subscription:
    """What the application may do in one subscription, asked once."""

    def __init__(self, clients: AzureClients, translator: Translator, subscription: str) -> None:
        self._subscription = subscription
        self._translator = translator
        self._rights, self._refusal = self._ask(clients)
        self._costs = self._ask_costs(clients)

    def needed(self, permission: str) -> Probe:
        """Return whether a permission is granted here."""
        if permission == READ_EXPORTS:
            return self._costs
        if self._refusal:
            return Probe(permission, *self._unknown(permission))
        if _is_allowed(self._rights, permission):
            return Probe(permission, Outcome.OK)
        return self._denied(permission)

    def not_needed(self, subject: str, operations: Sequence[str]) -> Probe:
        """Return whether any operation that nobody needs is granted here."""
        if self._refusal:
            note = f"not checked, because {self._refusal.message}"
            return Probe(subject, Outcome.UNKNOWN, note=note)
        held = [operation for operation in operations if _is_allowed(self._rights, operation)]
        if not held:
            note = f"none of {len(operations)} operations is allowed"
            return Probe(subject, Outcome.OK, note=note)
        return Probe(
            subject,
            Outcome.HELD,
            note=f"the application may {', '.join(held)} on subscription {self._subscription}; "
            "CloudPrune never does. An owner removes the role assignments that grant it",
        )

    def _ask(self, clients: AzureClients) -> tuple[Rights, ProviderError | None]:
        try:
            path = _PERMISSIONS.format(self._subscription)
            rights: Rights = clients.read(path, _PERMISSIONS_VERSION)["value"]
        except READ_ERRORS as error:
            return (), self._translator.translated(error, READ_PERMISSIONS)
        return rights, None

    def _ask_costs(self, clients: AzureClients) -> Probe:
        try:
            clients.read(_EXPORTS.format(self._subscription), _EXPORTS_VERSION)
        except READ_ERRORS as error:
            if isinstance(error, HttpResponseError) and error.status_code == 403:
                return self._denied(READ_EXPORTS, "Cost Management Reader")
            refusal = self._translator.translated(error, READ_EXPORTS)
            return Probe(READ_EXPORTS, Outcome.UNKNOWN, note=f"not tried, because {_told(refusal)}")
        return Probe(READ_EXPORTS, Outcome.OK)

    def _denied(self, permission: str, role: str = "Reader") -> Probe:
        refusal = self._translator.denied("Denied", [permission], scope=self._subscription)
        told = _told(refusal).replace("assigns Reader", f"assigns {role}")
        return Probe(permission, Outcome.DENIED, note=told)

    def _unknown(self, permission: str) -> tuple[Outcome, tuple[str, ...], str]:
        is_denied = isinstance(self._refusal, AccessDeniedError)
        if permission == READ_PERMISSIONS and is_denied and self._refusal:
            return Outcome.DENIED, (), _told(self._refusal)
        why = self._refusal.message if self._refusal else ""
        return Outcome.UNKNOWN, (), f"not checked, because {why}"


def _is_allowed(rights: Rights, operation: str) -> bool:
    """Whether one role grants an operation; what a role leaves out, another may grant."""
    return any(
        _matches(role.get("actions") or (), operation)
        and not _matches(role.get("notActions") or (), operation)
        for role in rights
    )


def _matches(patterns: Sequence[str], operation: str) -> bool:
    return any(fnmatchcase(operation.lower(), pattern.lower()) for pattern in patterns)


def _told(refusal: ProviderError) -> str:
    return f"{refusal.message}; {refusal.action}"
