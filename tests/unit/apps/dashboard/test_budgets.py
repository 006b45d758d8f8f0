"""Budgets beside what is spent: which are over, and which nobody can judge."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pandas as pd

from apps.dashboard.data.budgets import spending
from control.partner_settings import Budget

NOW = datetime(2026, 5, 20, tzinfo=UTC)
MONTH = "2026-05"


def budget(tenant: str, amount: int, currency: str = "USD") -> Budget:
    return Budget("acme", tenant, currency, amount, "ada@acme.test", NOW)


def rows(column: str, *cells: tuple[str, str, str, Any]) -> pd.DataFrame:
    names = ["tenant_id", "billing_currency", "billing_period", column]
    return pd.DataFrame(cells, columns=names)


def test_each_budget_is_held_against_its_own_costs() -> None:
    to_date = rows(
        "effective_cost",
        ("retail", "USD", MONTH, Decimal(60)),
        ("web", "USD", MONTH, Decimal(50)),
        ("web", "EUR", MONTH, Decimal(900)),
        ("old", "USD", "2026-04", Decimal(1000)),
    )
    forecast = rows(
        "forecast_effective_cost",
        ("retail", "USD", MONTH, Decimal(110)),
        ("web", "USD", MONTH, Decimal(80)),
    )
    meant = [budget("", 100), budget("retail", 100), budget("web", 100), budget("old", 10)]

    whole, retail, web, old = spending(meant, to_date, forecast, "effective")

    assert (whole.to_date, whole.forecast, whole.state) == (Decimal(110), Decimal(190), "over")
    assert (retail.used, retail.state) == (Decimal("0.6"), "will be over")
    assert (web.to_date, web.state) == (Decimal(50), "within")
    assert (old.to_date, old.used, old.state) == (None, None, "unknown")


def test_a_sum_of_which_a_part_is_unknown_is_unknown() -> None:
    to_date = rows("billed_cost", ("a", "USD", MONTH, Decimal(1)), ("b", "USD", MONTH, None))

    (whole,) = spending([budget("", 100)], to_date, rows("forecast_billed_cost"), "billed")

    assert (whole.to_date, whole.state) == (None, "unknown")
