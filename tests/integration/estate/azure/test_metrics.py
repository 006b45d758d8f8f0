"""Metrics answer hour by hour, for what exists, where it lies."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from azure.core.exceptions import HttpResponseError
from azure.monitor.querymetrics import MetricsClient

from estate.clouds.azure.metrics import AGGREGATIONS
from estate.clouds.azure.server import AzureConnection, RunningAzure
from estate.model import Resource
from estate.usage import metered
from estate.utilization import Hour
from tests.integration.estate.azure.support import (
    SHOWN,
    THROUGH,
    batch,
    credential,
    existing,
    machine,
)

pytestmark = pytest.mark.integration


def planted(azure: RunningAzure, kind: str, story: str) -> tuple[AzureConnection, Resource]:
    """A planted resource, by what is told of it, and the connection that sees it."""
    return next(
        (connection, each)
        for connection in azure.connections
        for each in existing(connection, kind)
        if story in each.story
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
