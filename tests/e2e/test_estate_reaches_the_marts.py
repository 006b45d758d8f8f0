"""From the estate's bills, in every format, to what a partner sees: to the last digit."""

from collections import Counter
from decimal import Decimal

import pytest

from estate.bills import BillTotal
from ingestion.costs.report import Kind
from serving.session import open_session
from tests.e2e.conftest import Demo

pytestmark = pytest.mark.e2e

FORMATS = (
    "cur_legacy", "cur_2_0", "azure_ea", "azure_mca", "focus_1_0", "focus_1_1", "focus_1_2",
)  # fmt: skip


def accounts_of(demo: Demo, total: BillTotal) -> list[str]:
    """Return the accounts of the bill's scope."""
    return [
        account.account_id
        for partner in demo.estate.partners
        for tenant in partner.tenants
        for scope in tenant.scopes
        if (partner.partner_id, tenant.tenant_id) == (total.partner_id, total.tenant_id)
        and scope.scope == total.scope
        for account in scope.accounts
    ]


def test_the_estate_has_every_format(demo: Demo) -> None:
    formats = {
        scope.export.format
        for partner in demo.estate.partners
        for tenant in partner.tenants
        for scope in tenant.scopes
    }

    assert formats == set(FORMATS)


def test_nothing_is_rejected(demo: Demo) -> None:
    kinds = Counter(outcome.kind for report in demo.reports.values() for outcome in report.outcomes)

    assert set(kinds) <= {Kind.LANDED, Kind.SUPERSEDED}
    assert all(report.exit_status == 0 for report in demo.reports.values())
    assert not any(
        outcome.rejected_row_count or outcome.noted_row_count
        for report in demo.reports.values()
        for outcome in report.outcomes
    )


def test_every_bill_is_what_the_estate_charged(demo: Demo) -> None:
    compared = 0
    for partner in demo.estate.partners:
        totals = [total for total in demo.estate.totals if total.partner_id == partner.partner_id]
        with open_session(demo.settings.serving, demo.settings.keys, partner.partner_id) as session:
            for total in totals:
                (row,) = session.query(
                    """
                    select
                        sum(billed_cost) as billed_cost,
                        sum(effective_cost) as effective_cost,
                        sum(list_cost) as list_cost,
                        sum(contracted_cost) as contracted_cost
                    from fct_cost_daily
                    where
                        tenant_id = $tenant
                        and billing_period = $period
                        and billing_currency = $currency
                        and list_contains($accounts, sub_account_id)
                    """,
                    {
                        "tenant": total.tenant_id,
                        "period": total.billing_period,
                        "currency": total.currency,
                        "accounts": accounts_of(demo, total),
                    },
                ).to_pylist()
                assert {name: getattr(total, name) for name in row} == row, total
                compared += 1

    assert compared == len(demo.estate.totals) > 30


def test_every_total_is_the_providers(demo: Demo) -> None:
    for partner in demo.estate.partners:
        with open_session(demo.settings.serving, demo.settings.keys, partner.partner_id) as session:
            states = session.query("select distinct status from fct_reconciliation").to_pylist()

        assert states == [{"status": "reconciled"}]


def test_one_partner_never_sees_anothers_tenants(demo: Demo) -> None:
    for partner in demo.estate.partners:
        own = {tenant.tenant_id for tenant in partner.tenants}
        with open_session(demo.settings.serving, demo.settings.keys, partner.partner_id) as session:
            for mart, columns in session.tables.items():
                if "tenant_id" in {column.name for column in columns}:
                    found = session.query(f"select distinct tenant_id from {mart}")
                    assert set(found["tenant_id"].to_pylist()) <= own, mart


def test_the_sums_of_every_cost_mart_are_those_of_the_lines(demo: Demo) -> None:
    for partner in demo.estate.partners:
        with open_session(demo.settings.serving, demo.settings.keys, partner.partner_id) as session:
            sums = {
                mart: session.query(
                    "select billing_currency, sum(billed_cost) as billed, "
                    f"sum(effective_cost) as effective from {mart} "
                    "group by billing_currency order by billing_currency"
                ).to_pylist()
                for mart in ("fct_cost_lines", "fct_cost_daily", "fct_cost_summary_daily")
            }

        assert sums["fct_cost_daily"] == sums["fct_cost_lines"] == sums["fct_cost_summary_daily"]
        assert sums["fct_cost_lines"][0]["billed"] > Decimal(1000)


def test_what_moved_is_told_with_its_reason(demo: Demo) -> None:
    told = Counter()  # type: Counter[str]
    for partner in demo.estate.partners:
        with open_session(demo.settings.serving, demo.settings.keys, partner.partner_id) as session:
            for row in session.query("select reason from fct_cost_movers").to_pylist():
                told["new"] += "new resource" in row["reason"]
                told["price"] += "price" in row["reason"]
                told["use"] += "use of" in row["reason"]

    assert all(told[reason] for reason in ("new", "price", "use"))
