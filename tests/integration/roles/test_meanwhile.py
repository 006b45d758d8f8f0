"""A page that stands open does nothing that a member may not by now."""

from collections.abc import Callable
from pathlib import Path

import pytest

from apps.dashboard.data import decided, privacy
from apps.dashboard.data.connections import Connecting
from apps.dashboard.data.scanning import Scanning
from apps.dashboard.export_log import exported
from apps.dashboard.identity import Person
from control import membership, partner_changes
from control.decisions import Change
from control.decisions import Subject as Finding
from control.directory import Directory
from control.errors import (
    InvalidInputError,
    NotPermittedError,
    PrivacyRequestError,
    RestrictedError,
    UnknownParentError,
)
from control.onboarding import SetupKind
from control.privacy_records import RequestKind
from control.roles import Role
from pipeline.connection_worker import work
from pipeline.privacy.erase import erase
from pipeline.privacy.work import work_requests
from tests.conftest import PARTNER, TENANT
from tests.integration.roles.open_page import CHANGES, GUID, WHOLE, OpenPage, change

pytestmark = pytest.mark.integration


Click = Callable[[OpenPage], object]
CLICKS: dict[str, Click] = {
    "give a role": lambda page: membership.change_member(
        page.directory, page.admin.as_actor, page.admin.member_id, Role.ADMIN
    ),
    "invite": lambda page: membership.invite(
        page.directory, page.admin.as_actor, "new@mail.example", Role.ADMIN
    ),
    "remove": lambda page: membership.remove_member(
        page.directory, page.admin.as_actor, "second@mail.example"
    ),
    "begin a setup": lambda page: page.connecting.begin(TENANT, SetupKind.ACCOUNT),
    "connect": lambda page: page.connecting.connect_application(
        TENANT,
        directory_id=GUID,
        client_id=GUID,
        client_secret="s3cret",
        subscriptions=[],
        expires_on=None,
    ),
    "scan": lambda page: page.scanning.ask(TENANT),
    "scan all": lambda page: page.scanning.ask_all(),
    "cancel": lambda page: page.scanning.cancel(TENANT),
    "set a budget": lambda page: partner_changes.set_budget(
        page.directory, page.admin.as_actor, TENANT, "USD", 1
    ),
    "set the brand": lambda page: partner_changes.set_branding(
        page.directory, page.admin.as_actor, partner_changes.Appearance("x", "", ""), None
    ),
    "decide": lambda page: decided.decide(
        page.source, page.admin, [Finding(TENANT, "f")], Change("done")
    ),
    "comment": lambda page: decided.comment(page.source, page.admin, Finding(TENANT, "f"), "x"),
    "ask for everything": lambda page: privacy.ask(
        page.settings, page.admin, WHOLE, RequestKind.PORTABILITY
    ),
    "erase everything": lambda page: privacy.ask_to_erase(
        page.settings, page.admin, WHOLE, PARTNER
    ),
    "export": lambda page: exported(page.admin, "x.csv", lambda: b"x")(),
}


def state(directory: Directory) -> tuple[object, ...]:
    return (
        directory.members(PARTNER),
        directory.invitations(PARTNER),
        directory.setups(PARTNER),
        directory.decisions(PARTNER),
        directory.privacy_requests(PARTNER),
        directory.connection_requests_waiting(),
        directory.requested_scans(),
        directory.budgets(PARTNER),
        directory.branding(PARTNER),
    )


@pytest.mark.parametrize("how", [*CHANGES, "signed out", "signed out everywhere"])
@pytest.mark.parametrize("click", CLICKS)
def test_an_open_page_changes_nothing_any_more(click: str, how: str, page: OpenPage) -> None:
    change(page.directory, page.admin, how)
    before = state(page.directory)

    with pytest.raises(NotPermittedError):
        CLICKS[click](page)

    assert state(page.directory) == before
    assert page.directory.access_log(PARTNER)[0].outcome == "refused"
    assert not list(Path(page.settings.secrets).rglob("*.sealed"))


@pytest.mark.parametrize("click", ["begin a setup", "connect"])
def test_an_open_page_brings_no_partner_back_that_is_erased_in_this_moment(
    click: str, page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def permitted_and_erased(*_: object, **__: object) -> None:
        erase(page.settings, WHOLE, confirmation=PARTNER, requested_by="operator")

    monkeypatch.setattr("apps.dashboard.data.connections.require", permitted_and_erased)

    with pytest.raises(UnknownParentError):
        CLICKS[click](page)

    assert PARTNER not in [each.partner_id for each in page.directory.partners()]


def test_what_is_asked_of_clouds_and_answered_about_oneself_is_in_the_log(page: OpenPage) -> None:
    whose = (PARTNER, TENANT, "aws-1")
    page.directory.record_connection(*whose, provider="aws", scope="1")
    role = {"role_arn": "arn:aws:iam::1:role/r", "external_id": "e"}
    page.directory.set_aws_access(*whose, **role)

    CLICKS["begin a setup"](page)
    CLICKS["connect"](page)
    page.connecting.disconnect(page.connecting.lines()[0], deletes_data=False)
    privacy.decide_consent(page.settings, page.admin, "digest", is_given=True)

    entries = page.directory.access_log(PARTNER)
    assert {e.member_id for e in entries} == {page.admin.member_id}
    assert [(e.tenant_id, e.target, e.detail) for e in reversed(entries)] == [
        (TENANT, "account", "External ID made"),
        (TENANT, "", "asked to connect"),
        (TENANT, "aws-1", "asked to disconnect"),
        (TENANT, "aws-1", "access removed at once"),
        ("", "digest", "consent given"),
    ]


@pytest.mark.parametrize("how", ["limited", *CHANGES])
def test_an_open_page_shows_no_scan_of_a_tenant_that_may_not_be_seen_by_now(
    how: str, page: OpenPage, people: dict[Role, Person]
) -> None:
    page.directory.ensure_tenant(PARTNER, "other")
    page.directory.record_connection(PARTNER, "other", "aws-1", provider="aws", scope="1")
    role = {"role_arn": "arn:aws:iam::1:role/r", "external_id": "e"}
    page.directory.set_aws_access(PARTNER, "other", "aws-1", **role)
    (scan_id,) = page.directory.ask_for_scans(PARTNER, "other", requested_by="second@mail.example")
    analyst = people[Role.ANALYST]
    scanning = Scanning(page.settings, analyst)
    assert [course.tenant_id for course in scanning.courses()] == ["other"]

    if how == "limited":
        page.directory.set_role(PARTNER, analyst.member_id, Role.ANALYST, [TENANT])
    elif how == "demoted":
        page.directory.set_role(PARTNER, analyst.member_id, Role.VIEWER, [TENANT])
    else:
        change(page.directory, analyst, how)

    assert scanning.courses() == []
    assert (scanning.history("", (), 9)[1], scanning.scan(scan_id)) == (0, None)
    assert "other" not in (*scanning.tenants(), *scanning.known_tenants())


def test_a_secret_that_came_with_an_input_that_is_refused_is_not_kept(page: OpenPage) -> None:
    with pytest.raises(InvalidInputError, match="access key"):
        page.connecting.connect_application(
            TENANT,
            directory_id=GUID,
            client_id="AKIAABCDEFGHIJKLMNOP",
            client_secret="s3cret",
            subscriptions=[],
            expires_on=None,
        )

    assert not list(Path(page.settings.secrets).rglob("*.sealed"))


def test_a_restricted_partner_disconnects_and_connects_nothing(page: OpenPage) -> None:
    whose = (PARTNER, TENANT, "aws-1")
    page.directory.record_connection(*whose, provider="aws", scope="1")
    role = {"role_arn": "arn:aws:iam::1:role/r", "external_id": "e"}
    page.directory.set_aws_access(*whose, **role)
    page.directory.restrict(WHOLE)
    connecting = Connecting(page.settings, page.admin)

    with pytest.raises(RestrictedError):
        connecting.begin(TENANT, SetupKind.ACCOUNT)
    with pytest.raises(RestrictedError):
        connecting.test(connecting.lines()[0])
    request_id = connecting.disconnect(connecting.lines()[0], deletes_data=False)
    work(page.settings)

    held = connecting.request(request_id)
    assert held is not None
    assert (held.status, connecting.lines()) == ("done", [])


def test_an_archive_of_the_partner_is_not_for_whoever_was_its_admin(page: OpenPage) -> None:
    asked = privacy.ask(page.settings, page.admin, WHOLE, RequestKind.PORTABILITY)
    work_requests(page.settings)
    request = page.directory.privacy_request(PARTNER, asked.request_id)
    change(page.directory, page.admin, "demoted")

    with pytest.raises((NotPermittedError, PrivacyRequestError)):
        privacy.fetch_archive(page.settings, page.admin, request)


def test_fetching_an_archive_is_on_record_as_an_export(page: OpenPage) -> None:
    asked = privacy.ask(page.settings, page.admin, WHOLE, RequestKind.PORTABILITY)
    work_requests(page.settings)
    request = page.directory.privacy_request(PARTNER, asked.request_id)

    content = privacy.fetch_archive(page.settings, page.admin, request)

    entry = page.directory.access_log(PARTNER)[0]
    assert (entry.actor, entry.action) == (page.admin.actor, "export data")
    assert entry.target == "archive of the partner"
    assert entry.detail == f"portability, {len(content):,} bytes"
