"""Whether what the simulated Azure answers is enough to tell waste from what only looks like it.

Each rule is decided here a second time, from documents and metrics alone; whether a bill has held
something for long is taken from the estate, as Azure does not tell.
"""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

import pytest

from estate.clouds.azure.app import Service
from estate.clouds.azure.directories import build_directories
from estate.clouds.azure.inventory import ARM_TYPES
from estate.clouds.azure.metrics import METRICS
from estate.model import Resource
from estate.sizes import VM_SIZES
from estate.world import build_partners, calendar

THROUGH = date(2026, 5, 20)
SHOWN = THROUGH + timedelta(days=1)
NOW = datetime.combine(SHOWN, datetime.min.time(), UTC)
DIRECTORIES = build_directories(build_partners(23, "small", calendar(THROUGH, 2)))
SERVICE = Service(DIRECTORIES, NOW)
_WINDOW, _ALL = 14, 40


@dataclass(frozen=True)
class Seen:
    """One resource as Azure shows it."""

    directory: Any
    resource: Resource

    @property
    def inventory(self) -> Any:
        return SERVICE.graph.inventories[self.directory.directory_id]

    @cached_property
    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = self.inventory.document(self.resource)
        return found

    @property
    def properties(self) -> dict[str, Any]:
        found: dict[str, Any] = self.document["properties"]
        return found

    @property
    def billed_days(self) -> int:
        return (SHOWN - self.resource.created).days

    def age(self, name: str) -> int:
        return (SHOWN - datetime.fromisoformat(self.properties[name]).date()).days

    def other(self, resource_id: str) -> "Seen":
        return Seen(self.directory, self.inventory.by_id[resource_id.lower()])

    @property
    def power(self) -> str:
        code: str = self.properties["extended"]["instanceView"]["powerState"]["code"]
        return code.removeprefix("PowerState/")

    def points(self, metric: str, days: int = _WINDOW) -> list[dict[str, Any]]:
        query = {
            "api-version": "2024-02-01",
            "metricnamespace": ARM_TYPES[self.resource.kind],
            "metricnames": metric,
            "starttime": (NOW - timedelta(days=days)).isoformat(),
            "endtime": NOW.isoformat(),
            "interval": "PT1H",
            "aggregation": "average,minimum,maximum,total",
        }
        answer = SERVICE.metrics.answer(
            self.directory,
            self.resource.region,
            self.resource.account.account_id,
            query,
            [self.resource.resource_id],
        )
        series = json.loads(answer)["values"][0]["value"][0]["timeseries"]
        return [point for each in series for point in each["data"] if "average" in point]

    @property
    def is_measured(self) -> bool:
        metric = next(iter(METRICS[ARM_TYPES[self.resource.kind]]))
        hours = Counter(point["timeStamp"][:10] for point in self.points(metric))
        return sum(count >= 0.9 * 24 for count in hours.values()) >= 0.9 * _WINDOW

    def greatest(self, *metrics: str) -> float:
        return sum(
            max((float(point["maximum"]) for point in self.points(metric)), default=0.0)
            for metric in metrics
        )

    def total(self, *metrics: str) -> float:
        return sum(float(point["total"]) for metric in metrics for point in self.points(metric))

    @property
    def days_off(self) -> int:
        days = [point["timeStamp"][:10] for point in self.points("Percentage CPU", _ALL)]
        last = date.fromisoformat(max(days)) if days else SHOWN - timedelta(days=_ALL)
        return (SHOWN - last).days - 1

    @property
    def members(self) -> int:
        pools = self.properties["backendAddressPools"]
        return sum(len(pool["properties"]["backendIPConfigurations"]) for pool in pools)


_OPERATIONS = ("Composite Disk Read Operations/sec", "Composite Disk Write Operations/sec")
_BYTES = ("Composite Disk Read Bytes/sec", "Composite Disk Write Bytes/sec")


def unattached(seen: Seen) -> bool:
    return (
        seen.properties["diskState"] == "Unattached"
        and not seen.document["managedBy"]
        and seen.age("LastOwnershipUpdateTime") >= 7
        and not any(tag.startswith("kubernetes.io-created") for tag in seen.document["tags"] or ())
        and not seen.document["name"].endswith("-ASRReplica")
    )


def idle_disk(seen: Seen) -> bool:
    return (
        seen.properties["diskState"] == "Attached"
        and "osType" not in seen.properties
        and seen.age("LastOwnershipUpdateTime") >= _WINDOW
        and seen.is_measured
        and seen.greatest(*_OPERATIONS) == 0
    )


def underused_premium(seen: Seen) -> bool:
    return (
        seen.document["sku"]["name"] == "Premium_LRS"
        and seen.is_measured
        and seen.greatest(*_OPERATIONS) <= 0.3 * seen.properties["diskIOPSReadWrite"]
        and seen.greatest(*_BYTES) <= 0.3 * seen.properties["diskMBpsReadWrite"] * 1e6
    )


def premium_of_deallocated(seen: Seen) -> bool:
    return (
        seen.properties["diskState"] == "Reserved"
        and seen.properties.get("tier", "").startswith("P")
        and seen.other(seen.document["managedBy"]).days_off >= 30
    )


def orphaned_snapshot(seen: Seen) -> bool:
    source = seen.properties["creationData"]["sourceResourceId"].lower()
    return source not in seen.inventory.by_id and seen.age("timeCreated") >= 30


def held_by_nothing(seen: Seen) -> bool:
    holders = {"ipConfiguration", "natGateway", "publicIPPrefix"}
    return not holders & set(seen.properties) and seen.billed_days >= 7


def idle_machine(seen: Seen) -> bool:
    cpu = sorted(point["average"] for point in seen.points("Percentage CPU"))
    network = seen.total("Network In Total", "Network Out Total")
    return (
        seen.power == "running"
        and seen.age("timeCreated") >= _WINDOW
        and seen.is_measured
        and cpu[int(len(cpu) * 0.95)] < 5
        and seen.greatest("Percentage CPU") < 20
        and network / (_WINDOW * 86_400) < 1000
    )


def half_would_do(seen: Seen) -> bool:
    """Return whether a machine of half the size would stay under 80 % of CPU and memory."""
    cpu = sorted(point["average"] for point in seen.points("Percentage CPU"))
    memory = VM_SIZES[seen.properties["hardwareProfile"]["vmSize"]].memory_gib * 2**30
    free = min(point["minimum"] for point in seen.points("Available Memory Bytes"))
    return (
        seen.power == "running"
        and seen.is_measured
        and 2 * cpu[int(len(cpu) * 0.99)] <= 80
        and 2 * (memory - free) <= 0.8 * memory
    )


RULES: dict[str, Callable[[Seen], bool]] = {
    "azure_disk_unattached": unattached,
    "azure_disk_idle_attached": idle_disk,
    "azure_disk_underutilized_premium": underused_premium,
    "azure_disk_on_deallocated_vm": premium_of_deallocated,
    "azure_snapshot_old": lambda seen: seen.age("timeCreated") >= 90,
    "azure_snapshot_orphaned": orphaned_snapshot,
    "azure_public_ip_unattached": held_by_nothing,
    "azure_vm_idle": idle_machine,
    "azure_vm_overprovisioned": half_would_do,
    "azure_vm_stopped_not_deallocated": lambda seen: seen.power == "stopped",
    "azure_vm_deallocated_long": lambda seen: seen.power == "deallocated" and seen.days_off >= 30,
    "azure_vm_superseded_series": lambda seen: (
        seen.properties["hardwareProfile"]["vmSize"] in {"Standard_DS3_v2", "Standard_F4s"}
    ),
    "azure_nat_gateway_orphaned": lambda seen: not seen.properties.get("subnets"),
    "azure_nat_gateway_idle": lambda seen: (
        bool(seen.properties.get("subnets"))
        and seen.is_measured
        and seen.total("ByteCount", "PacketCount") == 0
    ),
    "azure_lb_no_backend": lambda seen: (
        seen.members == 0 and not seen.properties["inboundNatRules"]
    ),
    "azure_lb_idle": lambda seen: (
        seen.members > 0 and seen.is_measured and seen.total("ByteCount", "PacketCount") == 0
    ),
}


def seen_by(rule: str, attribute: str) -> list[Seen]:
    return [
        Seen(directory, each)
        for directory in DIRECTORIES
        for each in directory.scope.resources
        if rule in getattr(each, attribute)
    ]


@pytest.mark.parametrize("rule", RULES)
def test_answers_tell_waste_from_near_misses(rule: str) -> None:
    waste, near = seen_by(rule, "findings"), seen_by(rule, "near_misses")
    assert waste

    decided = RULES[rule]

    assert [each.resource.story for each in waste if not decided(each)] == []
    assert [each.resource.story for each in near if decided(each)] == []
