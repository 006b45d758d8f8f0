"""What Azure refuses: each says who must do what, and everything else is read."""

import logging
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from estate.clouds.azure.server import AzureConnection, RunningAzure
from ingestion.azure import compute
from ingestion.azure.access import AzureEndpoints
from ingestion.collectors import CloudLimits, open_collector
from ingestion.inventory.history import History
from ingestion.inventory.report import ScanReport, ScanStatus
from ingestion.inventory.scan import Scan
from ingestion.lake import TenantLake
from ingestion.model import AzureAccess, Connection, ScopeStatus
from tests.integration.ingestion.azure.answers import only
from tests.integration.ingestion.azure.conftest import (
    HOSTILE,
    THROUGH,
    Clock,
    Collect,
    rows_of,
)
from tests.integration.ingestion.azure.test_scan import TYPES, listed, requests

pytestmark = pytest.mark.integration

UNKNOWN = "11111111-2222-4333-8444-555555555555"


ScanDay = Callable[..., ScanReport]


@pytest.fixture
def scan(azure: RunningAzure, connection: AzureConnection, tmp_path: Path) -> ScanDay:
    """Scan what the tenant's principal can see, and return the report."""
    lake = TenantLake(str(tmp_path / "lake"), "northwind", "contoso")
    limits = CloudLimits(azure=AzureEndpoints(azure.url, azure.metrics_endpoint))

    def run(day: date, *subscriptions: str) -> ScanReport:
        access = AzureAccess(
            connection.directory_id, connection.client_id, connection.client_secret, subscriptions
        )
        opened = Connection("northwind", "contoso", "azure-contoso", "azure", access)
        history = History(lake, opened.connection_id, day)
        kinds = [compute.SNAPSHOTS]
        with open_collector(opened, kinds, history=history, limits=limits) as collector:
            return Scan(
                opened,
                lake,
                collector,
                kinds,
                scan_id=f"scan-{day}",
                requested_by="test",
                snapshot_date=day,
            ).run()

    return run


@pytest.mark.parametrize(
    ("changes", "code", "action"),
    [
        ({"client_secret": "wrong"}, "AADSTS7000215", "creates a new secret for application"),
        ({"client_id": UNKNOWN}, "AADSTS700016", f"check the application's id {UNKNOWN}"),
        ({"directory_id": UNKNOWN}, "AADSTS90002", f"check the directory's id {UNKNOWN}"),
    ],
)
def test_an_identity_that_is_refused_says_who_mends_it(
    collect: Collect, changes: dict[str, str], code: str, action: str
) -> None:
    answer = only(listed(collect(**changes), compute.SNAPSHOTS))

    assert answer.status is ScopeStatus.DENIED
    assert answer.error_code == code
    assert action in answer.action
    assert answer.sub_account_id == "*"


def test_an_expired_secret_is_told_from_a_wrong_one(
    azure: RunningAzure, collect: Collect, connection: AzureConnection
) -> None:
    azure.switch(expire_secret=connection.directory_id)

    answer = only(listed(collect(), compute.SNAPSHOTS))

    assert (answer.status, answer.error_code) == (ScopeStatus.DENIED, "AADSTS7000222")
    assert answer.message == "the client secret has expired (AADSTS7000222)"


def test_a_wrong_secret_is_offered_once_and_never_repeated_in_words(
    azure: RunningAzure,
    collect: Collect,
    connection: AzureConnection,
    caplog: pytest.LogCaptureFixture,
) -> None:
    secret = "S3cret~of.a.customer"
    with caplog.at_level(logging.DEBUG):
        answers = list(collect(client_secret=secret).inventory(TYPES))

    assert len(answers) == len(TYPES)
    assert azure.calls(connection.directory_id)["token"] == {"401": 1}
    assert secret not in caplog.text + repr(answers)


def test_neither_secret_nor_token_is_logged(
    collect: Collect, connection: AzureConnection, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        collector = collect()
        rows = rows_of(listed(collector, compute.MANAGED_DISKS))
        list(collector.utilization(requests(compute.MANAGED_DISKS, rows)))

    assert caplog.records
    assert connection.client_secret not in caplog.text
    assert "eyJ" not in caplog.text


def test_a_subscription_without_access_is_denied_and_nothing_else(
    azure: RunningAzure, collect: Collect, connection: AzureConnection
) -> None:
    denied, *others = connection.subscriptions
    azure.switch(deny=denied)

    answers = list(collect(subscriptions=connection.subscriptions).inventory(TYPES))

    refused = [answer for answer in answers if not answer.is_complete]
    assert {answer.sub_account_id for answer in refused} == {denied}
    assert {answer.status for answer in refused} == {ScopeStatus.DENIED}
    assert len(refused) == len(TYPES)
    assert denied in refused[0].message
    assert refused[0].action.startswith("an owner of the subscription assigns Reader")
    assert {answer.sub_account_id for answer in answers if answer.is_complete} == set(others)


def test_a_subscription_that_is_not_visible_any_more_is_told(
    azure: RunningAzure, scan: ScanDay, connection: AzureConnection
) -> None:
    lost, *others = connection.subscriptions
    assert scan(THROUGH).status is ScanStatus.COMPLETE
    azure.switch(deny=lost)

    for days in (1, 2):  # the second time it is known of the first refusal alone
        report = scan(THROUGH + timedelta(days=days))

        (problem,) = report.problems
        assert (problem.sub_account_id, problem.status) == (lost, ScopeStatus.DENIED)
        assert f"cannot see subscription {lost} any more" in problem.message
        assert "an owner of the subscription assigns Reader" in problem.action
        assert "--subscription" in problem.action
        assert {scope.sub_account_id for scope in report.scopes} == {lost, *others}


def test_a_lost_subscription_that_is_not_declared_is_not_missed(
    azure: RunningAzure, scan: ScanDay, connection: AzureConnection
) -> None:
    lost, *others = connection.subscriptions
    scan(THROUGH)
    azure.switch(deny=lost)

    report = scan(THROUGH + timedelta(days=1), *others)

    assert report.status is ScanStatus.COMPLETE
    assert {scope.sub_account_id for scope in report.scopes} == set(others)


def test_no_subscription_at_all_is_said(azure: RunningAzure, collect: Collect) -> None:
    collector = collect()
    for connection in azure.connections:
        for subscription in connection.subscriptions:
            azure.switch(deny=subscription)

    answer = only(listed(collector, compute.SNAPSHOTS))

    assert answer.status is ScopeStatus.DENIED
    assert "assigns Reader" in answer.action


def test_access_that_ends_during_a_scan_denies_metrics_and_keeps_the_inventory(
    azure: RunningAzure, collect: Collect, connection: AzureConnection
) -> None:
    collector = collect()
    rows = rows_of(listed(collector, compute.MANAGED_DISKS))
    denied = rows[0]["sub_account_id"]
    azure.switch(deny=denied)

    answers = list(collector.utilization(requests(compute.MANAGED_DISKS, rows)))

    refused = [answer for answer in answers if not answer.is_complete]
    assert {(a.sub_account_id, a.status) for a in refused} == {(denied, ScopeStatus.DENIED)}
    assert "Microsoft.Insights/Metrics/Read" in refused[0].message
    assert {row["sub_account_id"] for row in rows_of(answers)} == {
        row["sub_account_id"] for row in rows
    } - {denied}


def test_a_token_that_is_taken_back_is_asked_for_again(
    azure: RunningAzure, collect: Collect, connection: AzureConnection
) -> None:
    collector = collect()
    before = listed(collector, compute.VIRTUAL_MACHINES)
    azure.switch(expire_tokens=True)

    after = listed(collector, compute.VIRTUAL_MACHINES)

    assert all(answer.is_complete for answer in (*before, *after))
    assert azure.calls(connection.directory_id)["token"] == {"200": 2}


def test_tokens_of_a_minute_last_for_a_long_scan(
    azure: RunningAzure, collect: Collect, connection: AzureConnection
) -> None:
    azure.switch(token_seconds=60)

    answers = list(collect().inventory(TYPES))

    assert all(answer.is_complete for answer in answers)
    assert azure.calls(connection.directory_id)["token"]["200"] > 1


def test_hostile_names_and_tags_arrive_as_they_are(collect: Collect) -> None:
    rows = rows_of(listed(collect(), compute.MANAGED_DISKS))

    (row,) = (row for row in rows if row["resource_name"] == HOSTILE)
    assert HOSTILE.replace('"', '\\"').replace("\r\n", "\\r\\n") in row["tags"]


def test_an_address_that_is_not_there_says_what_to_check(
    monkeypatch: pytest.MonkeyPatch, collect: Collect, connection: AzureConnection, clock: Clock
) -> None:
    monkeypatch.setenv("AZURE_AUTHORITY_HOST", "https://localhost:1")

    answer = only(listed(collect(), compute.SNAPSHOTS))

    assert answer.status is not ScopeStatus.COMPLETE
    assert "check" in answer.action
