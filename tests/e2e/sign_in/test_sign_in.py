"""Signing in, being refused, and signing out, with a real identity provider."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from control.roles import Role
from tests.e2e.sign_in.conftest import ACME, GLOBEX, Guarded, Visitor

pytestmark = pytest.mark.e2e
Visit = Callable[..., Visitor]


def test_a_member_signs_in_with_a_second_factor(guarded: Guarded, visit: Visit) -> None:
    visitor = visit(guarded)

    page = visitor.sign_in("ada")

    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    expect(visitor.account).to_contain_text("ada@")
    kept = {each["name"]: each for each in visitor.context.cookies() if "_user" in each["name"]}
    assert kept
    assert all(each["httpOnly"] and each["sameSite"] == "Lax" for each in kept.values())
    assert all(each["expires"] - time.time() < 12 * 3600 + 60 for each in kept.values())
    with guarded.directory() as directory:
        entries = directory.access_log(ACME)
    assert [(entry.action, entry.outcome) for entry in entries if entry.actor == "ada@acme.test"][
        :2
    ] == [("see costs", "done"), ("sign in", "done")]


@pytest.mark.parametrize(
    ("login", "organization", "has_factor", "told"),
    [
        ("ada", ACME, False, "without a second factor"),
        ("una", ACME, True, "is not verified"),
        ("eve", "org_elsewhere", True, "is no partner here"),
        ("ada", None, True, "names no organization"),
        ("nia", ACME, True, "no member of northwind yet"),
    ],
)
def test_who_may_not_enter_is_told_why(
    login: str,
    organization: str | None,
    has_factor: bool,
    told: str,
    guarded: Guarded,
    visit: Visit,
) -> None:
    visitor = visit(guarded)

    page = visitor.sign_in(login, organization, has_factor=has_factor)

    expect(page.get_by_text(told)).to_be_visible()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    expect(page.get_by_test_id("stMetric")).to_have_count(0)
    with guarded.directory() as directory:
        logged = directory.access_log(ACME if organization == ACME else "")
    assert any(
        entry.outcome == "refused" and entry.actor.startswith(f"{login}@") for entry in logged
    )


def test_whom_the_provider_refuses_is_told_so(guarded: Guarded, visit: Visit) -> None:
    visitor = visit(guarded)

    page = visitor.sign_in("eve", ACME)

    expect(page.get_by_text("did not let you in")).to_be_visible()
    with guarded.directory() as directory:
        details = [entry.detail for entry in directory.access_log("")]
    assert any(detail.startswith("turned away: ") for detail in details)


def test_the_organization_decides_which_partner_is_shown(guarded: Guarded, visit: Visit) -> None:
    visitor = visit(guarded)

    page = visitor.sign_in("ada", GLOBEX, path=f"/costs?partner={ACME}")

    expect(page.get_by_text(f"There is no partner {ACME} here")).to_be_visible()
    assert f"partner={GLOBEX}" in page.url
    expect(page.get_by_role("heading", name="Costs")).to_be_visible()


def test_signing_out_ends_it_at_the_provider_and_in_copies(guarded: Guarded, visit: Visit) -> None:
    visitor, thief = visit(guarded), visit(guarded)
    page = visitor.sign_in("ann")
    copied = [cookie for cookie in visitor.context.cookies() if "_streamlit_user" in cookie["name"]]
    thief.context.add_cookies(copied)  # type: ignore[arg-type]  # what it gives, it takes
    thief.open("/costs")
    expect(thief.page.get_by_role("heading", name="Costs")).to_be_visible()

    visitor.account.click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    visitor.confirm_sign_out()

    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert not [name for name in visitor.context.cookies() if "_user" in name["name"]]
    thief.rerun()
    expect(thief.page.get_by_text("You signed out")).to_be_visible()


def test_a_removed_member_is_out_with_the_next_run(guarded: Guarded, visit: Visit) -> None:
    visitor = visit(guarded)
    with guarded.directory() as directory:
        token = directory.invite(ACME, "nia@acme.test", Role.VIEWER, invited_by="tests")
        nia = directory.accept_invitation(ACME, token, subject="idp|nia", email="nia@acme.test")
        page = visitor.sign_in("nia")
        expect(page.get_by_role("heading", name="Overview")).to_be_visible()

        directory.remove_member(ACME, nia.member_id)
    visitor.rerun()

    expect(page.get_by_text("no member of northwind")).to_be_visible()
    expect(page.get_by_test_id("stMetric")).to_have_count(0)
