"""Compute resource types: virtual machines, managed disks and snapshots."""

import pyarrow as pa

from ingestion.azure.resource_type import AzureResourceType
from ingestion.model import Column, Metric

_TIME = pa.timestamp("us")
_SIZE = Column("size_gib", "tolong(properties.diskSizeGB)", pa.int64(), "Provisioned size.")
_SKU = Column("sku_name", "tostring(sku.name)", pa.string(), "Premium_LRS and so on.")
_CREATED = Column(
    "created_at", "todatetime(properties.timeCreated)", _TIME, "When it was created, UTC."
)
_ZONE = Column("zone", "tostring(zones[0])", pa.string(), "Availability zone; null when regional.")
_LEVEL = ("average", "p50", "p95", "p99", "maximum")
_MACHINES = "Microsoft.Compute/virtualMachines"
_DISKS = "Microsoft.Compute/disks"


def _machine(name: str, unit: str, statistics: tuple[str, ...]) -> Metric:
    return Metric(name, _MACHINES, unit, statistics, period_seconds=3600)


def _disk(name: str, unit: str) -> Metric:
    return Metric(name, _DISKS, unit, _LEVEL, period_seconds=3600)


VIRTUAL_MACHINES = AzureResourceType(
    name="azure_virtual_machines",
    description="One row per virtual machine, running or not; scale set instances are not in it.",
    arm_type=_MACHINES,
    declared=(
        Column(
            "vm_size",
            "tostring(properties.hardwareProfile.vmSize)",
            pa.string(),
            "Size, such as Standard_D4s_v5.",
        ),
        Column(
            "power_state",
            "tostring(split(properties.extended.instanceView.powerState.code, '/')[1])",
            pa.string(),
            "running, stopped (still billed), deallocated (not billed) or a state between.",
        ),
        Column(
            "os_type",
            "tostring(properties.storageProfile.osDisk.osType)",
            pa.string(),
            "Linux or Windows.",
        ),
        _CREATED,
        Column(
            "priority",
            "tostring(properties.priority)",
            pa.string(),
            "Spot or Low where it can be evicted; null or Regular otherwise.",
        ),
        Column(
            "license_type",
            "tostring(properties.licenseType)",
            pa.string(),
            "Licence brought along (hybrid benefit); null where it is paid with the machine.",
        ),
        Column(
            "image_publisher",
            "tostring(properties.storageProfile.imageReference.publisher)",
            pa.string(),
            "Publisher of the marketplace image; null for an image of one's own.",
        ),
        _ZONE,
    ),
    metrics=(
        _machine("Percentage CPU", "Percent", _LEVEL),
        _machine("Network In Total", "Bytes", ("sum", "maximum")),
        _machine("Network Out Total", "Bytes", ("sum", "maximum")),
        _machine("Available Memory Bytes", "Bytes", ("average", "minimum", "p50", "p95", "p99")),
    ),
)

MANAGED_DISKS = AzureResourceType(
    name="azure_managed_disks",
    description="One row per managed disk, attached or not.",
    arm_type=_DISKS,
    declared=(
        _SKU,
        Column("tier", "tostring(properties.tier)", pa.string(), "Performance tier, such as P10."),
        _SIZE,
        Column(
            "iops",
            "tolong(properties.diskIOPSReadWrite)",
            pa.int64(),
            "Operations a second it may reach.",
        ),
        Column(
            "throughput_mbps",
            "tolong(properties.diskMBpsReadWrite)",
            pa.int64(),
            "Megabytes a second it may reach.",
        ),
        Column(
            "disk_state",
            "tostring(properties.diskState)",
            pa.string(),
            "Attached, Reserved (its machine is deallocated), Unattached, ActiveSAS and so on.",
        ),
        Column("managed_by", "tolower(managedBy)", pa.string(), "Machine it serves, lower case."),
        _CREATED,
        Column(
            "last_ownership_update_at",
            "todatetime(properties.LastOwnershipUpdateTime)",
            _TIME,
            "When it was last attached or detached, UTC; null if never since Azure records it.",
        ),
        Column(
            "os_type",
            "tostring(properties.osType)",
            pa.string(),
            "Linux or Windows for a system disk; null for a data disk.",
        ),
        _ZONE,
    ),
    metrics=(
        _disk("Composite Disk Read Operations/sec", "CountPerSecond"),
        _disk("Composite Disk Write Operations/sec", "CountPerSecond"),
        _disk("Composite Disk Read Bytes/sec", "BytesPerSecond"),
        _disk("Composite Disk Write Bytes/sec", "BytesPerSecond"),
    ),
)

SNAPSHOTS = AzureResourceType(
    name="azure_snapshots",
    description="One row per snapshot of a managed disk.",
    arm_type="Microsoft.Compute/snapshots",
    declared=(
        _SKU,
        Column(
            "size_gib",
            "tolong(properties.diskSizeGB)",
            pa.int64(),
            "Size of the disk it was taken of; an incremental one is billed for less.",
        ),
        _CREATED,
        Column(
            "source_resource_id",
            "tolower(tostring(properties.creationData.sourceResourceId))",
            pa.string(),
            "Disk or snapshot it was taken of, lower case.",
        ),
        Column(
            "is_incremental",
            "tobool(properties.incremental)",
            pa.bool_(),
            "Whether it holds the difference to an earlier one alone.",
        ),
    ),
)

RESOURCE_TYPES = (VIRTUAL_MACHINES, MANAGED_DISKS, SNAPSHOTS)
