"""A tenant's Azure, read over TLS with the official SDKs."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from estate.clouds.azure.server import AzureConnection, RunningAzure
from ingestion.azure import compute, network
from ingestion.azure.collector import AzureCollector
from ingestion.azure.resource_type import AzureResourceType
from ingestion.model import Answer, Place, UtilizationRequest
from tests.integration.ingestion.azure.conftest import THROUGH, Collect, existing, rows_of

pytestmark = pytest.mark.integration

TYPES = (*compute.RESOURCE_TYPES, *network.RESOURCE_TYPES)
KINDS = {
    "azure_virtual_machines": "azure_virtual_machine",
    "azure_managed_disks": "azure_disk",
    "azure_snapshots": "azure_snapshot",
    "azure_public_ips": "azure_public_ip",
    "azure_nat_gateways": "azure_nat_gateway",
    "azure_load_balancers": "azure_load_balancer",
}


def requests(
    resource_type: AzureResourceType,
    rows: Sequence[dict[str, Any]],
    first_day: date = THROUGH - timedelta(days=3),
) -> list[UtilizationRequest]:
    """Ask for the utilization of rows, place by place."""
    places: dict[Place, list[dict[str, Any]]] = {}
    for row in rows:
        places.setdefault(Place(row["sub_account_id"], row["region_id"]), []).append(row)
    last_day = THROUGH - timedelta(days=1)
    return [
        UtilizationRequest(resource_type, place, found, first_day, last_day)
        for place, found in places.items()
    ]


def listed(collector: AzureCollector, resource_type: AzureResourceType) -> list[Answer]:
    return list(collector.inventory([resource_type]))


@pytest.mark.parametrize("resource_type", TYPES, ids=lambda resource_type: resource_type.name)
def test_every_resource_is_read_once_and_nobody_elses(
    collect: Collect, connection: AzureConnection, resource_type: AzureResourceType
) -> None:
    answers = listed(collect(), resource_type)

    assert all(answer.is_complete for answer in answers)
    assert {answer.sub_account_id for answer in answers} == set(connection.subscriptions)
    found = [row["resource_id"] for row in rows_of(answers)]
    assert sorted(found) == sorted(existing(connection, KINDS[resource_type.name]))


def test_values_are_those_of_the_estate(collect: Collect, connection: AzureConnection) -> None:
    machines = existing(connection, "azure_virtual_machine")

    rows = rows_of(listed(collect(), compute.VIRTUAL_MACHINES))

    assert rows
    for row in rows:
        machine = machines[row["resource_id"]]
        assert row["vm_size"] == machine.size
        assert row["region_id"] == machine.region
        assert row["sub_account_id"] == machine.account.account_id
        assert row["created_at"].date() == machine.created
        assert row["os_type"] == machine.os.capitalize()
        assert row["power_state"] in {"running", "stopped", "deallocated"}


def test_inbound_nat_rules_are_counted(collect: Collect, connection: AzureConnection) -> None:
    balancers = existing(connection, "azure_load_balancer")

    rows = rows_of(listed(collect(), network.LOAD_BALANCERS))

    counts = {row["resource_id"]: row["inbound_nat_rule_count"] for row in rows}
    assert counts == {
        name: len(balancer.targets) if balancer.has_nat_rules else 0
        for name, balancer in balancers.items()
    }
    assert max(counts.values()) == 1


def test_a_page_holds_less_than_asked_for_and_the_next_is_read(
    azure: RunningAzure, collect: Collect, connection: AzureConnection
) -> None:
    azure.switch(page_rows=2)
    expected = existing(connection, "azure_disk")

    answers = listed(collect(), compute.MANAGED_DISKS)

    assert sorted(row["resource_id"] for row in rows_of(answers)) == sorted(expected)
    assert sum(answer.call_count for answer in answers) == -(-len(expected) // 2)


def test_one_query_reads_all_subscriptions(
    azure: RunningAzure, collect: Collect, connection: AzureConnection
) -> None:
    collector = collect()
    answers = list(collector.inventory(TYPES))

    assert len(answers) == len(TYPES) * len(connection.subscriptions)
    assert sum(answer.call_count for answer in answers) == len(TYPES)
    assert azure.calls()["resource_graph"] == {"200": len(TYPES) + 1}  # and who may be seen


def test_only_declared_subscriptions_are_read(
    collect: Collect, connection: AzureConnection
) -> None:
    wanted = connection.subscriptions[0]
    collector = collect(subscriptions=(wanted.upper(),))

    answers = list(collector.inventory(TYPES))

    assert collector.places() == [Place(wanted, "*")]
    assert {row["sub_account_id"] for row in rows_of(answers)} == {wanted}


def test_a_day_is_read_in_full_calls_and_computed_of_its_hours(
    azure: RunningAzure, collect: Collect, connection: AzureConnection
) -> None:
    machines = existing(connection, "azure_virtual_machine")
    collector = collect()
    rows = rows_of(listed(collector, compute.VIRTUAL_MACHINES))
    asked = requests(compute.VIRTUAL_MACHINES, rows)

    answers = list(collector.utilization(asked))

    measured = [row for row in rows_of(answers) if row["metric_name"] == "Percentage CPU"]
    for row in measured:
        is_nightly = machines[row["resource_id"]].schedule == "nightly"
        assert row["sample_count"] == (1 if is_nightly else 24)
        assert 0 <= row["average"] <= row["p95"] <= row["p99"] <= row["maximum"] <= 100
        assert THROUGH - timedelta(days=3) <= row["usage_date"] < THROUGH
        assert row["sum"] is None
    assert azure.calls()["metrics_batch"] == {"200": len(asked)}
    assert sum(answer.call_count for answer in answers) == len(asked)


def test_bytes_of_a_gateway_are_summed(collect: Collect, connection: AzureConnection) -> None:
    collector = collect()
    rows = rows_of(listed(collector, network.NAT_GATEWAYS))

    answers = collector.utilization(requests(network.NAT_GATEWAYS, rows))

    measured = [row for row in rows_of(list(answers)) if row["metric_name"] == "ByteCount"]
    assert {row["resource_id"] for row in measured} == {row["resource_id"] for row in rows}
    assert all(row["sum"] >= row["maximum"] >= row["sum"] / 24 for row in measured)
    assert all(row["average"] is None for row in measured)


def test_days_before_a_resource_existed_are_missing(
    collect: Collect, connection: AzureConnection
) -> None:
    machines = existing(connection, "azure_virtual_machine")
    youngest = max(machines.values(), key=lambda machine: machine.created)
    collector = collect()
    rows = [
        row
        for row in rows_of(listed(collector, compute.VIRTUAL_MACHINES))
        if row["resource_id"] == youngest.resource_id.lower()
    ]
    first_day = max(youngest.created - timedelta(days=5), THROUGH - timedelta(days=80))

    answers = list(collector.utilization(requests(compute.VIRTUAL_MACHINES, rows, first_day)))

    assert all(answer.is_complete for answer in answers)
    days = {row["usage_date"] for row in rows_of(answers)}
    assert days
    assert min(days) >= youngest.created


def test_credentials_are_gone_when_the_block_ends(
    collect: Collect, connection: AzureConnection
) -> None:
    collector = collect()
    listed(collector, compute.SNAPSHOTS)
    assert connection.client_secret in _texts_within(collector, seen=set())

    collector.__exit__(None, None, None)

    held = _texts_within(collector, seen=set())

    assert connection.client_id in held
    assert connection.client_secret not in held
    assert not [text for text in held if text.startswith("eyJ")]


def _texts_within(value: Any, seen: set[int]) -> set[str]:
    """Return every text that can be reached from an object."""
    if id(value) in seen:
        return set()
    seen.add(id(value))
    if isinstance(value, str):
        return {value}
    if isinstance(value, dict):
        parts: list[Any] = [*value.keys(), *value.values()]
    elif isinstance(value, list | tuple | set | frozenset):
        parts = list(value)
    else:
        slots = [getattr(value, name, None) for name in getattr(type(value), "__slots__", ())]
        parts = [*getattr(value, "__dict__", {}).values(), *slots]
    return set().union(*(_texts_within(part, seen) for part in parts))
