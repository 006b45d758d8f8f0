"""The test of an Azure connection: what it sees, may do, and must not be able to do."""

from collections.abc import Callable
from typing import Any

import pytest

from estate.clouds.azure.server import AzureConnection, RunningAzure
from ingestion.azure.access import AzureEndpoints
from ingestion.azure.operations import READ_EXPORTS
from ingestion.collectors import CloudLimits, probe_connection
from ingestion.model import AzureAccess, Connection
from ingestion.permissions import grants_of
from ingestion.probes import ConnectionTest, Outcome

pytestmark = pytest.mark.integration

DISKS = "Microsoft.Compute/disks/read"

ProbeIt = Callable[..., ConnectionTest]


@pytest.fixture
def probe(azure: RunningAzure, connection: AzureConnection) -> ProbeIt:
    def run(**changes: Any) -> ConnectionTest:
        given = {
            "directory_id": connection.directory_id,
            "client_id": connection.client_id,
            "client_secret": connection.client_secret,
        } | changes
        opened = Connection("northwind", "fabrikam", "azure-x", "azure", AzureAccess(**given))
        endpoints = AzureEndpoints(azure.url, azure.metrics_endpoint)
        return probe_connection(opened, CloudLimits(azure=endpoints))

    return run


def test_an_application_of_our_template_is_good(
    probe: ProbeIt, connection: AzureConnection
) -> None:
    found = probe()

    assert found.verdict == "good", found.as_values()
    assert set(found.places) == set(connection.subscriptions)
    assert {p.subject for p in found.permissions} == {g.permission for g in grants_of("azure")}
    assert {p.outcome for p in (*found.permissions, *found.changes)} == {Outcome.OK}


def test_a_missing_operation_is_named_with_its_table(azure: RunningAzure, probe: ProbeIt) -> None:
    azure.switch(withhold=DISKS)

    found = probe()

    (denied,) = (p for p in found.permissions if p.outcome is Outcome.DENIED)
    assert (denied.subject, denied.purposes) == (DISKS, ("azure_managed_disks",))
    assert "an owner of the subscription assigns Reader" in denied.note
    assert found.verdict == "partial"


def test_costs_that_cannot_be_read_name_the_other_role(azure: RunningAzure, probe: ProbeIt) -> None:
    azure.switch(withhold=READ_EXPORTS)

    found = {p.subject: p for p in probe().permissions}

    assert found[READ_EXPORTS].outcome is Outcome.DENIED
    assert "assigns Cost Management Reader" in found[READ_EXPORTS].note


@pytest.mark.parametrize(
    ("operation", "subject"),
    [
        ("*", "change or delete something"),
        ("Microsoft.Compute/*", "change or delete something"),
        ("Microsoft.Authorization/roleAssignments/*", "give itself or others more rights"),
        ("Microsoft.Storage/storageAccounts/listKeys/action", "read contents or secrets"),
    ],
)
def test_a_right_that_nobody_needs_is_named(
    azure: RunningAzure, probe: ProbeIt, operation: str, subject: str
) -> None:
    azure.switch(overgrant=operation)

    found = probe()

    held = {p.subject: p.outcome for p in found.changes}
    assert held[subject] is Outcome.HELD
    assert found.verdict == "partial"


def test_where_permissions_may_not_be_asked_that_is_told(
    azure: RunningAzure, probe: ProbeIt
) -> None:
    azure.switch(withhold="Microsoft.Authorization/permissions/read")

    found = probe()

    assert {p.outcome for p in found.changes} == {Outcome.UNKNOWN}
    assert all(p.note.startswith("not checked, because") for p in found.changes)
    outcomes = {p.subject: p.outcome for p in found.permissions}
    assert outcomes["Microsoft.Authorization/permissions/read"] is Outcome.DENIED
    assert outcomes[DISKS] is Outcome.UNKNOWN


def test_a_wrong_secret_is_bad_and_never_repeated(probe: ProbeIt) -> None:
    found = probe(client_secret="wrong-secret-value")

    assert found.verdict == "bad"
    assert "the client secret is wrong" in found.identity.note
    assert "wrong-secret-value" not in str(found.as_values())


def test_a_subscription_that_is_not_seen_is_named(
    azure: RunningAzure, probe: ProbeIt, connection: AzureConnection
) -> None:
    hidden = connection.subscriptions[0]
    azure.switch(deny=hidden)

    found = probe(subscriptions=connection.subscriptions)

    assert found.verdict == "bad"
    assert hidden in found.identity.note


def test_a_test_reads_only(azure: RunningAzure, probe: ProbeIt) -> None:
    probe()

    assert set(azure.calls()) <= {"token", "resource_graph", "permissions", "exports"}
