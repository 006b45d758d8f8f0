"""Tokens are given to who proves a secret, for one audience and a while."""

import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import ClientSecretCredential

from estate.clouds.azure.server import RunningAzure
from tests.integration.estate.azure.support import (
    ARM_SCOPE,
    NO_RETRY,
    batch,
    credential,
    existing,
    graph,
    machine,
    page,
)

pytestmark = pytest.mark.integration


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
