"""Connecting Azure with a secret: what fails leaves nothing behind."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from control.directory import Directory
from control.errors import InvalidInputError, SecretUnreadableError
from estate.clouds.azure.server import AzureConnection, RunningAzure
from ingestion.errors import InvalidAccessError
from pipeline.connect_application import connect_application
from pipeline.connecting import Connected
from pipeline.scan_run import opened
from pipeline.secret_stores import secret_store
from pipeline.settings import Settings
from tests.integration.connecting.conftest import A

pytestmark = pytest.mark.integration

Connect = Callable[..., Connected]


@pytest.fixture
def state(azure: RunningAzure, tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "state")


@pytest.fixture
def connect(state: Settings, customer: AzureConnection) -> Connect:
    def run(**changes: Any) -> Connected:
        given = {
            "directory_id": customer.directory_id,
            "client_id": customer.client_id,
            "client_secret": customer.client_secret,
        } | changes
        return connect_application(state, *A, actor="ada", **given)

    return run


def test_an_application_is_connected_with_the_last_day_of_its_secret(
    connect: Connect, state: Settings, customer: AzureConnection
) -> None:
    done = connect(expires_on=date(2027, 5, 1))

    assert done.is_connected, done.message
    with Directory(state.control) as directory:
        (kept,) = directory.connection_states(A[0])
    assert (kept.verdict, kept.secret_expires_on) == ("good", date(2027, 5, 1))
    assert customer.client_secret not in str(done.as_values())


def test_what_cannot_sign_in_leaves_nothing_behind(connect: Connect, state: Settings) -> None:
    done = connect(client_secret="wrong-secret-value")

    assert not done.is_connected
    assert "the client secret is wrong" in done.message
    assert not list(state.home.rglob("*.sealed"))
    with Directory(state.control) as directory:
        assert directory.connections(A[0]) == ()
        (entry,) = directory.access_log(A[0])
    assert (entry.actor, entry.outcome, entry.target) == ("ada", "refused", done.connection_id)


def test_a_new_secret_replaces_the_old_one_and_its_last_day(
    connect: Connect, state: Settings, customer: AzureConnection
) -> None:
    connect(expires_on=date(2026, 12, 1))
    connect(expires_on=date(2027, 6, 1))

    with Directory(state.control) as directory:
        (kept,) = directory.connection_states(A[0])
        (access,) = directory.accesses(A[0])
    assert kept.secret_expires_on == date(2027, 6, 1)
    assert opened(state, access).access.client_secret == customer.client_secret  # type: ignore[union-attr]


def test_a_failed_rotation_keeps_what_works(
    connect: Connect, state: Settings, customer: AzureConnection
) -> None:
    done = connect()

    assert not connect(client_secret="wrong-secret-value").is_connected

    assert secret_store(state).get(*A, done.connection_id) == customer.client_secret


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"directory_id": "no-guid"}, "directory id is no identifier"),
        ({"client_id": "' or 1=1 --"}, "client id is no identifier"),
        ({"subscriptions": ["all"]}, "subscription 1 is no identifier"),
        ({"client_secret": "  "}, "client secret is empty"),
        ({"is_federated": True}, "has no client secret"),
    ],
)
def test_bad_input_is_told(connect: Connect, changes: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidAccessError, match=told):
        connect(**changes)


def test_an_access_key_of_aws_is_no_client_secret(connect: Connect, state: Settings) -> None:
    with pytest.raises(InvalidInputError, match="never taken"):
        connect(client_secret="AKIAIOSFODNN7EXAMPLE")

    with pytest.raises(SecretUnreadableError):
        secret_store(state).get(*A, "azure-x")
