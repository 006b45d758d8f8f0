"""The privacy page in a browser: erasing needs the name typed, and consent is kept."""

import pytest
from playwright.sync_api import expect

from control.directory import Directory
from control.privacy_records import Subject, SubjectKind
from tests.e2e.dashboard.conftest import Look, Served

pytestmark = pytest.mark.e2e

PARTNER, NAME = "unpublished", "unpublished/acme"
BOTH_THEMES = pytest.mark.parametrize("look", ["light", "dark"], indirect=True)


def choose(look: Look, tab: str) -> None:
    look.page.get_by_role("tab", name=tab, exact=True).click()
    look.settle()


@BOTH_THEMES
def test_every_part_of_the_page_fits_its_window(look: Look) -> None:
    look.open(f"/privacy?partner={PARTNER}")

    for tab in look.page.get_by_role("tab").all_text_contents():
        choose(look, tab)
        assert look.overflow() <= 0, tab
        expect(look.page.get_by_test_id("stException")).to_have_count(0)


def test_a_tenant_is_asked_to_be_erased_once_and_only_by_its_name(
    look: Look, dashboard: Served
) -> None:
    look.open(f"/privacy?partner={PARTNER}")
    choose(look, "Your organization")
    look.page.get_by_label("What is to go?").click()
    look.page.get_by_role("option", name=f"Tenant {NAME}").click()
    look.settle()
    button = look.page.get_by_role("button", name="Erase for good")
    expect(button).to_be_disabled()

    for typed, is_enabled in (("acme", False), (NAME, True)):
        field = look.page.get_by_label("Its name")
        field.fill(typed)
        field.press("Enter")
        look.settle()
        assert button.is_enabled() is is_enabled
    button.click()
    expect(look.page.get_by_text("It is erased in the background")).to_be_visible()
    look.page.get_by_role("button", name="Erase for good").click()
    expect(look.page.get_by_text("asked for the same erasure")).to_be_visible()

    choose(look, "Requests")
    expect(look.page.get_by_text("29 days left")).to_be_visible()
    with Directory(dashboard.settings.control) as directory:
        asked = directory.open_erasure(Subject(SubjectKind.TENANT, PARTNER, "acme"))
        assert asked is not None
        assert [tenant.tenant_id for tenant in directory.tenants(PARTNER)] == ["acme"]


def test_consent_is_none_until_given_and_can_be_taken_back(look: Look, dashboard: Served) -> None:
    def toggle() -> None:
        look.page.get_by_text("Usage statistics").click()
        look.settle()

    def has_consented() -> bool:
        with Directory(dashboard.settings.control) as directory:
            return directory.has_consented(PARTNER, "", "statistics")

    look.open(f"/privacy?partner={PARTNER}")
    choose(look, "Cookies")
    assert not has_consented()
    toggle()
    assert has_consented()

    look.open(f"/privacy?partner={PARTNER}")
    choose(look, "Cookies")
    toggle()

    assert not has_consented()
