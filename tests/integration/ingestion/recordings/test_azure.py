"""Recorded documents of Resource Manager, queried as Resource Graph does, to rows."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from estate.clouds.azure.kql import parse
from ingestion.azure import compute, network
from ingestion.azure.metrics import Batch, read_days
from ingestion.azure.resource_type import AzureResourceType
from ingestion.model import Metric, Place
from tests.integration.ingestion.recordings.index import found, recorded

pytestmark = pytest.mark.integration

FIELDS: Mapping[str, tuple[AzureResourceType, Mapping[str, str]]] = {
    "microsoft.compute/virtualmachines": (
        compute.VIRTUAL_MACHINES,
        {
            "vm_size": "properties.hardwareProfile.vmSize",
            "os_type": "properties.storageProfile.osDisk.osType",
            "created_at": "properties.timeCreated",
            "priority": "properties.priority",
            "license_type": "properties.licenseType",
            "image_publisher": "properties.storageProfile.imageReference.publisher",
            "zone": "zones.0",
        },
    ),
    "microsoft.compute/disks": (
        compute.MANAGED_DISKS,
        {
            "sku_name": "sku.name",
            "tier": "properties.tier",
            "size_gib": "properties.diskSizeGB",
            "iops": "properties.diskIOPSReadWrite",
            "throughput_mbps": "properties.diskMBpsReadWrite",
            "disk_state": "properties.diskState",
            "managed_by": "managedBy",
            "created_at": "properties.timeCreated",
            "last_ownership_update_at": "properties.LastOwnershipUpdateTime",
            "os_type": "properties.osType",
            "zone": "zones.0",
        },
    ),
    "microsoft.network/publicipaddresses": (
        network.PUBLIC_IPS,
        {
            "ip_address": "properties.ipAddress",
            "sku_name": "sku.name",
            "allocation_method": "properties.publicIPAllocationMethod",
            "ip_configuration_id": "properties.ipConfiguration.id",
            "nat_gateway_id": "properties.natGateway.id",
            "public_ip_prefix_id": "properties.publicIPPrefix.id",
        },
    ),
    "microsoft.network/loadbalancers": (network.LOAD_BALANCERS, {"sku_name": "sku.name"}),
}
"""Of each ARM type: our type, and where Azure documents the fields that columns hold."""
LOWER = {"managed_by", "ip_configuration_id", "nat_gateway_id", "public_ip_prefix_id"}
IDENTITY = {"resource_id", "resource_name", "tags", "resource_group_name"}
COMPUTED = {
    "power_state",
    "backend_pool_count",
    "backend_member_count",
    "inbound_nat_rule_count",
    "rule_count",
}


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "cloud_custodian_recordings"


def documents(folder: Path, arm_type: str) -> Iterator[dict[str, Any]]:
    """Yield what was recorded of a type, as Resource Graph holds it."""
    for answer in recorded(folder, "azure", arm_type, "GET"):
        for document in answer.get("value", [answer] if "id" in answer else []):
            if document["type"].lower() == arm_type:
                parts = document["id"].split("/")
                own = {"subscriptionId": parts[2], "resourceGroup": parts[4].lower()}
                yield document | own | {"type": arm_type}


def row_of(resource_type: AzureResourceType, document: dict[str, Any]) -> dict[str, Any]:
    return resource_type.row(parse(resource_type.query).row(document))


@pytest.mark.parametrize("arm_type", FIELDS)
def test_every_declared_field_of_a_recording_arrives(folder: Path, arm_type: str) -> None:
    resource_type, fields = FIELDS[arm_type]
    count = 0
    for document in documents(folder, arm_type):
        row = row_of(resource_type, document)
        count += 1
        assert {name: row[name] for name in fields} == {
            name: _plain(name, found(document, path)) for name, path in fields.items()
        }
        assert row["resource_id"] == document["id"].lower()
        assert row["resource_name"] == document["name"]
        assert row["region_id"] == document["location"]
        assert row["sub_account_id"] == document["id"].split("/")[2]
        assert json.loads(row["tags"]) == document.get("tags", {})
    assert count


@pytest.mark.parametrize("arm_type", FIELDS)
def test_no_declared_field_is_left_unchecked(arm_type: str) -> None:
    resource_type, fields = FIELDS[arm_type]

    declared = {column.name for column in resource_type.columns}
    assert declared == set(fields) | IDENTITY | (COMPUTED & declared)


def test_empty_load_balancers_of_recordings_have_no_members(folder: Path) -> None:
    rows = [
        row_of(network.LOAD_BALANCERS, document)
        for document in documents(folder, "microsoft.network/loadbalancers")
    ]

    assert rows
    for row in rows:
        counted = ("backend_pool_count", "backend_member_count", "inbound_nat_rule_count")
        assert [row[name] for name in (*counted, "rule_count")] == [0, 0, 0, 0]


def test_a_machine_listed_without_its_view_has_no_known_power_state(folder: Path) -> None:
    machines = list(documents(folder, "microsoft.compute/virtualmachines"))

    assert machines
    assert {row_of(compute.VIRTUAL_MACHINES, one)["power_state"] for one in machines} == {None}


def test_recorded_values_of_a_metric_are_summed(folder: Path) -> None:
    answers = [
        answer
        for answer in recorded(folder, "azure", "microsoft.insights/metrics", "GET")
        if answer["namespace"] == "Microsoft.Compute/virtualMachines"
        and any("total" in p for p in answer["value"][0]["timeseries"][0]["data"])
    ]
    assert answers
    for answer in answers:
        (metric,) = answer["value"]
        (point,) = metric["timeseries"][0]["data"]

        (row,) = read_days(_Recorded(answer), _batch(metric))  # type: ignore[arg-type]

        assert row["sum"] == point["total"]
        assert row["usage_date"] == date.fromisoformat(point["timeStamp"][:10])
        assert row["sample_count"] == 1


class _Recorded:
    """A metrics client that answers a recording."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self._answer = answer

    def query_resources(self, *, resource_ids: tuple[str, ...], cls: Any, **_: Any) -> None:
        cls(None, {"values": [self._answer | {"resourceid": resource_ids[0]}]}, {})


def _batch(metric: Mapping[str, Any]) -> Batch:
    declared = Metric(
        metric["name"]["value"], compute.VIRTUAL_MACHINES.arm_type, metric["unit"], ("sum",), 3600
    )
    return Batch(
        replace(compute.VIRTUAL_MACHINES, metrics=(declared,)),
        Place("ea42f556-5106-4743-99b0-c129bfa71a47", "southcentralus"),
        (metric["id"].partition("/providers/Microsoft.Insights/")[0],),
        date(2019, 4, 1),
        date(2019, 6, 1),
    )


def _plain(name: str, value: Any) -> Any:
    if name.endswith("_at") and value:
        return datetime.fromisoformat(value).astimezone(UTC).replace(tzinfo=None)
    return value.lower() if name in LOWER and value else value
