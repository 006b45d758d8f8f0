"""Every page with every role; tenants that may not be seen; two partners of equal names."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from apps.dashboard.pages import PAGES, PageEntry
from control.roles import Action, Role, may
from serving.session import open_session
from tests.e2e.sign_in.conftest import ACME, GLOBEX, Guarded, Visitor

pytestmark = pytest.mark.e2e
Visit = Callable[..., Visitor]

WHO = {Role.ADMIN: "ada", Role.ANALYST: "ann", Role.VIEWER: "vic"}
HIDDEN = re.compile("globex|initech")
OF_HIDDEN = re.compile("globexdata|vm-app-01|777788889999|nat-0123|944455566677|EUR")


def first_finding(guarded: Guarded, partner: str, where: str = "true") -> str:
    with open_session(guarded.settings.serving, guarded.settings.keys, partner) as session:
        sql = f"select finding_id from fct_findings where {where} order by all limit 1"
        return str(session.query(sql)["finding_id"][0].as_py())


def address(entry: PageEntry, finding: str) -> str:
    return f"/{entry.url_path}" + (f"?finding={finding}" if entry.target_param else "")


@pytest.mark.parametrize("role", WHO)
def test_every_page_with_every_role(role: Role, guarded: Guarded, visit: Visit) -> None:
    visitor, finding = visit(guarded), first_finding(guarded, ACME)
    page = visitor.sign_in(WHO[role])

    for entry in PAGES:
        visitor.open(address(entry, finding))

        refusal = page.get_by_text(f"Your role, {role}, does not open this page")
        expect(refusal).to_have_count(0 if may(role, entry.action) else 1)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        expect(page.get_by_text("could not be shown")).to_have_count(0)
        assert visitor.overflow() <= 0
        listed = page.get_by_test_id("stSidebar").get_by_role("link", name=entry.title, exact=True)
        is_listed = entry.is_listed and may(role, entry.action)
        expect(listed).to_have_count(1 if is_listed else 0)
    with guarded.directory() as directory:
        logged = directory.access_log(ACME)
    email = f"{WHO[role]}@acme.test"
    for entry in PAGES:
        outcome = "done" if may(role, entry.action) else "refused"
        assert [
            each
            for each in logged
            if (each.actor, each.outcome) == (email, outcome)
            and each.target.split(" ")[0] == entry.title.split(" ")[0]
        ], entry.title


@pytest.mark.parametrize("role", WHO)
def test_every_role_exports_and_only_admins_manage(
    role: Role, guarded: Guarded, visit: Visit
) -> None:
    visitor = visit(guarded)
    page = visitor.sign_in(WHO[role], path="/costs")

    with page.expect_download():
        page.get_by_role("button", name="CSV", exact=True).click()
    visitor.open("/partner")

    is_admin = may(role, Action.MANAGE_MEMBERS)
    expect(page.get_by_role("button", name="Invite")).to_have_count(1 if is_admin else 0)
    with guarded.directory() as directory:
        (entry, *_) = [
            each
            for each in directory.access_log(ACME)
            if each.action == "export data" and each.actor == f"{WHO[role]}@acme.test"
        ]
    assert entry.outcome == "done"
    assert entry.target.startswith("costs-")


def test_a_limited_member_sees_its_tenants_alone_on_every_page(
    guarded: Guarded, visit: Visit
) -> None:
    visitor = visit(guarded)
    hidden = first_finding(guarded, ACME, "tenant_id <> 'acme'")
    page = visitor.sign_in("lim")

    for path in (
        "/",
        "/?tenant=globex",
        "/costs?by=tenant&period=12-months",
        "/costs?tenant=globex&show=lines",
        "/findings",
        "/findings?tenant=initech",
        f"/finding?finding={hidden}",
        "/data-health",
        "/data-health?tenant=globex&connection=azure-0f9e8d7c-111",
        "/partner",
    ):
        visitor.open(path)
        text = page.get_by_test_id("stMain").inner_text()
        cells = "".join(page.get_by_test_id("stDataFrame").all_text_contents())
        is_named = "globex" in path or "initech" in path or hidden in path
        secret = OF_HIDDEN if is_named else HIDDEN
        assert not secret.search((text + cells).replace(hidden, "")), path
        expect(page.get_by_test_id("stException")).to_have_count(0)

    visitor.open(f"/finding?finding={hidden}")
    expect(page.get_by_text("There is no finding")).to_be_visible()


def test_a_limited_members_file_holds_its_tenants_alone(guarded: Guarded, visit: Visit) -> None:
    visitor = visit(guarded)
    page = visitor.sign_in("lim", path="/costs?by=tenant&period=12-months")

    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=True).click()

    content = download.value.path().read_text()
    assert "acme" in content
    assert not HIDDEN.search(content)


def test_who_may_see_more_is_not_shown_what_was_cached_for_less(
    guarded: Guarded, visit: Visit
) -> None:
    limited, whole = visit(guarded), visit(guarded)
    limited.sign_in("lim", path="/partner")
    assert limited.metric("Tenants") == "1"

    whole.sign_in("vic", path="/partner")

    assert whole.metric("Tenants") == "3"


@pytest.mark.parametrize("page_path", ["", "costs", "findings", "data-health", "partner"])
def test_an_address_of_another_partner_shows_ones_own(
    page_path: str, guarded: Guarded, visit: Visit
) -> None:
    visitor = visit(guarded)

    page = visitor.sign_in("vic", path=f"/{page_path}?partner={GLOBEX}")

    expect(page.get_by_text(f"There is no partner {GLOBEX} here")).to_be_visible()
    assert f"partner={ACME}" in page.url


@pytest.mark.parametrize(
    "path",
    [
        "/costs?tenant=' or 1=1 --",
        "/costs?by=tag:x') or 1=1 --",
        "/costs?currency=USD' union select 1 --&resource=' or ''='",
        "/findings?tenant=' or 1=1 --&words=' or 1=1 --",
        "/finding?finding=' or '1'='1",
        "/data-health?tenant=' or 1=1 --&connection=' or 1=1 --",
        "/?tenant=' or 1=1 --",
        "/access-log?who=' or 1=1 --&what=%25&words=' or 1=1 --&days=1;drop",
        "/costs?partner=southwind' or '1'='1",
    ],
)
def test_sql_in_a_filter_is_text(path: str, guarded: Guarded, visit: Visit) -> None:
    visitor = visit(guarded)
    page = visitor.sign_in("ada")

    visitor.open(path)

    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_text("could not be shown")).to_have_count(0)
    expect(page.get_by_text(GLOBEX, exact=True)).to_have_count(0)
