"""Resource Graph and subscriptions answer in pages, each directory its own, or say why not."""

from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from estate.clouds.azure.server import AzureConnection, RunningAzure
from tests.integration.estate.azure.support import (
    DISKS,
    NO_RETRY,
    PARTNERS,
    existing,
    graph,
    page,
    scope_of,
)

pytestmark = pytest.mark.integration


def wide(azure: RunningAzure) -> AzureConnection:
    """A connection with more than one subscription."""
    return next(each for each in azure.connections if len(each.subscriptions) > 1)


def test_every_azure_bill_has_a_connection_of_its_own(azure: RunningAzure) -> None:
    bills = [
        scope.tenant_id
        for partner in PARTNERS
        for tenant in partner.tenants
        for scope in tenant.scopes
        if scope.provider == "azure"
    ]

    assert sorted(each.tenant_id for each in azure.connections) == sorted(bills)
    assert len({each.directory_id for each in azure.connections}) == len(bills)


def test_subscriptions_are_listed_with_their_names(azure: RunningAzure) -> None:
    connection = wide(azure)
    query = (
        "resourcecontainers | where type =~ 'microsoft.resources/subscriptions' "
        "| project id, subscription_id = subscriptionId, subscription_name = name"
    )

    rows = page(graph(azure, connection), query).data

    assert {(row["subscription_id"], row["subscription_name"]) for row in rows} == {
        (account.account_id, account.name) for account in scope_of(connection).accounts
    }


@pytest.mark.parametrize(
    ("arm_type", "kind"),
    [
        ("microsoft.compute/virtualmachines", "azure_virtual_machine"),
        ("microsoft.compute/disks", "azure_disk"),
        ("microsoft.compute/snapshots", "azure_snapshot"),
        ("microsoft.network/publicipaddresses", "azure_public_ip"),
        ("microsoft.network/natgateways", "azure_nat_gateway"),
        ("microsoft.network/loadbalancers", "azure_load_balancer"),
    ],
)
def test_each_directory_answers_its_own_resources_and_no_others(
    azure: RunningAzure, arm_type: str, kind: str
) -> None:
    query = f"resources | where type =~ '{arm_type}' | project id, name, tags | order by id asc"

    found = 0
    for connection in azure.connections:
        rows = page(graph(azure, connection), query).data
        expected = {each.resource_id: dict(each.tags) for each in existing(connection, kind)}
        assert {row["id"]: row["tags"] or {} for row in rows} == expected
        assert [row["id"] for row in rows] == sorted(expected)
        found += len(rows)
    assert found


def test_pages_hold_every_row_once(azure: RunningAzure) -> None:
    connection = max(azure.connections, key=lambda each: len(existing(each, "azure_disk")))
    client, token, totals = graph(azure, connection), None, set()
    ids: list[str] = []
    while True:
        answer = page(client, top=2, skip_token=token)
        ids.extend(row["id"] for row in answer.data)
        totals.add(answer.total_records)
        token = answer.skip_token
        assert (answer.result_truncated == "true") is bool(token)
        if not token:
            break

    assert ids == sorted(each.resource_id for each in existing(connection, "azure_disk"))
    assert totals == {len(ids)}
    assert azure.calls()["resource_graph"] == {"200": -(-len(ids) // 2)}


def test_without_the_id_there_are_no_further_pages(azure: RunningAzure) -> None:
    query = "resources | where type =~ 'microsoft.compute/disks' | project name"
    connection = max(azure.connections, key=lambda each: len(existing(each, "azure_disk")))

    answer = page(graph(azure, connection), query, top=1)

    assert (answer.result_truncated, answer.skip_token) == ("true", None)


def test_a_page_may_hold_less_than_was_asked_for(azure: RunningAzure) -> None:
    connection = max(azure.connections, key=lambda each: len(existing(each, "azure_disk")))
    azure.switch(page_rows=1)

    answer = page(graph(azure, connection), top=1000)

    assert (answer.count, bool(answer.skip_token)) == (1, True)


def test_an_expired_skip_token_is_refused_and_a_foreign_one_too(azure: RunningAzure) -> None:
    connection = max(azure.connections, key=lambda each: len(existing(each, "azure_disk")))
    client = graph(azure, connection)
    token = page(client, top=1).skip_token
    other = DISKS.replace("location", "name")

    with pytest.raises(HttpResponseError, match="InvalidSkipToken"):
        page(client, other, top=1, skip_token=token)
    azure.switch(expire_skip_tokens=True)
    with pytest.raises(HttpResponseError, match="InvalidSkipToken"):
        page(client, top=1, skip_token=token)


def test_a_denied_subscription_is_left_out(azure: RunningAzure) -> None:
    connection = wide(azure)
    denied, *others = connection.subscriptions
    azure.switch(deny=denied)

    rows = page(graph(azure, connection)).data
    with pytest.raises(HttpResponseError) as refused:
        page(graph(azure, connection), subscriptions=[denied])

    assert {row["id"].split("/")[2] for row in rows} <= set(others)
    assert refused.value.status_code == 403


def test_without_any_subscription_access_is_denied(azure: RunningAzure) -> None:
    connection = azure.connections[0]
    for subscription in connection.subscriptions:
        azure.switch(deny=subscription)

    with pytest.raises(HttpResponseError, match="AccessDenied") as refused:
        page(graph(azure, connection))

    assert refused.value.status_code == 403


def test_a_subscription_of_another_directory_is_not_eligible(azure: RunningAzure) -> None:
    mine, theirs = azure.connections[:2]

    with pytest.raises(HttpResponseError, match="NoValidSubscriptionsInQueryRequest"):
        page(graph(azure, mine), subscriptions=list(theirs.subscriptions))


def test_a_query_that_is_not_understood_is_a_bad_request(azure: RunningAzure) -> None:
    client = graph(azure, azure.connections[0])

    with pytest.raises(HttpResponseError, match="toupper") as refused:
        page(client, "resources | where type =~ 'x' | project id, a = toupper(name)")

    assert refused.value.status_code == 400


def test_throttled_calls_are_retried_by_the_sdk_after_the_time_told(azure: RunningAzure) -> None:
    azure.switch(throttle={"operation": "resource_graph", "calls": 2, "retry_after": 0})

    page(graph(azure, azure.connections[0]))

    assert azure.calls()["resource_graph"] == {"429": 2, "200": 1}


def test_throttling_that_lasts_is_told_with_the_quota(azure: RunningAzure) -> None:
    azure.switch(throttle={"operation": "resource_graph", "seconds": 60, "retry_after": 7})

    with pytest.raises(HttpResponseError, match="RateLimiting") as refused:
        page(graph(azure, azure.connections[0], **NO_RETRY))

    response: Any = refused.value.response
    headers = response.headers
    assert headers["Retry-After"] == "7"
    assert headers["x-ms-user-quota-remaining"] == "0"
    assert headers["x-ms-user-quota-resets-after"] == "00:00:07"
