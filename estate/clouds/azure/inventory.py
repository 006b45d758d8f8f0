"""The resources of one directory as Azure Resource Manager knows them, ready to be queried."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from estate.clouds.azure.compute import disk, snapshot, virtual_machine
from estate.clouds.azure.directories import Directory
from estate.clouds.azure.links import Links
from estate.clouds.azure.network import load_balancer, nat_gateway, public_ip
from estate.model import Account, Resource

_SUBSCRIPTION = "microsoft.resources/subscriptions"
_RENDER = {
    "azure_virtual_machine": ("microsoft.compute/virtualmachines", virtual_machine),
    "azure_disk": ("microsoft.compute/disks", disk),
    "azure_snapshot": ("microsoft.compute/snapshots", snapshot),
    "azure_public_ip": ("microsoft.network/publicipaddresses", public_ip),
    "azure_nat_gateway": ("microsoft.network/natgateways", nat_gateway),
    "azure_load_balancer": ("microsoft.network/loadbalancers", load_balancer),
}
ARM_TYPES = {kind: arm_type for kind, (arm_type, _) in _RENDER.items()}


class Inventory:
    """What exists in a directory on a day.

    Documents are written when they are asked for: a page of a large estate costs a page.
    """

    def __init__(self, directory: Directory, day: date) -> None:
        self._directory = directory
        existing = [each for each in directory.scope.resources if each.exists_on(day)]
        self._links = Links(existing)
        self._by_type: dict[str, list[Resource]] = {}
        for each in existing:
            if each.kind in ARM_TYPES:
                self._by_type.setdefault(ARM_TYPES[each.kind], []).append(each)
        for rows in self._by_type.values():
            rows.sort(key=lambda each: each.resource_id)
        self.by_id = {each.resource_id.lower(): each for each in existing}

    def select(
        self,
        table: str,
        arm_type: str,
        subscriptions: Collection[str],
        vanished: Collection[str],
    ) -> Sequence[Resource | Account]:
        """Return what a table holds of a type, in ascending order of ids."""
        if table == "resourcecontainers":
            return self._subscriptions(subscriptions) if arm_type == _SUBSCRIPTION else ()
        rows = self._by_type.get(arm_type, [])
        if len(subscriptions) == len(self._directory.subscriptions) and not vanished:
            return rows
        return [
            each
            for each in rows
            if each.account.account_id in subscriptions and each.resource_id.lower() not in vanished
        ]

    def _subscriptions(self, readable: Collection[str]) -> Sequence[Account]:
        found = [each for each in self._directory.subscriptions if each.account_id in readable]
        return sorted(found, key=lambda each: each.account_id)

    def document(self, found: Resource | Account) -> dict[str, Any]:
        """Return the row that Resource Graph holds of a resource or subscription."""
        if isinstance(found, Account):
            return self._subscription(found)
        arm_type, render = _RENDER[found.kind]
        return {
            "id": found.resource_id,
            "name": found.name,
            "type": arm_type,
            "tenantId": self._directory.directory_id,
            "location": found.region,
            "resourceGroup": found.resource_id.split("/")[4].lower(),
            "subscriptionId": found.account.account_id,
            "tags": dict(found.tags) or None,
            **render(found, self._links),
        }

    def _subscription(self, account: Account) -> dict[str, Any]:
        return {
            "id": f"/subscriptions/{account.account_id}",
            "name": account.name,
            "type": _SUBSCRIPTION,
            "tenantId": self._directory.directory_id,
            "subscriptionId": account.account_id,
            "properties": {
                "state": "Enabled",
                "subscriptionPolicies": {
                    "quotaId": "EnterpriseAgreement_2014-09-01",
                    "spendingLimit": "Off",
                    "locationPlacementId": "Public_2014-09-01",
                },
                "managedByTenants": [],
            },
        }
