"""Sessions that end, roles that change, and invitations, while somebody looks."""

from collections.abc import Callable, Iterator

import pytest
from itsdangerous import URLSafeTimedSerializer
from playwright.sync_api import expect

from control.roles import Role
from tests.e2e.sign_in.conftest import (
    ACME,
    Guarded,
    Visitor,
    guarded_dashboard,
)

pytestmark = pytest.mark.e2e
Visit = Callable[..., Visitor]


@pytest.fixture(scope="module")
def short_lived(guarded: Guarded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    log = tmp_path_factory.mktemp("short") / "provider.log"
    with guarded_dashboard(guarded.settings, log, id_token_seconds=8) as served:
        yield served


def test_a_session_ends_with_its_token(short_lived: Guarded, visit: Visit) -> None:
    visitor = visit(short_lived)
    page = visitor.sign_in("vic")
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()

    page.wait_for_timeout(8_000)
    visitor.rerun()

    expect(page.get_by_text("Your session has ended")).to_be_visible()
    expect(page.get_by_test_id("stMetric")).to_have_count(0)
    page.get_by_role("button", name="Sign in again").click()
    visitor.fill_form("vic", ACME)
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()


def test_signing_out_everywhere_ends_every_session(guarded: Guarded, visit: Visit) -> None:
    here, there = visit(guarded), visit(guarded)
    here.sign_in("ann")
    there.sign_in("ann", path="/costs")

    here.account.click()
    here.page.get_by_role("button", name="Sign out everywhere").click()
    here.confirm_sign_out()
    there.rerun()

    expect(there.page.get_by_text("This session was ended")).to_be_visible()
    there.page.wait_for_timeout(1_000)
    there.page.get_by_role("button", name="Sign in again").click()
    there.fill_form("ann", ACME)
    expect(there.page.get_by_test_id("stMetric").first).to_be_visible()


def test_what_is_live_ends_with_the_session(guarded: Guarded, visit: Visit) -> None:
    visitor = visit(guarded)
    page = visitor.sign_in("ann", path="/scans")
    expect(page.get_by_role("heading", name="Scans")).to_be_visible()
    with guarded.directory() as directory:
        ann = directory.member(ACME, "idp|ann")
        assert ann is not None

        directory.sign_out_everywhere(ACME, ann.member_id)

    expect(page.get_by_text("This session was ended")).to_be_visible(timeout=30_000)


def test_a_role_changes_with_the_next_run(guarded: Guarded, visit: Visit) -> None:
    visitor = visit(guarded)
    page = visitor.sign_in("vic", path="/access-log")
    expect(page.get_by_text("does not open this page")).to_be_visible()
    with guarded.directory() as directory:
        vic = directory.member(ACME, "idp|vic")
        assert vic is not None

        directory.set_role(ACME, vic.member_id, Role.ADMIN)
        visitor.rerun()
        expect(page.get_by_text("Entries are kept for 90 days")).to_be_visible()

        directory.set_role(ACME, vic.member_id, Role.VIEWER, ["acme"])
        visitor.rerun()
    expect(page.get_by_text("does not open this page")).to_be_visible()
    visitor.open("/partner")
    assert visitor.metric("Tenants") == "1"
    with guarded.directory() as directory:
        directory.set_role(ACME, vic.member_id, Role.VIEWER)


def test_a_file_is_not_made_for_who_was_removed_meanwhile(guarded: Guarded, visit: Visit) -> None:
    visitor = visit(guarded)
    with guarded.directory() as directory:
        token = directory.invite(ACME, "nia@acme.test", Role.VIEWER, invited_by="tests")
        nia = directory.accept_invitation(ACME, token, subject="idp|nia", email="nia@acme.test")
        page = visitor.sign_in("nia", path="/costs")
        directory.remove_member(ACME, nia.member_id)

        page.get_by_role("button", name="CSV", exact=True).click()
        page.wait_for_timeout(3_000)

        exports = [each for each in directory.access_log(ACME) if each.member_id == nia.member_id]
    assert (exports[0].action, exports[0].outcome) == ("export data", "refused")


def test_an_admin_invites_and_the_link_survives_the_sign_in(guarded: Guarded, visit: Visit) -> None:
    admin, invited = visit(guarded), visit(guarded)
    page = admin.sign_in("ada", path="/partner")
    page.get_by_label("Address").fill("nia@acme.test")
    page.get_by_role("button", name="Invite", exact=True).click()
    admin.settle()
    link = page.get_by_test_id("stCode").inner_text().strip()

    invited.page.goto(link)
    invited.settle()
    expect(invited.page.get_by_text("You have been invited")).to_be_visible()
    assert "invitation" not in invited.page.url
    invited.sign_in("nia", path=None)

    expect(invited.page.get_by_role("heading", name="Overview")).to_be_visible()
    with guarded.directory() as directory:
        nia = directory.member(ACME, "idp|nia")
        assert nia is not None
        directory.remove_member(ACME, nia.member_id)
        actions = [each.action for each in directory.access_log(ACME)]
    assert "invite member" in actions


def test_an_invitation_is_for_its_address_alone(guarded: Guarded, visit: Visit) -> None:
    visitor = visit(guarded)
    with guarded.directory() as directory:
        token = directory.invite(ACME, "somebody@acme.test", Role.ADMIN, invited_by="tests")

    visitor.page.goto(f"{guarded.url}/?invitation={token}")
    visitor.settle()
    visitor.sign_in("nia", path=None)

    expect(visitor.page.get_by_text("is for another address")).to_be_visible()


@pytest.mark.parametrize("secret", ["guessed-secret-of-more-than-32-letters", ""])
def test_a_forged_cookie_is_no_sign_in(secret: str, guarded: Guarded, visit: Visit) -> None:
    visitor = visit(guarded)
    claims = f'{{"is_logged_in": true, "email": "ada@acme.test", "origin": "{guarded.url}"}}'
    forged = URLSafeTimedSerializer(secret or "x", salt="_streamlit_user").dumps(claims)
    visitor.context.add_cookies(
        [{"name": "_streamlit_user", "value": str(forged), "url": guarded.url}]
    )

    visitor.open("/costs")

    expect(visitor.page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(visitor.page.get_by_test_id("stMetric")).to_have_count(0)


def test_claims_signed_by_us_but_of_no_provider_are_refused(guarded: Guarded, visit: Visit) -> None:
    visitor = visit(guarded)
    claims = (
        '{"is_logged_in": true, "email": "ada@acme.test", "email_verified": true, '
        '"sub": "idp|ada", "org_id": "org_northwind", "amr": ["mfa"], "aud": "cloudprune", '
        f'"iss": "https://evil.example", "iat": 1, "exp": 99999999999, "origin": "{guarded.url}"}}'
    )
    signer = URLSafeTimedSerializer(
        "of-the-tests-and-of-nothing-else-at-all", salt="_streamlit_user"
    )
    visitor.context.add_cookies(
        [{"name": "_streamlit_user", "value": str(signer.dumps(claims)), "url": guarded.url}]
    )

    visitor.open("/costs")

    expect(visitor.page.get_by_text("not from the identity provider")).to_be_visible()
