"""Declared resource types: the query that they become, and rows of what it answers."""

from datetime import datetime
from typing import Any

import pyarrow as pa
import pytest

from ingestion.azure import compute, network
from ingestion.azure.resource_type import AzureResourceType

TYPES = (*compute.RESOURCE_TYPES, *network.RESOURCE_TYPES)
PLACE = {"sub_account_id": "00000000-0000-4000-8000-000000000001", "region_id": "eastus"}


@pytest.mark.parametrize("resource_type", TYPES, ids=lambda resource_type: resource_type.name)
def test_a_query_asks_for_every_declared_column(resource_type: AzureResourceType) -> None:
    query = resource_type.query

    assert query.startswith(f"resources | where type =~ '{resource_type.arm_type.lower()}' | ")
    assert all(f"{c.name} = {c.path}" in query for c in resource_type.columns)
    assert query.endswith(" | order by id asc")


def test_the_id_is_asked_for_as_pages_end_without_it() -> None:
    assert " | project id, " in compute.MANAGED_DISKS.query


def test_empty_texts_are_unknown_and_instants_are_utc() -> None:
    row = compute.MANAGED_DISKS.row(
        PLACE | {"tier": "", "created_at": "2025-01-21T13:45:22.8082948+02:00", "size_gib": 4}
    )

    assert row["tier"] is None
    assert row["created_at"] == datetime.fromisoformat("2025-01-21T11:45:22.808294")
    assert row["size_gib"] == 4
    assert row["managed_by"] is None


@pytest.mark.parametrize(
    ("pools", "members"),
    [
        (None, None),
        ([], 0),
        ([{"properties": {}}], 0),
        ([{"properties": {"backendIPConfigurations": [{"id": "a"}, {"id": "b"}]}}], 2),
        ([{"properties": {"loadBalancerBackendAddresses": [{"name": "a"}]}}], 1),
        (
            [
                {
                    "properties": {
                        "backendIPConfigurations": [{"id": "a"}],
                        "loadBalancerBackendAddresses": [{"name": "a"}],
                    }
                },
                {"properties": {"loadBalancerBackendAddresses": [{"name": "b"}, {"name": "c"}]}},
            ],
            3,
        ),
    ],
)
def test_members_of_a_pool_are_counted_once(pools: Any, members: int | None) -> None:
    row = network.LOAD_BALANCERS.row(PLACE | {"backend_member_count": pools})

    assert row["backend_member_count"] == members


def test_hostile_names_and_tags_are_kept_as_they_are() -> None:
    name = '<script>alert("1")</script>\n\'; drop table --\u202e\U0001f4a5'
    row = compute.SNAPSHOTS.row(PLACE | {"resource_name": name, "tags": {name: name, "": None}})

    assert row["resource_name"] == name
    assert name.replace("\n", "\\n").replace('"', '\\"') in row["tags"]


def test_half_a_surrogate_pair_can_be_written() -> None:
    row = compute.SNAPSHOTS.row(PLACE | {"resource_name": "a\ud83d", "tags": {"b": "\ude00"}})

    assert pa.array([row["resource_name"], row["tags"]]).to_pylist() == [
        "a\ufffd",
        '{"b": "\ufffd"}',
    ]
