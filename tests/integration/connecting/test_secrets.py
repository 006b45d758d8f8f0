"""Where secrets are kept: files or AWS Secrets Manager, each under a path of its own."""

from collections.abc import Callable
from pathlib import Path

import boto3
import pytest

from control.errors import SecretUnreadableError
from control.secrets import FileSecretStore, SecretStore
from ingestion.errors import InvalidNameError
from pipeline.secret_stores import secret_store
from pipeline.secrets_manager import AwsSecretStore
from pipeline.settings import Settings
from tests.integration.ingestion.aws.cloud import Cloud

pytestmark = pytest.mark.integration

WHOSE = ("northwind", "contoso", "azure-1")
OTHERS = (("southwind", "contoso", "azure-1"), ("northwind", "fabrikam", "azure-1"))
SECRET = "s3cret-value"


@pytest.fixture
def region(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")


@pytest.fixture(params=["file", "aws"])
def store(request: pytest.FixtureRequest, tmp_path: Path, region: None) -> SecretStore:
    return secret_store(Settings(home=tmp_path / "state", secrets_store=request.param))


def names() -> list[str]:
    return [found["Name"] for found in boto3.client("secretsmanager").list_secrets()["SecretList"]]


def test_a_secret_comes_back_and_a_new_one_replaces_it(store: SecretStore) -> None:
    store.put(*WHOSE, SECRET)
    store.put(*WHOSE, "newer")

    assert store.get(*WHOSE) == "newer"


@pytest.mark.parametrize("other", OTHERS)
def test_nobody_else_gets_it_whatever_the_connection_is_called(
    store: SecretStore, other: tuple[str, str, str]
) -> None:
    store.put(*WHOSE, SECRET)

    with pytest.raises(SecretUnreadableError) as failure:
        store.get(*other)
    store.put(*other, "theirs")

    assert SECRET not in str(failure.value)
    assert store.get(*WHOSE) == SECRET
    store.remove(*other)
    assert store.get(*WHOSE) == SECRET


def test_a_removed_secret_is_gone_and_can_be_given_again(store: SecretStore) -> None:
    store.put(*WHOSE, SECRET)
    store.remove(*WHOSE)
    store.remove(*WHOSE)

    with pytest.raises(SecretUnreadableError, match="cloudprune connect azure"):
        store.get(*WHOSE)
    store.put(*WHOSE, "newer")
    assert store.get(*WHOSE) == "newer"


def test_an_application_without_secret_is_kept_as_such(store: SecretStore) -> None:
    store.put(*WHOSE, "")

    assert store.get(*WHOSE) == ""


def test_a_path_begins_with_the_connection_and_names_partner_and_tenant(region: None) -> None:
    AwsSecretStore("staging").put(*WHOSE, SECRET)

    assert names() == ["cloudprune/staging/connections/azure-1/northwind/contoso/client-secret"]


def test_environments_do_not_share_secrets(region: None) -> None:
    AwsSecretStore("staging").put(*WHOSE, SECRET)

    with pytest.raises(SecretUnreadableError):
        AwsSecretStore("production").get(*WHOSE)


@pytest.mark.parametrize("name", ["", "a/b", "../x", "A"])
def test_an_environment_is_one_segment_of_a_path(name: str) -> None:
    with pytest.raises(InvalidNameError):
        AwsSecretStore(name)


@pytest.mark.parametrize("operation", ["PutSecretValue", "GetSecretValue", "DeleteSecret"])
def test_a_refusal_of_aws_is_told_without_the_secret(
    region: None, cloud: Cloud, operation: str
) -> None:
    store = AwsSecretStore("production")
    store.put(*WHOSE, SECRET)
    cloud.fail(operation, "AccessDeniedException", message=f"no {SECRET}")
    calls: dict[str, Callable[[], object]] = {
        "PutSecretValue": lambda: store.put(*WHOSE, "newer"),
        "GetSecretValue": lambda: store.get(*WHOSE),
        "DeleteSecret": lambda: store.remove(*WHOSE),
    }

    with pytest.raises(SecretUnreadableError, match="the operator of this installation") as told:
        calls[operation]()

    assert "AccessDeniedException" in str(told.value)
    assert SECRET not in str(told.value)


def test_nothing_of_a_secret_lies_in_files_where_aws_keeps_it(region: None, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "state", secrets_store="aws")
    secret_store(settings).put(*WHOSE, SECRET)

    assert not list(settings.home.rglob("*.sealed")) if settings.home.exists() else True
    assert isinstance(secret_store(Settings(home=tmp_path)), FileSecretStore)
