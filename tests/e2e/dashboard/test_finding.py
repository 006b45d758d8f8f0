"""One finding on its own address, and what overview and data health show of findings and scans."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.e2e.dashboard.conftest import CLEAN, OLDER, OTHER, SMALL, UNSCANNED, Look, Served
from tests.e2e.dashboard.findings import BATCH, GONE, UNBILLED, VOLUME
from tests.e2e.dashboard.marts import THROUGH
from tests.e2e.dashboard.things import FORMULA, SCRIPT

pytestmark = pytest.mark.e2e

BOTH_THEMES = pytest.mark.parametrize("look", ["light", "dark"], indirect=True)


def finding_of(
    dashboard: Served, resource_id: str, rule_id: str = "", partner: str = SMALL
) -> dict[str, Any]:
    escaped = resource_id.replace("'", "''")
    (row, *_) = dashboard.ask(
        partner,
        f"select * from fct_findings where resource_id = '{escaped}' "
        f"and rule_id like '%{rule_id}' order by is_counted desc",
    )
    return row


@BOTH_THEMES
def test_a_finding_shows_its_evidence_and_fits_its_window(look: Look, dashboard: Served) -> None:
    found = finding_of(dashboard, BATCH, "idle")

    page = look.open(f"/finding?partner={SMALL}&finding={found['finding_id']}")

    expect(page.get_by_role("heading", name="EC2 instance without load: batch")).to_be_visible()
    expect(page.get_by_text(found["sentence"])).to_be_visible()
    evidence = page.get_by_test_id("stTable").first
    row = evidence.get_by_role("row").filter(has_text="CPU, 95th percentile")
    for text in ("1.83 %", "below 5 %", "14 days, 93% with data"):
        expect(row.get_by_text(text)).to_be_visible()
    expect(row.get_by_text("met", exact=True)).to_be_visible()
    assert look.metric("Savings per month") == f"{found['estimated_monthly_savings']:,.2f} USD"
    cost = found["effective_cost_30d"].quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert look.metric("Cost of 30 days") == f"{cost:,} USD"
    assert look.overflow() <= 0


def test_utilization_is_drawn_with_its_limit_and_its_gaps(look: Look, dashboard: Served) -> None:
    found = finding_of(dashboard, BATCH, "idle")

    page = look.open(f"/finding?partner={SMALL}&finding={found['finding_id']}")

    chart = page.get_by_test_id("stVegaLiteChart").first
    expect(chart).to_be_visible()
    expect(page.get_by_text("5 days of 35 without data points")).to_be_visible()
    expect(page.get_by_test_id("stVegaLiteChart")).to_have_count(2)


def test_a_figure_that_was_not_measured_is_not_called_met(look: Look, dashboard: Served) -> None:
    found = finding_of(dashboard, BATCH, "overprovisioned")

    page = look.open(f"/finding?partner={SMALL}&finding={found['finding_id']}")

    row = page.get_by_test_id("stTable").first.get_by_role("row").filter(has_text="Memory")
    expect(row.get_by_text("not measured")).to_have_count(2)
    expect(page.get_by_text("m5.xlarge → m5.large")).to_be_visible()
    expect(page.get_by_text("does not count in the totals")).to_be_visible()


def test_the_saving_is_computed_before_the_readers_eyes(look: Look, dashboard: Served) -> None:
    found = finding_of(dashboard, VOLUME)

    page = look.open(f"/finding?partner={SMALL}&finding={found['finding_id']}")

    expect(page.get_by_test_id("stCode").get_by_text("effective cost of 30 days")).to_be_visible()
    cost = found["effective_cost_30d"].quantize(Decimal("0.000001")).normalize()
    expect(page.get_by_text(f"{cost:f} USD")).to_be_visible()
    expect(page.get_by_text("It counts in the totals")).to_be_visible()
    expect(page.get_by_text("rests on inventory and bill")).to_be_visible()


def test_thresholds_in_force_are_told_apart_from_defaults(look: Look, dashboard: Served) -> None:
    found = finding_of(dashboard, BATCH, "idle")

    page = look.open(f"/finding?partner={SMALL}&finding={found['finding_id']}")

    changed = page.get_by_role("row").filter(has_text="Max CPU percent")
    expect(changed.get_by_text("partner or tenant; default 20")).to_be_visible()
    expect(changed.get_by_text("25", exact=True)).to_be_visible()
    kept = page.get_by_role("row").filter(has_text="Max CPU p95 percent")
    expect(kept.get_by_text("default of the rule")).to_be_visible()
    expect(page.get_by_text("Licence servers, and machines kept")).to_be_visible()


def test_an_unknown_saving_has_a_reason_and_is_no_zero(look: Look, dashboard: Served) -> None:
    found = finding_of(dashboard, UNBILLED)

    page = look.open(f"/finding?partner={SMALL}&finding={found['finding_id']}")

    assert look.metric("Savings per month") == "unknown"
    expect(page.get_by_text("The saving is unknown: the bill has no line")).to_be_visible()


def test_a_finding_opens_from_the_list_and_leads_back_to_it(look: Look) -> None:
    page = look.open(f"/findings?partner={SMALL}&risk=medium&currency=USD")

    look.press(0)
    assert "/finding?" in page.url
    expect(page.get_by_role("heading", name="EC2 instance without load")).to_be_visible()
    page.get_by_text("Back to the findings").click()
    look.settle()

    assert "/findings?" in page.url
    assert "risk=medium" in page.url
    assert look.metric("Open findings") == "3"


def test_another_finding_of_the_resource_is_one_click_away(look: Look, dashboard: Served) -> None:
    found = finding_of(dashboard, BATCH, "idle")
    other = finding_of(dashboard, BATCH, "overprovisioned")
    page = look.open(f"/finding?partner={SMALL}&finding={found['finding_id']}")

    look.press(0)

    assert other["finding_id"] in page.url


def test_console_and_costs_are_linked(look: Look, dashboard: Served) -> None:
    found = finding_of(dashboard, BATCH, "idle")
    page = look.open(f"/finding?partner={SMALL}&finding={found['finding_id']}")

    console = page.get_by_role("link", name="Open in AWS")
    assert console.get_attribute("href") == found["console_url"]
    page.get_by_text("Costs of this resource").click()
    look.settle()
    assert f"resource={quote(BATCH, safe='')}" in page.url
    expect(page.get_by_text("Back to groups")).to_be_visible()


def test_a_resolved_finding_says_so_with_what_the_bill_shows(look: Look, dashboard: Served) -> None:
    (row,) = dashboard.ask(SMALL, f"select * from fct_finding_history where resource_id = '{GONE}'")

    page = look.open(f"/finding?partner={SMALL}&finding={row['finding_id']}")

    resolved = THROUGH - timedelta(days=30)
    expect(page.get_by_text(f"Resolved on {resolved.day} May 2026")).to_be_visible()
    assert look.metric("Realized savings per month") == "47.25 USD"


def test_a_dismissed_finding_says_why_and_is_not_missing_from_savings(
    look: Look, dashboard: Served
) -> None:
    (row,) = dashboard.ask(SMALL, "select * from fct_finding_history where status = 'dismissed'")

    page = look.open(f"/finding?partner={SMALL}&finding={row['finding_id']}")

    expect(page.get_by_text("The thresholds of the rule were changed")).to_be_visible()
    expect(page.get_by_text("the scan no longer finds it")).to_have_count(0)
    page = look.open(f"/?partner={SMALL}")
    expect(page.get_by_text("1 resolved finding not measured on the bill yet.")).to_be_visible()


def test_an_unverified_finding_is_listed_apart_and_is_not_resolved(
    look: Look, dashboard: Served
) -> None:
    page = look.open(f"/findings?partner={SMALL}")
    page.get_by_text("Show 1 finding not verified by the last scan").click()
    look.settle()
    expect(page.get_by_text("neither open nor resolved")).to_be_visible()

    (row,) = dashboard.ask(SMALL, "select * from fct_finding_history where status = 'unverified'")
    page = look.open(f"/finding?partner={SMALL}&finding={row['finding_id']}")

    expect(page.get_by_text("Not verified since it was last seen")).to_be_visible()
    expect(page.get_by_text("Realized savings are unknown")).to_have_count(0)


@pytest.mark.parametrize("finding", ["0123456789abcdef", "", "'; drop table fct_findings; --"])
def test_an_unknown_finding_is_told(finding: str, look: Look) -> None:
    page = look.open(f"/finding?partner={SMALL}&finding={quote(finding)}")

    expect(page.get_by_text("There is no finding")).to_be_visible()


def test_another_partners_finding_is_not_told_of(look: Look, dashboard: Served) -> None:
    found = finding_of(dashboard, "arn:aws:ec2:eu-central-1:777788889999:natgateway/nat-0123")

    page = look.open(f"/finding?partner={OTHER}&finding={found['finding_id']}")

    expect(page.get_by_text("There is no finding")).to_be_visible()
    expect(page.get_by_text("NAT gateway without traffic")).to_have_count(0)


def test_equal_findings_of_two_partners_show_each_its_own_money(
    look: Look, dashboard: Served
) -> None:
    for partner in (SMALL, OTHER):
        found = finding_of(dashboard, VOLUME, partner=partner)
        look.open(f"/finding?partner={partner}&finding={found['finding_id']}")
        assert look.metric("Savings per month") == f"{found['estimated_monthly_savings']:,.2f} USD"


@pytest.mark.parametrize("partner", [OLDER, UNSCANNED, CLEAN])
def test_without_findings_every_page_stands(partner: str, look: Look) -> None:
    for path in ("", "finding", "data-health"):
        page = look.open(f"/{path}?partner={partner}&finding=0123")

        expect(page.get_by_text("could not be shown")).to_have_count(0)


def test_strangers_text_is_text_on_the_page_of_a_finding(look: Look, dashboard: Served) -> None:
    found = finding_of(dashboard, FORMULA)

    page = look.open(f"/finding?partner={SMALL}&finding={found['finding_id']}")

    expect(page.get_by_role("heading", name=SCRIPT)).to_be_visible()
    expect(page.get_by_text("$x$ :").first).to_be_visible()
    assert page.locator("script:has-text(\"alert('x')\"), img[src='x'], .katex").count() == 0
    linked = page.locator("[data-testid='stMain'] a").evaluate_all("all => all.map(a => a.href)")
    assert [link for link in linked if "example.invalid" in link.split("?")[0]] == []
    assert look.overflow() <= 0


def test_overview_has_open_and_realized_savings_and_the_largest_findings(
    look: Look, dashboard: Served
) -> None:
    page = look.open(f"/?partner={SMALL}")

    (row,) = dashboard.ask(
        SMALL,
        "select sum(counted_monthly_savings) as counted from fct_savings "
        "where billing_currency = 'USD'",
    )
    values = page.get_by_test_id("stMetricValue").all_text_contents()
    assert f"{row['counted']:,.2f} USD" in values
    assert "47.25 USD" in values
    assert look.cell(0, 0) == "EC2 instance without load"

    look.press(0)
    found = finding_of(dashboard, BATCH, "idle")
    assert f"finding={found['finding_id']}" in page.url


def test_data_health_tells_what_was_not_read_and_what_to_do(look: Look) -> None:
    page = look.open(f"/data-health?partner={SMALL}")

    expect(page.get_by_text("DescribeNatGateways in <img src=x onerror=alert(1)>")).to_be_visible()
    expect(page.get_by_text("An administrator of the account grants")).to_be_visible()
    expect(page.get_by_text("resources of 13 Jun 2026")).to_be_visible()
    assert page.locator("img[src='x']").count() == 0
    assert look.overflow() <= 0


def test_a_scanned_connection_shows_each_region_and_table(look: Look) -> None:
    page = look.open(f"/data-health?partner={SMALL}&tenant=initech&connection=aws-777788889999")

    expect(page.get_by_text("Rows read by the last scan, by region and table")).to_be_visible()
    expect(page.get_by_text("Regions not enabled by the account: me-south-1")).to_be_visible()
    regions = [look.cell(0, row, table=2) for row in range(3)]
    assert regions == ["eu-central-1", "eu-west-1", "us-east-1"]
    assert "denied" in [look.cell(column, 2, table=2) for column in range(1, 5)]
