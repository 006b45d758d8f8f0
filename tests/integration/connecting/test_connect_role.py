"""Connecting AWS: what passes, what does not, and what nobody learns of others."""

import json
from typing import Any

import pytest

from control.directory import Directory
from control.errors import InvalidInputError
from control.onboarding import RequestKind
from ingestion.errors import InvalidAccessError
from pipeline.connect_role import connect_role
from pipeline.settings import Settings
from tests.integration.connecting.conftest import ACCOUNT, ROLE, A, B, Begin, Enforce
from tests.integration.ingestion.aws import customers

pytestmark = pytest.mark.integration


def test_a_role_of_our_template_is_connected(
    settings: Settings, begun: Begin, enforce: Enforce, directory: Directory
) -> None:
    setup_id, external_id = begun(A)
    customers.create_role(ACCOUNT, external_id)
    enforce()

    done = connect_role(settings, *A, f" {ROLE} ", actor="ada", setup_id=setup_id)

    assert done.is_connected, done.message
    assert "permissions are granted; 3 could not be tried" in done.message
    (access,) = directory.accesses(*A)
    assert (access.role_arn, access.external_id) == (ROLE, external_id)
    (state,) = directory.connection_states(A[0])
    assert state.verdict == "good"
    assert state.verified_at is not None
    assert directory.setups(A[0]) == ()
    entry = directory.access_log(A[0])[0]
    assert (entry.actor, entry.target) == ("ada", f"aws-{ACCOUNT}")


def test_partner_b_cannot_connect_partner_as_role(
    settings: Settings, begun: Begin, enforce: Enforce, directory: Directory
) -> None:
    """The confused deputy: B knows the ARN, and our own identity is trusted by the role."""
    setup_id, external_id = begun(A)
    customers.create_role(ACCOUNT, external_id)
    other_setup, _ = begun(B)
    enforce()
    assert connect_role(settings, *A, ROLE, actor="ada", setup_id=setup_id).is_connected

    done = connect_role(settings, *B, ROLE, actor="eve", setup_id=other_setup)

    assert not done.is_connected
    assert directory.accesses(B[0]) == ()
    assert directory.connections(B[0]) == ()
    told = json.dumps(done.as_values())
    assert A[0] not in told
    assert external_id not in told
    assert "another" not in done.message
    assert directory.access_log(B[0])[0].outcome == "refused"


def test_what_b_is_told_is_what_it_is_told_of_a_role_that_does_not_exist(
    settings: Settings, begun: Begin, enforce: Enforce
) -> None:
    setup_id, external_id = begun(A)
    customers.create_role(ACCOUNT, external_id)
    begun(B)
    enforce()
    connect_role(settings, *A, ROLE, actor="ada", setup_id=setup_id)
    nobodys = customers.role_of("999900001111")

    taken = connect_role(settings, *B, ROLE, actor="eve").message
    absent = connect_role(settings, *B, nobodys, actor="eve").message

    assert taken.replace(ACCOUNT, "X") == absent.replace("999900001111", "X")


@pytest.mark.parametrize("order", ["a first", "b first"])
def test_b_cannot_connect_an_open_role_and_keeps_a_from_nothing(
    settings: Settings, begun: Begin, enforce: Enforce, directory: Directory, order: str
) -> None:
    _, external_id = begun(A)
    begun(B)
    customers.create_role(ACCOUNT, external_id)
    customers.open_trust(ACCOUNT)
    enforce()

    for whose in (A, B) if order == "a first" else (B, A):
        done = connect_role(settings, *whose, ROLE, actor="eve")
        assert not done.is_connected
        assert done.test is not None
        assert done.test.verdict == "open"
        assert "sts:ExternalId" in done.message
    assert directory.accesses(A[0]) == directory.accesses(B[0]) == ()


def trust_both(first: str, second: str) -> None:
    """Let two External IDs in, as only an administrator of the account could."""
    iam = customers.inside(ACCOUNT, "iam")
    policy = iam.get_role(RoleName=customers.ROLE_NAME)["Role"]["AssumeRolePolicyDocument"]
    (statement,) = policy["Statement"]
    again = json.loads(json.dumps(statement))
    again["Condition"]["StringEquals"]["sts:ExternalId"] = second
    iam.update_assume_role_policy(
        RoleName=customers.ROLE_NAME,
        PolicyDocument=json.dumps({**policy, "Statement": [statement, again]}),
    )
    assert statement["Condition"]["StringEquals"]["sts:ExternalId"] == first


@pytest.mark.parametrize("other", [B, (A[0], "fabrikam")])
def test_a_role_that_is_connected_is_not_connected_twice(
    settings: Settings,
    begun: Begin,
    enforce: Enforce,
    directory: Directory,
    other: tuple[str, str],
) -> None:
    first_setup, first = begun(A)
    other_setup, second = begun(other)
    customers.create_role(ACCOUNT, first)
    trust_both(first, second)
    enforce()
    assert connect_role(settings, *A, ROLE, actor="ada", setup_id=first_setup).is_connected

    done = connect_role(settings, *other, ROLE, actor="eve", setup_id=other_setup)

    assert not done.is_connected
    assert "connected already" in done.message
    for name in (A[0], A[1], "ada"):
        assert name not in done.message
    assert directory.accesses(*other) == ()


def test_a_setup_of_another_partner_or_tenant_is_none(settings: Settings, begun: Begin) -> None:
    setup_id, external_id = begun(A)

    for whose in (B, (A[0], "fabrikam")):
        with pytest.raises(InvalidAccessError, match="no such setup") as refusal:
            connect_role(settings, *whose, ROLE, actor="eve", setup_id=setup_id)
        assert external_id not in str(refusal.value)


def test_a_role_finds_the_setup_that_it_asks_for_by_itself(
    settings: Settings, begun: Begin, enforce: Enforce, directory: Directory
) -> None:
    first_setup, first = begun(A)
    second_setup, _ = begun(A)
    customers.create_role(ACCOUNT, first)
    enforce()

    done = connect_role(settings, *A, ROLE, actor="ada")

    assert done.is_connected
    assert [setup.setup_id for setup in directory.setups(A[0])] == [second_setup]
    assert first_setup != second_setup


def test_a_connected_role_is_tested_with_its_external_id_again(
    settings: Settings, begun: Begin, enforce: Enforce, directory: Directory
) -> None:
    _, external_id = begun(A)
    customers.create_role(ACCOUNT, external_id)
    enforce()
    connect_role(settings, *A, ROLE, actor="ada")

    again = connect_role(settings, *A, ROLE, actor="ada")

    assert again.is_connected
    assert again.external_id == external_id
    assert len(directory.accesses(A[0])) == 1


def test_a_role_that_trusts_nobody_yet_is_told_and_keeps_its_external_id(
    settings: Settings, enforce: Enforce, directory: Directory
) -> None:
    enforce()

    first = connect_role(settings, *A, ROLE, actor="ada")
    again = connect_role(settings, *A, ROLE, actor="ada")

    assert not first.is_connected
    assert first.external_id == again.external_id
    assert directory.accesses(A[0]) == ()
    assert len(directory.setups(A[0])) == 1


@pytest.mark.parametrize(
    "given",
    [
        "AKIAIOSFODNN7EXAMPLE",
        "ASIAIOSFODNN7EXAMPLE",
        "arn:aws:iam::222233334444:user/ada",
        "arn:aws:iam::22223333444:role/x",
        "arn:aws:iam::222233334444:role/x\nAKIAIOSFODNN7EXAMPLE",
        "arn:aws:iam::222233334444:role/<script>",
        "",
        "\N{FULLWIDTH DIGIT TWO}" * 12,
    ],
)
def test_only_a_role_is_taken(
    settings: Settings, begun: Begin, directory: Directory, given: str
) -> None:
    setup_id, _ = begun(A)

    with pytest.raises(InvalidAccessError, match="never taken") as refusal:
        connect_role(settings, *A, given, actor="ada", setup_id=setup_id)

    assert not given.strip() or given not in str(refusal.value)
    assert directory.accesses(A[0]) == ()


def test_no_access_key_is_asked_for_either(begun: Begin, directory: Directory) -> None:
    begun(A)
    inputs: dict[str, Any] = {"provider": "aws", "role_arn": "AKIAIOSFODNN7EXAMPLE"}

    with pytest.raises(InvalidInputError, match="never taken"):
        directory.request_connection(*A, RequestKind.CONNECT, inputs, requested_by="ada")
