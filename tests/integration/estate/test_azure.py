"""The simulated Azure, asked over TLS by the official SDKs that the product uses."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError
from azure.identity import ClientSecretCredential
from azure.mgmt.resourcegraph import ResourceGraphClient
from azure.mgmt.resourcegraph.models import QueryRequest, QueryRequestOptions
from azure.monitor.querymetrics import MetricsClient

from estate.clouds.azure.metrics import AGGREGATIONS
from estate.clouds.azure.server import AzureConnection, RunningAzure, running_azure
from estate.model import BillingScope, Resource
from estate.usage import metered
from estate.utilization import Hour
from estate.world import build_partners, calendar

pytestmark = pytest.mark.integration

THROUGH = date(2026, 5, 20)
SHOWN = THROUGH + timedelta(days=1)
PARTNERS = build_partners(11, "demo", calendar(THROUGH, 2))
ARM_SCOPE = "https://management.azure.com/.default"
DISKS = "resources | where type =~ 'Microsoft.Compute/disks' | project id, location"
NO_RETRY = {"retry_total": 0}


@pytest.fixture(scope="module")
def running() -> Iterator[RunningAzure]:
    with running_azure(PARTNERS, THROUGH, queries_per_window=10_000) as azure:
        yield azure


@pytest.fixture
def azure(running: RunningAzure, monkeypatch: pytest.MonkeyPatch) -> RunningAzure:
    for name, value in running.environment.items():
        monkeypatch.setenv(name, value)
    running.reset()
    return running


def scope_of(connection: AzureConnection) -> BillingScope:
    (found,) = (
        scope
        for partner in PARTNERS
        for tenant in partner.tenants
        for scope in tenant.scopes
        if {account.account_id for account in scope.accounts} == set(connection.subscriptions)
    )
    return found


def existing(connection: AzureConnection, kind: str) -> list[Resource]:
    return [
        each
        for each in scope_of(connection).resources
        if each.kind == kind and each.exists_on(SHOWN)
    ]


def credential(connection: AzureConnection, secret: str = "") -> ClientSecretCredential:
    return ClientSecretCredential(
        connection.directory_id,
        connection.client_id,
        secret or connection.client_secret,
        disable_instance_discovery=True,
    )


def graph(azure: RunningAzure, connection: AzureConnection, **options: Any) -> ResourceGraphClient:
    return ResourceGraphClient(
        credential(connection), base_url=azure.url, credential_scopes=[ARM_SCOPE], **options
    )


def page(
    client: ResourceGraphClient,
    query: str = DISKS,
    subscriptions: list[str] | None = None,
    **options: Any,
) -> Any:
    options = {"top": 1000, "result_format": "objectArray", **options}
    request = QueryRequest(
        query=query, subscriptions=subscriptions, options=QueryRequestOptions(**options)
    )
    return client.resources(request)


def wide(azure: RunningAzure) -> AzureConnection:
    """A connection with more than one subscription."""
    return next(each for each in azure.connections if len(each.subscriptions) > 1)


def batch(
    azure: RunningAzure,
    connection: AzureConnection,
    resources: list[Resource],
    names: tuple[str, ...],
    days: int = 1,
    **options: Any,
) -> Any:
    client = MetricsClient(
        azure.metrics_endpoint.format(region=resources[0].region),
        credential(connection),
        **{**NO_RETRY, **options},
    )
    end = datetime(SHOWN.year, SHOWN.month, SHOWN.day, tzinfo=UTC)
    kinds = {
        "azure_virtual_machine": "microsoft.compute/virtualMachines",
        "azure_disk": "microsoft.compute/disks",
        "azure_nat_gateway": "microsoft.network/natGateways",
    }
    return client.query_resources(
        resource_ids=[each.resource_id for each in resources],
        metric_namespace=kinds[resources[0].kind],
        metric_names=list(names),
        timespan=(end - timedelta(days=days), end),
        granularity=timedelta(hours=1),
        aggregations=["average", "maximum", "total", "count"],
    )


def planted(azure: RunningAzure, kind: str, story: str) -> tuple[AzureConnection, Resource]:
    """A planted resource, by what is told of it, and the connection that sees it."""
    return next(
        (connection, each)
        for connection in azure.connections
        for each in existing(connection, kind)
        if story in each.story
    )


def machine(azure: RunningAzure) -> tuple[AzureConnection, Resource]:
    """A machine that runs, and the connection that sees it."""
    return next(
        (connection, each)
        for connection in azure.connections
        for each in existing(connection, "azure_virtual_machine")
        if each.schedule == "always"
        and each.state == "running"
        and each.load.coverage == 1
        and each.created < THROUGH - timedelta(days=40)
    )


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


@pytest.mark.parametrize(
    ("secret", "fault", "number"),
    [("wrong", False, "AADSTS7000215"), ("", True, "AADSTS7000222")],
)
def test_a_secret_that_is_wrong_or_expired_gets_no_token(
    azure: RunningAzure, secret: str, fault: bool, number: str
) -> None:
    connection = azure.connections[0]
    if fault:
        azure.switch(expire_secret=connection.directory_id)

    with pytest.raises(ClientAuthenticationError, match=number):
        credential(connection, secret).get_token(ARM_SCOPE)


def test_an_unknown_directory_has_no_authority(azure: RunningAzure) -> None:
    nobody = ClientSecretCredential(
        "00000000-0000-4000-8000-000000000000", "app", "secret", disable_instance_discovery=True
    )

    with pytest.raises(ClientAuthenticationError, match="double check your tenant"):
        nobody.get_token(ARM_SCOPE)


def test_a_token_of_one_directory_opens_no_other(azure: RunningAzure) -> None:
    mine, theirs = azure.connections[:2]

    foreign = {each.resource_id for each in existing(theirs, "azure_disk")}
    rows = page(graph(azure, mine)).data

    assert not foreign & {row["id"] for row in rows}


def test_expired_tokens_are_refused(azure: RunningAzure) -> None:
    client = graph(azure, azure.connections[0], **NO_RETRY)
    page(client)
    azure.switch(expire_tokens=True)

    with pytest.raises(ClientAuthenticationError, match="ExpiredAuthenticationToken"):
        page(client)


def test_short_tokens_are_asked_for_again(azure: RunningAzure) -> None:
    azure.switch(token_seconds=1)
    client = graph(azure, azure.connections[0], **NO_RETRY)

    page(client)
    page(client)

    assert azure.calls()["token"] == {"200": 2}


def test_a_token_for_another_audience_is_refused(azure: RunningAzure) -> None:
    connection, found = machine(azure)

    with pytest.raises(ClientAuthenticationError, match="wrong audience"):
        batch(
            azure, connection, [found], ("Percentage CPU",), audience="https://management.azure.com"
        )


def test_metrics_answer_every_hour_of_the_days_asked_for(azure: RunningAzure) -> None:
    connection, found = machine(azure)

    (answer,) = batch(azure, connection, [found], ("Percentage CPU", "Network In Total"), days=35)

    assert [each.id for each in answer.metrics] == [
        f"{found.resource_id}/providers/Microsoft.Insights/metrics/{name}"
        for name in ("Percentage CPU", "Network In Total")
    ]
    for metric in answer.metrics:
        points = metric.timeseries[0].data
        assert len({point.timestamp for point in points}) == 35 * 24
        assert all(point.average is not None for point in points)
        assert all(point.average <= point.maximum for point in points)
        assert all(point.minimum is None for point in points)


def test_bytes_of_a_nat_gateway_are_those_that_the_bill_charges(azure: RunningAzure) -> None:
    connection, found = next(
        (connection, each)
        for connection in azure.connections
        for each in existing(connection, "azure_nat_gateway")
        if each.traffic and each.quiet_since is None and each.created < THROUGH
    )
    (billed,) = (
        quantity for key, _, quantity in metered(found, THROUGH, Decimal(1)) if key == "nat.bytes"
    )

    (answer,) = batch(azure, connection, [found], ("ByteCount",))

    points = answer.metrics[0].timeseries[0].data
    assert sum(point.total for point in points) == int(billed * 2**30)
    assert {point.count for point in points} == {60}


def test_the_least_value_is_as_far_from_the_mean_as_the_greatest() -> None:
    hour = Hour(average=40.0, maximum=52.0, total=2400.0, samples=60)
    calm = Hour(average=1.0, maximum=9.0, total=60.0, samples=60)

    assert (AGGREGATIONS["minimum"](hour), AGGREGATIONS["minimum"](calm)) == (28.0, 0.0)


def test_an_hour_without_a_sample_has_no_values(azure: RunningAzure) -> None:
    connection, found = planted(azure, "azure_virtual_machine", "two of five days")

    (answer,) = batch(azure, connection, [found], ("Percentage CPU",), days=20)

    points = answer.metrics[0].timeseries[0].data
    assert len(points) == 20 * 24
    assert sum(point.average is None for point in points) == 8 * 24
    assert all((point.average is None) == (point.maximum is None) for point in points)


def test_a_disk_that_nothing_holds_has_no_samples_at_all(azure: RunningAzure) -> None:
    connection, found = planted(azure, "azure_disk", "detached 40 days ago")

    (answer,) = batch(azure, connection, [found], ("Composite Disk Read Operations/sec",), days=30)

    assert answer.metrics[0].timeseries == []


def test_nothing_is_measured_after_the_present(azure: RunningAzure) -> None:
    connection, found = machine(azure)
    client = MetricsClient(
        azure.metrics_endpoint.format(region=found.region), credential(connection)
    )
    start = datetime(SHOWN.year, SHOWN.month, SHOWN.day, tzinfo=UTC)

    (answer,) = client.query_resources(
        resource_ids=[found.resource_id],
        metric_namespace="microsoft.compute/virtualMachines",
        metric_names=["Percentage CPU"],
        timespan=(start, start + timedelta(days=2)),
        granularity=timedelta(hours=1),
        aggregations=["average"],
    )

    assert len(answer.metrics[0].timeseries[0].data) == 10


def test_more_than_fifty_resources_are_refused(azure: RunningAzure) -> None:
    connection, found = machine(azure)

    assert len(batch(azure, connection, [found] * 50, ("Percentage CPU",))) == 50
    with pytest.raises(HttpResponseError, match="between 1 and 50"):
        batch(azure, connection, [found] * 51, ("Percentage CPU",))


def test_an_unknown_metric_is_refused_with_the_known_ones(azure: RunningAzure) -> None:
    connection, found = machine(azure)

    with pytest.raises(HttpResponseError, match="Valid metrics: Percentage CPU"):
        batch(azure, connection, [found], ("Percentage GPU",))


def test_a_resource_that_vanished_is_named(azure: RunningAzure) -> None:
    connection, found = machine(azure)
    azure.switch(vanish=found.resource_id)

    with pytest.raises(HttpResponseError, match=found.name) as refused:
        batch(azure, connection, [found], ("Percentage CPU",))

    assert refused.value.status_code == 404


def test_metrics_of_a_denied_subscription_are_forbidden(azure: RunningAzure) -> None:
    connection, found = machine(azure)
    azure.switch(deny=found.account.account_id)

    with pytest.raises(HttpResponseError, match="metrics/read") as refused:
        batch(azure, connection, [found], ("Percentage CPU",))

    assert refused.value.status_code == 403


def test_a_resource_is_found_at_the_endpoint_of_its_region_alone(azure: RunningAzure) -> None:
    connection, found = machine(azure)
    client = MetricsClient(azure.metrics_endpoint.format(region="nowhere"), credential(connection))

    with pytest.raises(HttpResponseError, match="not in region nowhere"):
        client.query_resources(
            resource_ids=[found.resource_id],
            metric_namespace="microsoft.compute/virtualMachines",
            metric_names=["Percentage CPU"],
            timespan=timedelta(days=1),
            granularity=timedelta(hours=1),
            aggregations=["average"],
        )


def test_answers_are_named_and_not_in_the_order_asked(azure: RunningAzure) -> None:
    connection, machines = next(
        (connection, found)
        for connection in azure.connections
        for region in ("eastus", "westeurope")
        for account in connection.subscriptions
        if len(
            found := [
                each
                for each in existing(connection, "azure_virtual_machine")
                if each.region == region and each.account.account_id == account
            ]
        )
        > 1
    )
    backwards = sorted(machines, key=lambda each: each.resource_id, reverse=True)

    answers = batch(azure, connection, backwards, ("Percentage CPU",))

    ids = [answer.metrics[0].id.partition("/providers/Microsoft.Insights")[0] for answer in answers]
    assert ids == [each.resource_id for each in reversed(backwards)]


@pytest.mark.parametrize("status", [429, 529])
def test_overloaded_metrics_are_refused(azure: RunningAzure, status: int) -> None:
    connection, found = machine(azure)
    azure.switch(throttle={"operation": "metrics_batch", "calls": 1, "status": status})

    with pytest.raises(HttpResponseError) as refused:
        batch(azure, connection, [found], ("Percentage CPU",))

    assert refused.value.status_code == status
    assert azure.calls()["metrics_batch"] == {str(status): 1}
