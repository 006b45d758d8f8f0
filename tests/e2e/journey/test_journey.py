"""A partner's first day in a browser, from the invitation to the erasure of a tenant."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.journey.conftest import (
    AWS_TENANT,
    AZURE_TENANT,
    ORGANIZATION,
    PARTNER,
    Camera,
    FirstDay,
)
from tests.e2e.sign_in.conftest import Guarded, Visitor

pytestmark = pytest.mark.e2e

Visit = Callable[[Guarded], Visitor]
_MINUTES = 60_000


def test_from_the_invitation_to_the_erasure(
    first_day: FirstDay, visit: Visit, camera: Camera
) -> None:
    visitor = visit(first_day.served)
    page = visitor.page

    _accept_invitation(first_day, visitor, camera)
    _connect_aws(first_day, visitor, camera)
    _connect_azure(first_day, visitor, camera)
    for tenant, folder in first_day.bills.items():
        first_day.cloudprune("ingest", str(folder), "--partner", PARTNER, "--tenant", tenant)
    _scan(visitor, camera)
    _decide(visitor, camera)
    _export(visitor, camera)
    _erase(visitor, camera)

    with first_day.served.directory() as directory:
        assert [tenant.tenant_id for tenant in directory.tenants(PARTNER)] == [AZURE_TENANT]
        done = {entry.action for entry in directory.access_log(PARTNER)}
    assert done >= {"sign in", "connect clouds", "ask for a scan", "export data"}
    assert page.url.startswith(first_day.served.url)


def _accept_invitation(first_day: FirstDay, visitor: Visitor, camera: Camera) -> None:
    first_day.cloudprune("members", "add-partner", PARTNER, "--organization", ORGANIZATION)
    link = first_day.cloudprune(
        "members", "invite", "--partner", PARTNER, "--role", "admin", "ada@acme.test"
    ).strip()
    page = visitor.open(link.removeprefix(visitor.url))
    camera.take(page, "invitation")
    page.get_by_role("button", name="Sign in").first.click()
    page.wait_for_selector("#login")
    page.fill("#login", "ada")
    page.fill("#organization", ORGANIZATION)
    page.check("#mfa")
    camera.take(page, "second-factor")
    visitor.fill_form("ada", ORGANIZATION)
    expect(visitor.account).to_contain_text("ada@")
    camera.take(page, "signed-in")


def _connect_aws(first_day: FirstDay, visitor: Visitor, camera: Camera) -> None:
    page = visitor.open("/connections")
    _name_tenant(visitor, AWS_TENANT)
    page.get_by_role("button", name="Begin").click()
    visitor.settle()
    camera.take(page, "connect-aws")
    shown = page.locator("code").filter(has_text=re.compile(r"^[0-9a-f]{32}$")).first
    expect(shown).to_be_visible(timeout=_MINUTES)
    role_arn = first_day.create_role(shown.inner_text().strip())
    page.get_by_role("textbox", name="ARN of the role").fill(role_arn)
    page.get_by_role("button", name="Test and connect the account").click()
    expect(page.get_by_text("assuming the role with another External ID")).to_be_visible(
        timeout=2 * _MINUTES
    )
    visitor.settle()
    camera.take(page, "aws-connected")


def _connect_azure(first_day: FirstDay, visitor: Visitor, camera: Camera) -> None:
    given = first_day.connection(AZURE_TENANT)
    page = visitor.open("/connections?cloud=azure")
    _name_tenant(visitor, AZURE_TENANT)
    page.get_by_role("textbox", name="Directory (tenant) id").fill(given.directory_id)
    page.get_by_role("textbox", name="Application (client) id").fill(given.client_id)
    page.get_by_role("textbox", name="Client secret").fill(given.client_secret)
    camera.take(page, "connect-azure")
    page.get_by_role("button", name="Test and connect").click()
    expect(page.get_by_text("Microsoft.Compute/disks/read").first).to_be_visible(
        timeout=2 * _MINUTES
    )
    visitor.settle()
    camera.take(page, "azure-connected")
    assert given.client_secret not in page.locator("body").inner_text()


def _scan(visitor: Visitor, camera: Camera) -> None:
    page = visitor.open("/scans")
    page.get_by_role("button", name="Scan now").click()
    expect(page.get_by_role("progressbar").first).to_be_visible(timeout=_MINUTES)
    page.wait_for_timeout(3_000)
    camera.take(page, "scanning")
    expect(page.get_by_text("See the findings")).to_have_count(2, timeout=10 * _MINUTES)
    visitor.settle()
    camera.take(page, "scanned")


def _decide(visitor: Visitor, camera: Camera) -> None:
    page = visitor.open("/findings")
    camera.take(page, "findings")
    visitor.press(0)
    expect(page.get_by_role("button", name="Decide on finding")).to_be_visible(timeout=_MINUTES)
    page.get_by_role("button", name="Decide on finding").click()
    visitor.settle()
    popover = page.get_by_test_id("stPopoverBody")
    popover.get_by_role("radio", name="Snooze").or_(
        popover.get_by_role("button", name="Snooze", exact=True)
    ).first.click()
    visitor.settle()
    camera.take(page, "decide")
    popover.get_by_role("button", name="Snooze finding").click()
    visitor.settle()
    expect(page.get_by_text("1 finding snoozed until")).to_be_visible()
    camera.take(page, "decided")


def _export(visitor: Visitor, camera: Camera) -> None:
    page = visitor.open("/findings")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").first.click()
    lines = Path(download.value.path()).read_text().splitlines()
    assert len(lines) > 20
    camera.take(page, "exported")


def _erase(visitor: Visitor, camera: Camera) -> None:
    name = f"{PARTNER}/{AWS_TENANT}"
    page = visitor.open("/privacy")
    page.get_by_role("tab", name="Your organization", exact=True).click()
    visitor.settle()
    page.get_by_label("What is to go?").click()
    page.get_by_role("option", name=f"Tenant {name}").click()
    visitor.settle()
    typed = page.get_by_label("Its name")
    typed.fill(name)
    typed.press("Enter")
    visitor.settle()
    camera.take(page, "erase")
    page.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_text("It is erased in the background")).to_be_visible()
    _wait_for_receipt(visitor, page)
    camera.take(page, "receipt")


def _wait_for_receipt(visitor: Visitor, page: Page) -> None:
    for _ in range(60):
        page = visitor.open("/privacy")
        page.get_by_role("tab", name="Requests", exact=True).click()
        visitor.settle()
        if page.get_by_text("done").count():
            return
        page.wait_for_timeout(3_000)
    pytest.fail("the erasure was not done in time")


def _name_tenant(visitor: Visitor, tenant_id: str) -> None:
    """Choose the tenant, or name a new one."""
    page = visitor.page
    page.get_by_role("combobox", name="Tenant").click()
    known = page.get_by_role("option", name=tenant_id, exact=True)
    if known.count():
        known.click()
    else:
        page.get_by_role("option", name="A new tenant").click()
        visitor.settle()
        field = page.get_by_role("textbox", name="Name of the new tenant")
        field.fill(tenant_id)
        field.press("Enter")
    visitor.settle()
