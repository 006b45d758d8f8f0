"""Every page in a real browser: what it shows, where it leads, and that it fits."""

import io
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
import yaml
from playwright.sync_api import expect

from serving.session import open_session
from tests.e2e.dashboard.conftest import LARGE, OTHER, SMALL, Look, Served

pytestmark = pytest.mark.e2e

MODELS = Path(__file__).parents[3] / "dbt_project/models/marts"
PAGES = (
    "", "costs", "findings", "data-health", "connections", "partner", "access-log", "settings",
    "privacy",
)  # fmt: skip
BOTH_THEMES = pytest.mark.parametrize("look", ["light", "dark"], indirect=True)


def amount(text: str) -> Decimal:
    return Decimal(text.split()[0].replace(",", ""))


@BOTH_THEMES
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("partner", [SMALL, LARGE])
def test_every_page_fits_its_window(page: str, partner: str, look: Look) -> None:
    look.open(f"/{page}?partner={partner}")

    expect(look.page.get_by_text("Demo: no sign-in")).to_be_visible()
    expect(look.page.get_by_test_id("stException")).to_have_count(0)
    expect(look.page.get_by_test_id("stDialog")).to_have_count(0)
    assert look.overflow() <= 0


def test_a_deep_link_works_as_the_first_request(look: Look) -> None:
    look.open(f"/costs?partner={OTHER}&by=region")

    expect(look.page.get_by_role("heading", name="Costs")).to_be_visible()
    expect(look.page.get_by_test_id("stSidebar").get_by_text("Overview")).to_be_visible()


def test_month_to_date_is_what_the_marts_say(look: Look, dashboard: Served) -> None:
    look.open(f"/?partner={SMALL}")

    (row,) = dashboard.ask(
        SMALL,
        "select sum(effective_cost) as cost from fct_cost_month_to_date "
        "where billing_currency = 'USD' and billing_period = "
        "(select max(billing_period) from fct_cost_month_to_date)",
    )
    shown = [
        look.page.get_by_test_id("stMetricValue").nth(number).text_content() or ""
        for number in range(look.page.get_by_test_id("stMetricValue").count())
    ]
    assert f"{row['cost']:,.2f} USD" in shown


@pytest.mark.parametrize("chosen", ["EUR", "USD"])
def test_currencies_are_shown_side_by_side_and_the_chosen_one_first(
    look: Look, chosen: str
) -> None:
    look.open(f"/?partner={SMALL}&currency={chosen}")

    values = look.page.get_by_test_id("stMetricValue").all_text_contents()
    amounts = [value for value in values if value.endswith(("EUR", "USD"))]
    assert {value[-3:] for value in amounts} == {"EUR", "USD"}
    assert amounts[0].endswith(chosen)
    savings = look.page.locator("[class*='st-key-savings-']").first
    expect(savings).to_contain_text(chosen)


def test_a_total_over_both_clouds_states_its_basis(look: Look, dashboard: Served) -> None:
    basis = "Totals hold taxes, support and credits as far as exports list them"
    providers = dashboard.ask(
        SMALL,
        "select tenant_id, list(distinct provider order by provider) as providers "
        "from fct_load_freshness group by tenant_id",
    )
    one_cloud = next(row["tenant_id"] for row in providers if len(row["providers"]) == 1)

    look.open(f"/?partner={SMALL}")
    expect(look.page.get_by_text(basis)).to_be_visible()

    look.open(f"/?partner={SMALL}&tenant={one_cloud}")
    expect(look.page.get_by_text(basis)).to_have_count(0)


def test_a_gap_to_the_providers_total_is_a_red_banner(look: Look) -> None:
    look.open(f"/?partner={SMALL}")

    banner = look.page.get_by_test_id("stAlertContentError")
    expect(banner.first).to_be_visible()

    look.open(f"/?partner={OTHER}")
    expect(look.page.get_by_test_id("stAlertContentError")).to_have_count(0)


def test_switching_the_partner_switches_everything(look: Look) -> None:
    look.open(f"/?partner={SMALL}")
    before = look.page.get_by_test_id("stMetricValue").all_text_contents()

    look.page.get_by_test_id("stSidebar").get_by_role("combobox").click()
    look.page.get_by_role("option", name=OTHER).click()
    look.settle()

    assert look.page.get_by_test_id("stMetricValue").all_text_contents() != before
    assert f"partner={OTHER}" in look.page.url


def test_a_partner_that_has_published_nothing_is_told_what_to_do(look: Look) -> None:
    look.open("/?partner=unpublished")

    for command in ("ingest PATH", "build", "publish"):
        of = f"cloudprune {command} --partner unpublished"
        expect(look.page.get_by_text(of)).to_be_visible()
    expect(look.page.get_by_test_id("stMain").get_by_role("link", name="Scans")).to_be_visible()


def test_the_address_restores_a_view(look: Look, dashboard: Served) -> None:
    look.open(
        f"/costs?partner={SMALL}&by=service&then=region&tenant=acme&period=12-months&cost=list"
    )

    expect(look.page.get_by_role("button", name="Tenant: acme")).to_be_visible()
    (row,) = dashboard.ask(
        SMALL,
        "select sum(list_cost - commitment_purchase_list_cost) as cost from fct_cost_daily "
        "where tenant_id = 'acme' and billing_currency = 'USD'",
    )
    assert amount(look.metric("List cost")) == row["cost"].quantize(Decimal("0.01"))


def test_a_wrong_link_is_told_and_shows_something(look: Look) -> None:
    look.open(f"/costs?partner={SMALL}&by=nonsense&period=never")

    expect(look.page.get_by_text("values that mean nothing here")).to_be_visible()
    assert look.metric("Effective cost").endswith(("USD", "EUR"))


def test_filters_that_match_nothing_are_an_empty_state(look: Look) -> None:
    look.open(f"/costs?partner={SMALL}&tenant=nobody")

    expect(look.page.get_by_text("No costs from")).to_be_visible()


def test_a_row_leads_to_resources_and_then_to_lines(look: Look) -> None:
    page = look.open(f"/costs?partner={SMALL}&currency=USD")

    look.select_row(0)
    assert "by=resource" in page.url
    assert "service=" in page.url

    look.select_row(0)
    assert "show=lines" in page.url
    expect(page.get_by_text("Back to groups")).to_be_visible()

    page.go_back()
    look.settle()
    assert "show=lines" not in page.url


@pytest.mark.parametrize("form", ["CSV", "Excel", "Parquet"])
def test_a_download_has_every_group_and_every_digit(
    form: str, look: Look, dashboard: Served
) -> None:
    page = look.open(f"/costs?partner={SMALL}&by=service&period=12-months&grain=month&currency=USD")

    with page.expect_download() as download:
        page.get_by_role("button", name=form, exact=True).click()
    content = download.value.path().read_bytes()

    read = {"CSV": pd.read_csv, "Excel": pd.read_excel, "Parquet": pd.read_parquet}[form]
    options = {"dtype": str} if form != "Parquet" else {}
    if form == "Excel":
        options = {}
        pytest.importorskip("openpyxl", reason="nothing here reads Excel files")
    frame = read(io.BytesIO(content), **options)  # type: ignore[operator]
    (row,) = dashboard.ask(
        SMALL,
        "select sum(billed_cost) as cost from fct_cost_daily where billing_currency = 'USD'",
    )
    total = sum((Decimal(str(value)) for value in frame["billed_cost"]), Decimal(0))
    assert abs(total - row["cost"]) < Decimal("0.000001" if form == "Excel" else "1e-18")


def test_made_marts_have_the_columns_of_the_real_ones(dashboard: Served) -> None:
    wanted = {
        model["name"]: {column["name"]: _plain(column["data_type"]) for column in model["columns"]}
        for path in MODELS.rglob("_*__models.yml")
        for model in yaml.safe_load(path.read_text())["models"]
    }

    with open_session(dashboard.settings.serving, dashboard.settings.keys, SMALL) as session:
        found = {
            mart: {column.name: _plain(column.type) for column in columns}
            for mart, columns in session.tables.items()
        }

    assert set(found) == set(wanted)
    for mart, columns in wanted.items():
        assert set(found[mart]) <= set(columns), mart
        amounts = {name for name, kind in columns.items() if kind.startswith("decimal")}
        for name in amounts & set(found[mart]):
            assert found[mart][name] == columns[name], f"{mart}.{name}"


def _plain(data_type: str) -> str:
    return data_type.lower().replace(" ", "")


def test_strangers_text_is_text(look: Look) -> None:
    look.open(f"/costs?partner={SMALL}&tenant=initech&by=service")

    assert look.page.evaluate("() => window.__hacked === undefined")
    assert look.page.locator("script:has-text(\"alert('x')\")").count() == 0


def test_data_health_names_each_connection_against_its_provider(look: Look) -> None:
    page = look.open(f"/data-health?partner={SMALL}")

    expect(page.get_by_text("What to do", exact=True).first).to_be_visible()
    assert int(look.metric("Connections")) >= 3


def test_a_connections_address_shows_its_periods_and_rejected_rows(
    look: Look, dashboard: Served
) -> None:
    (row, *_) = dashboard.ask(
        SMALL, "select tenant_id, connection_id from fct_reconciliation where status = 'gap'"
    )

    page = look.open(
        f"/data-health?partner={SMALL}&tenant={row['tenant_id']}&connection={row['connection_id']}"
    )

    expect(page.get_by_text("Our totals against the provider's")).to_be_visible()
    expect(page.get_by_text("Loads", exact=True)).to_be_visible()
    assert look.overflow() <= 0
