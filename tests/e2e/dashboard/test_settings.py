"""Settings in a browser: a budget is set and stands on the overview; branding shows at once."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from control.directory import Directory
from tests.e2e.dashboard.conftest import OTHER, SMALL, Look, Served

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("look", ["light", "dark"], indirect=True)
def test_the_page_fits_its_window_with_nothing_set(look: Look) -> None:
    page = look.open(f"/settings?partner={OTHER}")

    expect(page.get_by_text("No budget is set.")).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert look.overflow() <= 0


def test_a_budget_stands_on_the_overview_until_it_is_removed(look: Look, dashboard: Served) -> None:
    page = look.open(f"/settings?partner={SMALL}")
    expect(page.get_by_role("button", name="Set budget")).to_be_disabled()
    amount = page.get_by_label("A calendar month")
    amount.fill("3")
    amount.press("Enter")
    look.settle()
    page.get_by_role("button", name="Set budget").click()
    look.settle()
    expect(page.get_by_text("3 USD a month.")).to_be_visible()

    page = look.open(f"/?partner={SMALL}")
    expect(page.get_by_role("heading", name="Budgets")).to_be_visible()
    assert [look.cell(column, 0) for column in (0, 1, 5)] == [
        "All tenants together",
        "3 USD",
        "over",
    ]
    assert look.overflow() <= 0

    page = look.open(f"/settings?partner={SMALL}")
    look.select_row(0)
    page.get_by_role("button", name="Remove", exact=True).click()
    look.settle()
    expect(page.get_by_text("has no budget in USD any more")).to_be_visible()
    with Directory(dashboard.settings.control) as directory:
        assert directory.budgets(SMALL) == ()


def test_name_and_logo_show_in_the_side_bar_of_that_partner_alone(look: Look) -> None:
    logo = io.BytesIO()
    Image.new("RGB", (600, 150), "#1f6feb").save(logo, "PNG")
    page = look.open(f"/settings?partner={SMALL}")
    sidebar = page.get_by_test_id("stSidebar")

    name = page.get_by_label("Name", exact=True)
    name.fill("Northwind <b>Cloud</b> Partners")
    name.press("Enter")
    look.settle()
    page.get_by_test_id("stFileUploader").locator("input").set_input_files(
        {"name": "logo.png", "mimeType": "image/png", "buffer": logo.getvalue()}
    )
    look.settle()
    page.get_by_role("button", name="Save", exact=True).click()
    look.settle()

    expect(sidebar.get_by_text("Northwind <b>Cloud</b> Partners")).to_be_visible()
    expect(sidebar.get_by_role("img").first).to_be_visible()
    look.open(f"/?partner={OTHER}")
    expect(sidebar.get_by_text("Northwind <b>Cloud</b>")).to_have_count(0)
