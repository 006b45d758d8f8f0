"""Documents of the simulated Resource Manager against recorded ones of the real one."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from estate.clouds.azure.directories import build_directories
from estate.clouds.azure.inventory import ARM_TYPES, Inventory
from estate.model import Resource
from estate.world import build_partners, calendar

THROUGH = date(2026, 5, 20)
DIRECTORIES = build_directories(build_partners(11, "demo", calendar(THROUGH, 2)))
# Columns that Resource Graph adds, and properties that no recorded document happens to have.
COLUMNS = {"tenantId", "resourceGroup", "subscriptionId", "managedBy", "zones", "tags"}
UNRECORDED = {
    "timeCreated",
    "LastOwnershipUpdateTime",
    "publicNetworkAccess",
    "extended",
    "deleteOption",
    "licenseType",
    "windowsConfiguration",
    "outboundRules",
    "inboundNatRules",
    "backendAddressPools",
    "loadBalancingRules",
}


def documents(kind: str) -> Iterator[tuple[Resource, dict[str, Any]]]:
    for directory in DIRECTORIES:
        inventory = Inventory(directory, THROUGH)
        subscriptions = [each.account_id for each in directory.subscriptions]
        for found in inventory.select("resources", ARM_TYPES[kind], subscriptions, ()):
            assert isinstance(found, Resource)
            yield found, inventory.document(found)


def recorded(folder: Path, arm_type: str) -> list[dict[str, Any]]:
    def inside(value: Any) -> Iterator[dict[str, Any]]:
        if isinstance(value, dict):
            if str(value.get("type", "")).lower() == arm_type and "properties" in value:
                yield value
            for each in value.values():
                yield from inside(each)
        elif isinstance(value, list):
            for each in value:
                yield from inside(each)

    return [
        found
        for path in sorted((folder / "cloud_custodian_recordings/azure").glob("*.json"))
        for found in inside(json.loads(path.read_text()))
    ]


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, type]]:
    """Yield paths and types of the values in a document; elements of lists share a path."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from leaves(each, f"{path}.{name}")
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each, f"{path}[]")
    elif value is not None:
        yield path, type(value)


@pytest.mark.parametrize("kind", ["azure_virtual_machine", "azure_disk", "azure_load_balancer"])
def test_documents_have_the_names_and_types_that_azure_gave(kind: str, shared: Path) -> None:
    real = {leaf for each in recorded(shared, ARM_TYPES[kind]) for leaf in leaves(each)}
    assert real

    ours = {leaf for _, document in documents(kind) for leaf in leaves(document)}

    unknown = {
        path
        for path, of_type in ours - real
        if not set(path.replace("[]", "").split(".")) & (COLUMNS | UNRECORDED)
    }
    assert not unknown


def test_a_disk_names_its_machine_and_the_machine_its_disks() -> None:
    machines = {
        found.resource_id: document for found, document in documents("azure_virtual_machine")
    }
    held = [(found, document) for found, document in documents("azure_disk") if found.attached_to]
    assert held

    for found, document in held:
        profile = machines[document["managedBy"]]["properties"]["storageProfile"]
        names = [each.get("name") for each in (profile["osDisk"], *profile["dataDisks"])]
        assert found.name in names


def test_attachment_and_power_tell_the_state_of_a_disk() -> None:
    machines = {found.resource_id: found for found, _ in documents("azure_virtual_machine")}

    for found, document in documents("azure_disk"):
        owner = machines.get(found.attached_to)
        expected = "Unattached" if owner is None else "Attached"
        if owner is not None and owner.state == "deallocated":
            expected = "Reserved"
        if found.state == "ActiveSAS":
            expected = "ActiveSAS"
        assert document["properties"]["diskState"] == expected


def test_only_premium_disks_name_their_tier() -> None:
    for found, document in documents("azure_disk"):
        is_premium = document["sku"]["name"] == "Premium_LRS"
        assert document["properties"].get("tier") == (found.size if is_premium else None)
