"""A request that waits does nothing that whoever asked may not by now."""

from pathlib import Path

import pytest

from apps.dashboard.data import privacy
from control.errors import (
    NotPermittedError,
)
from control.onboarding import RequestKind as Asked
from control.onboarding import SetupKind
from control.privacy_records import RequestKind
from control.roles import Role
from control.secrets import FileSecretStore
from pipeline.connection_worker import work
from pipeline.privacy.work import work_requests
from pipeline.scan_requests import check_request
from tests.conftest import PARTNER, TENANT
from tests.integration.roles.conftest import address
from tests.integration.roles.open_page import CHANGES, GUID, WHOLE, OpenPage, change

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("how", CHANGES)
def test_the_worker_refuses_what_a_former_admin_asked_for(how: str, page: OpenPage) -> None:
    request_id = page.connecting.connect_application(
        TENANT,
        directory_id=GUID,
        client_id=GUID,
        client_secret="s3cret",
        subscriptions=[],
        expires_on=None,
    )
    assert list(Path(page.settings.secrets).rglob("*.sealed"))
    change(page.directory, page.admin, how)

    assert work(page.settings) == 1

    held = page.directory.connection_request(PARTNER, request_id)
    assert held is not None
    assert held.status == "failed"
    assert "may not connect" in held.message or "no member of northwind any more" in held.message
    assert not list(Path(page.settings.secrets).rglob("*.sealed"))
    assert page.directory.accesses(PARTNER) == ()


@pytest.mark.parametrize("how", CHANGES)
def test_the_worker_takes_away_what_a_former_admin_disconnected(how: str, page: OpenPage) -> None:
    whose = (PARTNER, TENANT, "azure-1")
    page.directory.record_connection(*whose, provider="azure", scope=GUID)
    page.directory.set_azure_access(*whose, directory_id=GUID, client_id=GUID, subscriptions=())
    FileSecretStore(page.settings.secrets, page.settings.keys).put(*whose, "s3cret")
    request_id = page.connecting.disconnect(page.connecting.lines()[0], deletes_data=True)
    change(page.directory, page.admin, how)

    work(page.settings)

    held = page.directory.connection_request(PARTNER, request_id)
    assert held is not None
    assert held.status == "done"
    assert not list(Path(page.settings.secrets).rglob("*.sealed"))
    assert page.directory.connections(PARTNER) == ()


def test_the_worker_does_nothing_for_a_restricted_partner(page: OpenPage) -> None:
    setup_id = page.connecting.begin(TENANT, SetupKind.ACCOUNT)
    setup = page.connecting.setup(setup_id)
    assert setup is not None
    request_id = page.connecting.connect_role(setup, "no role")
    page.directory.restrict(WHOLE)

    work(page.settings)

    held = page.directory.connection_request(PARTNER, request_id)
    assert held is not None
    assert (held.kind, held.status) == (Asked.CONNECT, "failed")
    assert "is restricted since" in held.message


@pytest.mark.parametrize("how", CHANGES)
@pytest.mark.parametrize("kind", [RequestKind.PORTABILITY, RequestKind.ERASURE])
def test_nothing_of_a_partner_is_handed_out_or_erased_for_a_former_admin(
    kind: RequestKind, how: str, page: OpenPage
) -> None:
    if kind is RequestKind.ERASURE:
        asked = privacy.ask_to_erase(page.settings, page.admin, WHOLE, PARTNER)
    else:
        asked = privacy.ask(page.settings, page.admin, WHOLE, kind)
    change(page.directory, page.admin, how)

    done = work_requests(page.settings)

    assert (done.done, list(done.failed)) == (0, [asked.request_id])
    assert page.directory.privacy_request(PARTNER, asked.request_id).state == "failed"
    assert PARTNER in {each.partner_id for each in page.directory.partners()}


def test_what_one_asked_for_about_oneself_is_done_whatever_one_is_by_then(
    page: OpenPage,
) -> None:
    own = privacy.own_subject(page.admin)
    privacy.ask(page.settings, page.admin, own, RequestKind.ACCESS)
    change(page.directory, page.admin, "demoted")

    assert work_requests(page.settings).done == 1


def test_an_erased_admin_leaves_no_request_that_the_operator_would_do(page: OpenPage) -> None:
    own = privacy.own_subject(page.admin)
    privacy.ask_to_erase(page.settings, page.admin, own, page.admin.actor)
    asked = privacy.ask_to_erase(page.settings, page.admin, WHOLE, PARTNER)

    done = work_requests(page.settings)

    assert (done.done, list(done.failed)) == (1, [asked.request_id])
    assert address(Role.ADMIN) not in {m.email for m in page.directory.members(PARTNER)}


@pytest.mark.parametrize("how", CHANGES)
def test_a_scan_that_a_former_member_asked_for_fails_and_says_why(how: str, page: OpenPage) -> None:
    whose = (PARTNER, TENANT, "aws-000011112222")
    page.directory.record_connection(*whose, provider="aws", scope="000011112222")
    scan_id = page.directory.request_scan(
        *whose, requested_by=page.admin.actor, member_id=page.admin.member_id
    )
    check_request(page.settings, PARTNER, scan_id)
    change(page.directory, page.admin, how)

    with pytest.raises(NotPermittedError):
        check_request(page.settings, PARTNER, scan_id)

    (scan,) = page.directory.scans(PARTNER)
    assert scan.status == "failed"
    assert scan.message
    assert page.directory.requested_scans() == ()
