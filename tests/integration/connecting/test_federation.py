"""Applications that sign in without a secret: each trusts one tenant of one partner alone."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from control.directory import Directory
from control.errors import InvalidInputError
from estate.clouds.azure.server import AzureConnection, RunningAzure
from pipeline.connect import make_partner
from pipeline.connect_application import connect_application
from pipeline.connecting import Connected
from pipeline.federation import KEYS, documents, federation, signs_in
from pipeline.scan import scan_tenant
from pipeline.scan_run import opened
from pipeline.settings import Settings
from tests.integration.connecting.conftest import A, B

pytestmark = pytest.mark.integration

ISSUER = "https://tokens.example"

Trusting = Callable[[tuple[str, str]], None]


@pytest.fixture
def state(azure: RunningAzure, tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "state", azure_issuer=ISSUER)


@pytest.fixture
def trusts(state: Settings, azure: RunningAzure, customer: AzureConnection) -> Trusting:
    """Do what the customer's script does for a tenant of ours."""

    def run(whose: tuple[str, str]) -> None:
        trusted = federation(state, *whose)
        keys = documents(state)[KEYS]
        azure.trust(customer.directory_id, trusted.issuer, trusted.subject, keys)

    return run


def connected(state: Settings, whose: tuple[str, str], customer: AzureConnection) -> Connected:
    given = (customer.directory_id, customer.client_id)
    return connect_application(state, *whose, *given, "", actor="ada", is_federated=True)


def test_an_application_that_trusts_the_tenant_is_connected_and_scanned(
    state: Settings, trusts: Trusting, customer: AzureConnection
) -> None:
    trusts(A)

    done = connected(state, A, customer)

    assert done.is_connected, done.message
    assert done.access is not None
    assert opened(state, done.access).access.client_secret == ""  # type: ignore[union-attr]
    (report,) = scan_tenant(state, *A).reports
    assert report.resource_count > 0


@pytest.mark.parametrize("other", [B, (A[0], "fabrikam")])
def test_whoever_enters_the_ids_of_another_s_application_is_refused_by_azure(
    state: Settings, trusts: Trusting, customer: AzureConnection, other: tuple[str, str]
) -> None:
    trusts(A)
    assert connected(state, A, customer).is_connected

    done = connected(state, other, customer)

    assert not done.is_connected
    assert "does not trust us by the name of this tenant" in done.message
    assert A[0] not in done.message.replace(other[0], "")
    with Directory(state.control) as directory:
        assert directory.accesses(*other) == ()
        outcomes = [e.outcome for e in directory.access_log(other[0]) if e.tenant_id == other[1]]
    assert outcomes == ["refused"]


def test_an_application_of_another_partner_is_refused_though_it_trusts_both(
    state: Settings, trusts: Trusting, customer: AzureConnection
) -> None:
    trusts(A)
    trusts(B)
    assert connected(state, A, customer).is_connected

    done = connected(state, B, customer)

    assert not done.is_connected
    assert "connected already" in done.message
    assert A[0] not in done.message
    with Directory(state.control) as directory:
        assert directory.accesses(B[0]) == ()


def test_nobody_else_s_tokens_are_trusted(
    state: Settings, trusts: Trusting, customer: AzureConnection, tmp_path: Path
) -> None:
    """Another installation says the same issuer and subject, and signs with its own key."""
    trusts(A)
    other = Settings(home=tmp_path / "other", azure_issuer=ISSUER)
    other.keys.mkdir(parents=True)
    shutil.copy(state.keys / "northwind.federation-key", other.keys)
    assert federation(other, *A) == federation(state, *A)

    make_partner(other, A[0])

    assert not connected(other, A, customer).is_connected


def test_a_subject_is_one_tenant_s_and_cannot_be_guessed(state: Settings, tmp_path: Path) -> None:
    elsewhere = Settings(home=tmp_path / "elsewhere", azure_issuer=ISSUER)
    subjects = {
        federation(where, *whose).subject
        for where in (state, elsewhere)
        for whose in (A, B, (A[0], "fabrikam"))
    }

    assert len(subjects) == 6
    assert federation(state, *A) == federation(state, *A)
    assert federation(state, *A).subject.startswith("cloudprune:northwind:contoso:")


def test_what_the_issuer_answers_is_public(state: Settings) -> None:
    written = documents(state)

    (key,) = json.loads(written[KEYS])["keys"]
    assert {"kty", "n", "e", "kid"} <= set(key)
    assert not {"d", "p", "q"} & set(key)
    assert (state.keys / "_issuer.pem").stat().st_mode & 0o077 == 0


def test_without_an_issuer_it_is_said_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="CLOUDPRUNE_AZURE_ISSUER"):
        signs_in(Settings(home=tmp_path / "bare"), *A)
