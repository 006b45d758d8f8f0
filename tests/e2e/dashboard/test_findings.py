"""The list of findings: each filter, its totals, groups, selection, files and empty states."""

import io
from decimal import Decimal
from urllib.parse import quote

import pandas as pd
import pytest
from playwright.sync_api import expect

from tests.e2e.dashboard.conftest import (
    CLEAN,
    LARGE,
    OLDER,
    OTHER,
    SMALL,
    UNSCANNED,
    Look,
    Served,
)
from tests.e2e.dashboard.findings import BATCH, VOLUME
from tests.e2e.dashboard.things import FORMULA, SCRIPT

pytestmark = pytest.mark.e2e

COUNTED = """
    select
        billing_currency as currency,
        sum(counted_monthly_savings) as counted
    from (select * from fct_findings where {condition}) as found
    join (select tenant_id, finding_id, counted_monthly_savings from fct_savings) as savings
        using (tenant_id, finding_id)
    where billing_currency is not null
    group by billing_currency
"""
FILTERS = (
    ("tenant=acme", "tenant_id = 'acme'"),
    ("tenant=acme&tenant=globex", "tenant_id in ('acme', 'globex')"),
    ("account=111122223333", "sub_account_id = '111122223333'"),
    ("service=Amazon EBS", "service_name = 'Amazon EBS'"),
    ("category=rightsizing", "category = 'rightsizing'"),
    ("risk=high", "risk = 'high'"),
    ("effort=medium", "effort = 'medium'"),
    ("confidence=low", "confidence = 'low'"),
    ("owner=dana", "owner = 'dana'"),
    ("owner=", "owner is null"),
    ("rule=Unattached EBS volume", "rule_id = 'aws_ebs_volume_unattached'"),
    ("action=delete", "action = 'delete'"),
    ("severity=high", "severity = 'high'"),
    ("provider=azure", "provider = 'azure'"),
    ("region=eu-central-1", "region_id = 'eu-central-1'"),
    ("type=aws_ebs_volumes", "resource_type = 'aws_ebs_volumes'"),
    ("currency=EUR", "billing_currency = 'EUR'"),
    ("counted=no", "not is_counted"),
    (f"resource={quote(BATCH)}", f"resource_id = '{BATCH}'"),
    ("tag:env=prod", "json_extract_string(tags, '$.env') = 'prod'"),
    ("min=100", "estimated_monthly_savings >= 100"),
    ("q=BATCH", f"resource_id = '{BATCH}'"),
    ("q=unattached volume", "rule_id = 'aws_ebs_volume_unattached'"),
    ("q=dana", "tags like '%dana%'"),
)


@pytest.mark.parametrize(("address", "condition"), FILTERS, ids=[case[0] for case in FILTERS])
def test_each_filter_narrows_list_and_totals(
    address: str, condition: str, look: Look, dashboard: Served
) -> None:
    look.open(f"/findings?partner={SMALL}&{address}")

    (all_found,) = dashboard.ask(
        SMALL, f"select count(*) as found from fct_findings where {condition}"
    )
    assert 0 < all_found["found"] < 7
    assert look.metric("Open findings") == str(all_found["found"])
    for row in dashboard.ask(SMALL, COUNTED.format(condition=condition)):
        shown = look.metric(f"Savings per month, {row['currency']}")
        assert shown == f"{row['counted']:,.2f} {row['currency']}"


def test_money_claimed_twice_counts_once_and_says_why(look: Look, dashboard: Served) -> None:
    page = look.open(f"/findings?partner={SMALL}&resource={quote(BATCH)}")

    rows = dashboard.ask(
        SMALL,
        "select estimated_monthly_savings as savings, is_counted from fct_findings "
        f"where resource_id = '{BATCH}' order by is_counted",
    )
    assert [row["is_counted"] for row in rows] == [False, True]
    assert look.metric("Savings per month, USD") == f"{rows[1]['savings']:,.2f} USD"
    expect(page.get_by_text(f"Not counted: {rows[0]['savings']:,.2f} USD")).to_be_visible()
    page.get_by_role("button", name="Why").click()
    expect(page.get_by_text("stopping the instance already ends this cost")).to_have_count(1)


def test_currencies_are_never_added(look: Look) -> None:
    look.open(f"/findings?partner={SMALL}")

    assert look.metric("Savings per month, USD").endswith(" USD")
    assert look.metric("Savings per month, EUR").endswith(" EUR")


def test_a_filter_is_chosen_in_the_page_and_removed_again(look: Look) -> None:
    page = look.open(f"/findings?partner={SMALL}")

    page.get_by_text("Filters", exact=True).click()
    look.settle()
    page.get_by_role("combobox", name="Risk").click()
    page.get_by_role("option", name="High · 1").click()
    look.settle()
    assert "risk=high" in page.url
    assert look.metric("Open findings") == "1"

    page.keyboard.press("Escape")
    page.get_by_role("button", name="Risk: High").click()
    look.settle()
    assert "risk=" not in page.url
    assert look.metric("Open findings") == "7"


def test_search_and_least_savings_go_into_the_address(look: Look) -> None:
    page = look.open(f"/findings?partner={SMALL}")

    page.get_by_role("textbox", name="Search").fill("ec2 instance")
    page.keyboard.press("Enter")
    look.settle()
    page.get_by_label("Savings from", exact=True).fill("200")
    page.keyboard.press("Enter")
    look.settle()

    assert "q=ec2" in page.url
    assert "min=200" in page.url
    assert look.metric("Open findings") == "2"


def test_a_group_has_its_subtotal_and_leads_to_its_findings(look: Look, dashboard: Served) -> None:
    page = look.open(f"/findings?partner={SMALL}&by=category")

    rows = dashboard.ask(
        SMALL,
        "select category, findings.billing_currency, count(*) as found, "
        "sum(counted_monthly_savings) as counted from fct_findings as findings "
        "join fct_savings as savings on findings.tenant_id = savings.tenant_id "
        "and findings.finding_id = savings.finding_id "
        "group by 1, 2 order by counted desc nulls last limit 1",
    )
    assert look.cell(1, 0).lower() == rows[0]["category"]
    assert look.cell(2, 0) == str(rows[0]["found"])
    assert look.cell(4, 0) == f"{rows[0]['counted']:.2f}"

    look.select_row(0)
    assert f"category={rows[0]['category']}" in page.url
    assert "by=" not in page.url


@pytest.mark.parametrize("by", ["tenant", "owner", "rule", "tag:team", "resource"])
def test_findings_group_by_any_column(by: str, look: Look) -> None:
    page = look.open(f"/findings?partner={SMALL}&by={by}")

    expect(page.get_by_test_id("stDataFrame")).to_have_count(2)
    assert look.overflow() <= 0


def test_the_order_is_the_one_asked_for(look: Look) -> None:
    look.open(f"/findings?partner={SMALL}&currency=USD&sort=newest")
    assert look.cell(1, 0) == "Unattached EBS volume"

    look.open(f"/findings?partner={SMALL}&currency=USD")
    assert look.cell(1, 0) == "EC2 instance without load"


@pytest.mark.parametrize("form", ["CSV", "Excel", "Parquet"])
def test_a_download_has_every_finding_of_the_filters(
    form: str, look: Look, dashboard: Served
) -> None:
    page = look.open(f"/findings?partner={LARGE}&tenant=acme-3&currency=USD")

    frame = _downloaded(look, form)

    (row,) = dashboard.ask(
        LARGE,
        "select count(*) as found, sum(estimated_monthly_savings) as savings from fct_findings "
        "where tenant_id = 'acme-3' and billing_currency = 'USD'",
    )
    assert len(frame) == row["found"] > 90
    savings = sum((Decimal(str(value)) for value in frame["estimated_monthly_savings"]), Decimal(0))
    assert savings == row["savings"]
    assert set(frame["tenant_id"]) == {"acme-3"}
    assert "group_value" not in frame
    assert page.url.count("tenant=") == 1


def test_selected_rows_are_downloaded_alone_and_their_links_copied(
    look: Look, dashboard: Served
) -> None:
    page = look.open(f"/findings?partner={SMALL}&tenant=acme&currency=USD")

    look.select_row(0)
    look.select_row(2)

    expect(page.get_by_text("2 findings selected")).to_be_visible()
    frame = _downloaded(look, "CSV")
    assert list(frame["resource_id"]) == [BATCH, VOLUME]
    page.get_by_role("button", name="Copy links").click()
    links = page.get_by_test_id("stCode").inner_text().split()
    assert links == [
        f"{dashboard.url}/finding?partner={SMALL}&finding={found}" for found in frame["finding_id"]
    ]


def test_a_large_partner_has_pages(look: Look, dashboard: Served) -> None:
    (row,) = dashboard.ask(LARGE, "select count(*) as found from fct_findings")
    assert row["found"] > 5000
    page = look.open(f"/findings?partner={LARGE}")
    assert look.metric("Open findings") == f"{row['found']:,}"
    first = look.cell(4, 0)

    page.get_by_role("button", name="Next").click()
    look.settle()

    assert "page=2" in page.url
    expect(page.get_by_text("Page 2 of 26")).to_be_visible()
    assert look.cell(4, 0) != first


def test_filters_that_leave_nothing_can_be_reset(look: Look) -> None:
    page = look.open(f"/findings?partner={SMALL}&tenant=acme&risk=high")

    expect(page.get_by_text("None of the 7 open findings passes these filters")).to_be_visible()
    page.get_by_role("button", name="Show all findings").click()
    look.settle()

    assert look.metric("Open findings") == "7"


def test_a_page_beyond_the_last_leads_back(look: Look) -> None:
    page = look.open(f"/findings?partner={SMALL}&page=9")

    page.get_by_role("button", name="First page").click()
    look.settle()

    assert look.metric("Open findings") == "7"


@pytest.mark.parametrize(
    ("partner", "text"),
    [
        (UNSCANNED, f"cloudprune scan --partner {UNSCANNED}"),
        (CLEAN, "No open findings after"),
        (OLDER, f"cloudprune publish --partner {OLDER}"),
    ],
)
def test_an_empty_list_tells_why(partner: str, text: str, look: Look) -> None:
    page = look.open(f"/findings?partner={partner}")

    expect(page.get_by_text(text).first).to_be_visible()


def test_a_wrong_link_is_told_and_shows_something(look: Look) -> None:
    page = look.open(f"/findings?partner={SMALL}&sort=never&min=many&colour=red")

    expect(page.get_by_text("values that mean nothing here: sort, min, colour")).to_be_visible()
    assert look.metric("Open findings") == "7"


def test_strangers_names_are_text_in_list_filters_and_chips(look: Look) -> None:
    page = look.open(
        f"/findings?partner={SMALL}&tenant=initech&owner={quote(SCRIPT)}&owner={quote(FORMULA)}"
        f"&q={quote('<img src=x onerror=alert(1)>')}"
    )

    expect(page.get_by_role("button", name="Search: <img src=x onerror=alert")).to_be_visible()
    expect(page.get_by_role("button", name="Owner tag: $x^2$ `code` [link]")).to_be_visible()
    assert page.locator("script:has-text(\"alert('x')\"), img[src='x'], .katex").count() == 0


def test_two_partners_of_equal_names_see_their_own(look: Look, dashboard: Served) -> None:
    shown = {}
    for partner in (SMALL, OTHER):
        look.open(f"/findings?partner={partner}&tenant=acme")
        shown[partner] = look.metric("Savings per month, USD")

    for partner, text in shown.items():
        (row, *_) = dashboard.ask(
            partner, COUNTED.format(condition="tenant_id = 'acme' and billing_currency = 'USD'")
        )
        assert text == f"{row['counted']:,.2f} USD"
    assert shown[SMALL] != shown[OTHER]


def test_the_keyboard_reaches_and_opens_a_finding(look: Look) -> None:
    page = look.open(f"/findings?partner={SMALL}&currency=USD")
    canvas = page.get_by_test_id("stDataFrame").first.locator("canvas").first

    canvas.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Space")
    expect(page.get_by_text("1 finding selected")).to_be_visible()
    look.settle()
    page.get_by_role("button", name="Open finding").press("Enter")
    page.wait_for_url("**/finding?**")
    look.settle()

    expect(page.get_by_role("heading", name="EC2 instance larger than its load")).to_be_visible()


def _downloaded(look: Look, form: str) -> pd.DataFrame:
    if form == "Excel":
        pytest.importorskip("openpyxl", reason="nothing here reads Excel files")
    with look.page.expect_download() as download:
        look.page.get_by_role("button", name=form, exact=True).click()
    content = io.BytesIO(download.value.path().read_bytes())
    if form == "Parquet":
        return pd.read_parquet(content)
    frame: pd.DataFrame = (
        pd.read_csv(content, dtype=str) if form == "CSV" else pd.read_excel(content)
    )
    return frame
