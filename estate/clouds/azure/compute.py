"""Machines, disks and snapshots as the resource provider Microsoft.Compute describes them."""

from datetime import date
from typing import Any

from estate.clouds.azure.links import Links, instant, interface
from estate.dice import guid
from estate.model import Resource
from estate.sizes import DISK_TIERS

_IMAGES = {
    "Linux": {
        "publisher": "canonical",
        "offer": "ubuntu-24_04-lts",
        "sku": "server",
        "version": "latest",
        "exactVersion": "24.04.202604210",
    },
    "Windows": {
        "publisher": "MicrosoftWindowsServer",
        "offer": "WindowsServer",
        "sku": "2022-datacenter-azure-edition",
        "version": "latest",
        "exactVersion": "20348.4294.260407",
    },
}
_PREMIUM = "Premium_LRS"  # the only SKU that Azure names the tier of
_OWNS_LICENSE = "Windows_Server"  # bills charge the price of a machine without a licence


def virtual_machine(machine: Resource, links: Links) -> dict[str, Any]:
    """Return what a machine has beyond the columns that all resources have."""
    os = _os(machine)
    properties: dict[str, Any] = {
        "vmId": guid("vm", machine.resource_id),
        "provisioningState": "Succeeded",
        "timeCreated": instant(machine.created),
        "hardwareProfile": {"vmSize": machine.size},
        "storageProfile": _storage(machine, links, os),
        "osProfile": _os_profile(machine, os),
        "networkProfile": {"networkInterfaces": [{"id": interface(machine)}]},
        "extended": {
            "instanceView": {
                "computerName": machine.name[:15],
                "osName": os,
                "powerState": {
                    "code": f"PowerState/{machine.state}",
                    "displayStatus": f"VM {machine.state}",
                    "level": "Info",
                },
            }
        },
    }
    if os == "Windows":
        properties["licenseType"] = _OWNS_LICENSE
    return {"properties": properties, "zones": _zones(machine)}


def _storage(machine: Resource, links: Links, os: str) -> dict[str, Any]:
    disks = links.attached(machine, "azure_disk")
    system = next((each for each in disks if each.is_root), None)
    os_disk: dict[str, Any] = {
        "osType": os,
        "createOption": "FromImage",
        "caching": "ReadWrite",
        "deleteOption": "Detach",
    }
    if system is not None:
        os_disk |= {"name": system.name, **_managed(system)}
    data = [
        {
            "lun": lun,
            "name": each.name,
            "createOption": "Attach",
            "caching": "None",
            "toBeDetached": False,
            **_managed(each),
        }
        for lun, each in enumerate(each for each in disks if each is not system)
    ]
    return {"imageReference": dict(_IMAGES[os]), "osDisk": os_disk, "dataDisks": data}


def _managed(each: Resource) -> dict[str, Any]:
    tier = DISK_TIERS[each.size]
    return {
        "diskSizeGB": each.size_gib,
        "managedDisk": {"id": each.resource_id, "storageAccountType": tier.sku},
    }


def _os_profile(machine: Resource, os: str) -> dict[str, Any]:
    own: dict[str, Any] = (
        {"windowsConfiguration": {"provisionVMAgent": True, "enableAutomaticUpdates": True}}
        if os == "Windows"
        else {"linuxConfiguration": {"disablePasswordAuthentication": True}}
    )
    return {"computerName": machine.name[:15], "adminUsername": "operator", "secrets": [], **own}


def _os(found: Resource) -> str:
    return found.os.capitalize()


def disk(found: Resource, links: Links) -> dict[str, Any]:
    """Return what a managed disk has beyond the columns that all resources have."""
    tier, machine = DISK_TIERS[found.size], links.get(found.attached_to)
    properties: dict[str, Any] = {
        "creationData": {"createOption": "Empty"},
        "diskSizeGB": found.size_gib,
        "diskSizeBytes": found.size_gib * 2**30,
        "diskIOPSReadWrite": tier.iops,
        "diskMBpsReadWrite": tier.mibps,
        "diskState": _disk_state(found, machine),
        "encryption": {"type": "EncryptionAtRestWithPlatformKey"},
        "networkAccessPolicy": "AllowAll",
        "publicNetworkAccess": "Enabled",
        "provisioningState": "Succeeded",
        "timeCreated": instant(found.created),
        "LastOwnershipUpdateTime": instant(_ownership_changed(found)),
        "uniqueId": guid("disk", found.resource_id),
    }
    if tier.sku == _PREMIUM:
        properties["tier"] = found.size
    if found.is_root:
        properties |= {
            "osType": _os(found),
            "hyperVGeneration": "V2",
            "creationData": {"createOption": "FromImage"},
        }
    return {
        "managedBy": machine.resource_id if machine else "",
        "sku": {
            "name": tier.sku,
            "tier": tier.sku.rpartition("_")[0].removesuffix("SSD"),
        },
        "properties": properties,
        "zones": _zones(found),
    }


def _disk_state(found: Resource, machine: Resource | None) -> str:
    if found.state == "ActiveSAS":
        return found.state
    if machine is None:
        return "Unattached"
    return "Reserved" if machine.state == "deallocated" else "Attached"


def _ownership_changed(found: Resource) -> date:
    """Return when it was attached or detached, or its machine was deallocated."""
    days = (found.attached_on or found.created, found.stopped_on)
    return max(day for day in days if day is not None)


def snapshot(found: Resource, links: Links) -> dict[str, Any]:
    """Return what a snapshot has beyond the columns that all resources have."""
    source = links.get(found.source_id)
    creation: dict[str, Any] = {"createOption": "Copy"}
    if found.source_id:
        creation |= {
            "sourceResourceId": found.source_id,
            "sourceUniqueId": guid("disk", found.source_id),
        }
    properties: dict[str, Any] = {
        "creationData": creation,
        "diskSizeGB": found.size_gib,
        "diskSizeBytes": found.size_gib * 2**30,
        "diskState": "Unattached",
        "encryption": {"type": "EncryptionAtRestWithPlatformKey"},
        "incremental": True,
        "networkAccessPolicy": "AllowAll",
        "provisioningState": "Succeeded",
        "timeCreated": instant(found.created),
        "uniqueId": guid("snapshot", found.resource_id),
    }
    if source is not None and source.is_root:
        properties["osType"] = _os(source)
    return {"sku": {"name": "Standard_LRS", "tier": "Standard"}, "properties": properties}


def _zones(found: Resource) -> list[str] | None:
    return [found.zone] if found.zone else None
