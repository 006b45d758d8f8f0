"""Throttling, page tokens and what vanishes: waited out, read again, or told."""

from typing import Any

import pytest

from estate.clouds.azure.server import AzureConnection, RunningAzure
from ingestion.azure import compute, network
from ingestion.azure.collector import AzureCollector
from ingestion.model import ScopeStatus
from tests.integration.ingestion.azure.conftest import (
    Clock,
    Collect,
    existing,
    rows_of,
)
from tests.integration.ingestion.azure.test_scan import TYPES, listed, requests

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("status", [429, 503])
def test_throttling_for_minutes_is_waited_out(
    azure: RunningAzure, collect: Collect, clock: Clock, status: int
) -> None:
    azure.switch(
        throttle={"operation": "resource_graph", "calls": 4, "retry_after": 50, "status": status}
    )

    answers = list(collect().inventory(TYPES))

    assert all(answer.is_complete for answer in answers)
    assert sum(clock.slept) >= 200
    assert azure.calls()["resource_graph"] == {"200": len(TYPES) + 1, str(status): 4}


def test_throttling_without_end_leaves_the_rest_and_says_so(
    azure: RunningAzure, collect: Collect, clock: Clock
) -> None:
    collector = collect()
    first = listed(collector, compute.VIRTUAL_MACHINES)
    azure.switch(throttle={"operation": "resource_graph", "calls": 1000, "retry_after": 60})

    later = list(collector.inventory(TYPES[1:]))

    assert all(answer.is_complete for answer in first)
    assert {answer.status for answer in later} == {ScopeStatus.THROTTLED}
    assert {answer.error_code for answer in later} == {"RateLimiting"}
    assert "scan again later" in later[0].action
    assert sum(clock.slept) == 300


def test_metrics_that_are_overloaded_are_waited_for(
    azure: RunningAzure, collect: Collect, clock: Clock
) -> None:
    collector = collect()
    rows = rows_of(listed(collector, compute.VIRTUAL_MACHINES))
    azure.switch(throttle={"operation": "metrics_batch", "calls": 2, "status": 529})

    answers = list(collector.utilization(requests(compute.VIRTUAL_MACHINES, rows)))

    assert all(answer.is_complete for answer in answers)
    assert clock.slept


def test_a_page_token_that_expires_starts_the_table_again(
    monkeypatch: pytest.MonkeyPatch,
    azure: RunningAzure,
    collect: Collect,
    connection: AzureConnection,
) -> None:
    azure.switch(page_rows=2)
    collector = collect()
    pages = _expiring_after_first_page(monkeypatch, collector, azure, times=1)

    answers = listed(collector, compute.MANAGED_DISKS)

    expected = sorted(existing(connection, "azure_disk"))
    assert sorted(row["resource_id"] for row in rows_of(answers)) == expected
    assert pages["expired"] == 1


def test_page_tokens_that_always_expire_fail_that_table_alone(
    monkeypatch: pytest.MonkeyPatch, azure: RunningAzure, collect: Collect
) -> None:
    azure.switch(page_rows=2)
    collector = collect()
    _expiring_after_first_page(monkeypatch, collector, azure, times=100)

    answers = list(collector.inventory([compute.MANAGED_DISKS, network.NAT_GATEWAYS]))

    status = {answer.table_name: answer.status for answer in answers}
    assert status["azure_managed_disks"] is ScopeStatus.FAILED
    assert status["azure_nat_gateways"] is ScopeStatus.COMPLETE
    assert "token" in next(a.message for a in answers if not a.is_complete)


def test_a_resource_that_vanishes_takes_no_other_with_it(
    azure: RunningAzure, collect: Collect
) -> None:
    collector = collect()
    rows = rows_of(listed(collector, compute.MANAGED_DISKS))
    asked = requests(compute.MANAGED_DISKS, rows)
    before = {row["resource_id"] for row in rows_of(list(collector.utilization(asked)))}
    gone = max(before)
    azure.switch(vanish=gone)

    answers = list(collector.utilization(asked))

    assert all(answer.is_complete for answer in answers)
    assert {row["resource_id"] for row in rows_of(answers)} == before - {gone}


def _expiring_after_first_page(
    monkeypatch: pytest.MonkeyPatch, collector: AzureCollector, azure: RunningAzure, *, times: int
) -> dict[str, int]:
    """Let Azure take back the tokens of first pages, so many times."""
    client = collector._clients.graph
    ask, seen = client.resources, {"expired": 0}

    def resources(query: Any, **options: Any) -> Any:
        answer = ask(query, **options)
        is_first = "/disks'" in query.query and query.options.skip_token is None
        if is_first and answer.skip_token and seen["expired"] < times:
            seen["expired"] += 1
            azure.switch(expire_skip_tokens=True)
        return answer

    monkeypatch.setattr(client, "resources", resources)
    return seen
