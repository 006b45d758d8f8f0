"""Applications that sign in without a secret: each trusts one tenant of one partner alone."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pytest

from control.directory import Directory
from control.errors import InvalidInputError, SecretUnreadableError
from control.keyring import issuer_key_files
from estate.clouds.azure.server import AzureConnection, RunningAzure
from pipeline import issuer_keys
from pipeline.connect import make_tenant
from pipeline.connect_application import connect_application
from pipeline.connecting import Connected
from pipeline.disconnect import retest
from pipeline.federation import KEYS, documents, federation, rotate, signs_in
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
    make_tenant(state, *whose)
    return connect_application(state, *whose, *given, "", actor="ada", is_federated=True)


def key_ids(state: Settings) -> list[str]:
    """Return the names of the keys that are published."""
    return [key["kid"] for key in json.loads(documents(state)[KEYS])["keys"]]


def key_id(token: str) -> str:
    """Return the name of the key that signed a token."""
    return str(jwt.get_unverified_header(token)["kid"])


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
    documents(other)
    shutil.copy(state.keys / "northwind.federation-key", other.keys)
    assert federation(other, *A) == federation(state, *A)

    done = connected(other, A, customer)

    assert not done.is_connected
    assert "could not check the token that this installation signed" in done.message
    assert "nothing is to be changed in directory" in done.message
    assert "secret" not in done.message


def test_a_rotated_key_is_published_before_it_signs(
    state: Settings, trusts: Trusting, azure: RunningAzure, customer: AzureConnection
) -> None:
    trusts(A)
    before = signs_in(state, *A)()

    rotate(state)

    assert key_ids(state) == [key_id(before), key_ids(state)[1]]
    assert key_id(signs_in(state, *A)()) == key_id(before)
    assert connected(state, A, customer).is_connected  # Azure holds what it read before


def test_a_key_that_was_published_for_a_day_signs_and_the_former_stays_known(
    state: Settings, trusts: Trusting, customer: AzureConnection
) -> None:
    (first,) = key_ids(state)
    issuer_keys.rotate(state.keys, datetime.now(UTC) - timedelta(hours=25))
    trusts(A)

    assert key_id(signs_in(state, *A)()) != first
    assert first in key_ids(state)
    assert connected(state, A, customer).is_connected

    rotate(state)
    assert first not in key_ids(state)


def test_a_lost_key_is_told_and_not_replaced(
    state: Settings, trusts: Trusting, customer: AzureConnection
) -> None:
    trusts(A)
    done = connected(state, A, customer)
    assert done.access is not None
    (lost,) = issuer_key_files(state.keys)
    lost.unlink()

    with pytest.raises(SecretUnreadableError, match=r"issuer\.pem back .* issuer --rotate"):
        retest(state, *A, done.connection_id, actor="ada")
    with pytest.raises(SecretUnreadableError, match="is gone"):
        documents(state)
    assert issuer_key_files(state.keys) == []

    rotate(state)
    assert key_id(signs_in(state, *A)()) == key_ids(state)[0]


def test_a_lost_key_of_a_partner_is_told_and_not_replaced(
    state: Settings, trusts: Trusting, customer: AzureConnection
) -> None:
    trusts(A)
    done = connected(state, A, customer)
    lost = state.keys / "northwind.federation-key"
    lost.unlink()

    with pytest.raises(SecretUnreadableError, match=r"federation-key cannot be read .* put"):
        retest(state, *A, done.connection_id, actor="ada")

    assert not lost.exists()


def test_a_damaged_key_is_told(state: Settings) -> None:
    documents(state)
    (path,) = issuer_key_files(state.keys)
    path.write_text("broken")

    with pytest.raises(SecretUnreadableError, match=r"_issuer\.pem cannot be read"):
        documents(state)


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
