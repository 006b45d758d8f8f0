"""Connecting a whole organization: who is found, who lets us in, and who does not yet."""

import pytest

from control.directory import Directory
from control.onboarding import SetupKind
from control.permission import job
from onboarding.aws_role import member_external_id
from pipeline.connect_organization import connect_organization
from pipeline.disconnect import disconnect
from pipeline.joined_accounts import Joined, connect_joined
from pipeline.settings import Settings
from tests.integration.connecting.conftest import ACCOUNT, ROLE, A, Begin, Enforce
from tests.integration.ingestion.aws import customers

pytestmark = pytest.mark.integration


def organization(*names: str) -> list[str]:
    management = customers.inside(ACCOUNT, "organizations")
    management.create_organization(FeatureSet="ALL")
    made = (management.create_account(Email=f"{n}@example.com", AccountName=n) for n in names)
    return [answer["CreateAccountStatus"]["AccountId"] for answer in made]


def test_each_member_account_is_connected_with_an_external_id_of_its_own(
    settings: Settings, begun: Begin, enforce: Enforce, directory: Directory
) -> None:
    web, data = organization("web", "data")
    setup_id, external_id = begun(A, SetupKind.ORGANIZATION)
    customers.create_role(ACCOUNT, external_id, template="aws-organization")
    for member in (web, data):
        customers.create_member_role(member, external_id)
    enforce()

    done = connect_organization(settings, *A, ROLE, actor="ada", setup_id=setup_id)

    assert done.is_whole, done.as_values()
    assert "2 of 2 member accounts" in done.message
    found = {access.role_arn: access.external_id for access in directory.accesses(A[0])}
    assert found == {
        ROLE: external_id,
        customers.role_of(web): member_external_id(external_id, web),
        customers.role_of(data): member_external_id(external_id, data),
    }
    names = {c.connection_id: c.name for c in directory.connections(A[0])}
    assert names[f"aws-{web}"] == "web"


def test_a_member_that_does_not_let_us_in_stops_no_other(
    settings: Settings, begun: Begin, enforce: Enforce, directory: Directory
) -> None:
    web, data = organization("web", "data")
    _, external_id = begun(A, SetupKind.ORGANIZATION)
    customers.create_role(ACCOUNT, external_id, template="aws-organization")
    customers.create_member_role(web, external_id)
    enforce()

    done = connect_organization(settings, *A, ROLE, actor="ada")

    assert not done.is_whole
    assert "1 of 2 member accounts" in done.message
    members = dict(done.members)
    assert members["web"].is_connected
    assert not members["data"].is_connected
    assert f"an administrator of account {data}" in members["data"].message
    assert len(directory.accesses(A[0])) == 2


def test_a_member_that_lets_us_in_later_is_connected_by_running_it_again(
    settings: Settings, begun: Begin, enforce: Enforce, directory: Directory
) -> None:
    (web,) = organization("web")
    _, external_id = begun(A, SetupKind.ORGANIZATION)
    customers.create_role(ACCOUNT, external_id, template="aws-organization")
    customers.create_member_role(web, external_id)
    customers.change_policy(web, without="sts:Nothing")
    enforce()
    assert connect_organization(settings, *A, ROLE, actor="ada").is_whole

    again = connect_organization(settings, *A, ROLE, actor="ada")

    assert again.is_whole
    assert len(directory.accesses(A[0])) == 2


def test_an_account_that_joined_is_connected_and_what_was_taken_stays_so(
    settings: Settings,
    begun: Begin,
    enforce: Enforce,
    directory: Directory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept, gone, late = organization("kept", "gone", "late")
    _, external_id = begun(A, SetupKind.ORGANIZATION)
    customers.create_role(ACCOUNT, external_id, template="aws-organization")
    for member in (kept, gone, late):
        customers.create_member_role(member, external_id)
    enforce()
    before = {ACCOUNT: "management", kept: "kept", gone: "gone"}
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.connect_organization.member_accounts", lambda _: before)
        assert connect_organization(settings, *A, ROLE, actor="ada").is_whole
    for member in (kept, gone):
        name = f"aws-{member}"
        disconnect(settings, *A, name, actor="ada", deletes_data=member == gone)

    done = connect_joined(settings, job("", "joined_accounts"))

    assert done == Joined(1, 0)
    opened = {access.connection_id for access in directory.accesses(A[0])}
    assert opened == {f"aws-{ACCOUNT}", f"aws-{late}"}
    assert connect_joined(settings, job("", "joined_accounts")) == Joined(0, 0)


def test_an_organization_that_cannot_be_asked_is_on_record(
    settings: Settings, begun: Begin, enforce: Enforce, directory: Directory
) -> None:
    organization("web")
    _, external_id = begun(A, SetupKind.ORGANIZATION)
    customers.create_role(ACCOUNT, external_id)
    enforce()
    connect_organization(settings, *A, ROLE, actor="ada")

    assert connect_joined(settings, job("", "joined_accounts")) == Joined(0, 1)

    entry = directory.access_log(A[0])[0]
    assert (entry.actor, entry.outcome) == ("job joined_accounts", "refused")


def test_without_the_right_to_list_accounts_that_is_told(
    settings: Settings, begun: Begin, enforce: Enforce
) -> None:
    organization("web")
    _, external_id = begun(A)
    customers.create_role(ACCOUNT, external_id)
    enforce()

    done = connect_organization(settings, *A, ROLE, actor="ada")

    assert done.management.is_connected
    assert "lacks organizations:ListAccounts" in done.message
    assert not done.is_whole
