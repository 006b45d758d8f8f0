"""The current month's figures: what is unknown is never a zero, and like stands beside like."""

from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from apps.dashboard.components.month import Month, months, notes

TENANT: dict[str, Any] = {
    "tenant_id": "old",
    "billing_currency": "USD",
    "billing_period": "2026-11",
    "as_of_date": date(2026, 11, 12),
    "effective_cost": Decimal(120),
    "compared_effective_cost": Decimal(120),
    "previous_effective_cost": Decimal(100),
    "previous_month_effective_cost": Decimal(250),
    "unknown_effective_count": 0,
}
NEW = {
    **TENANT,
    "tenant_id": "new",
    "effective_cost": Decimal(3600),
    "compared_effective_cost": None,
    "previous_effective_cost": None,
    "previous_month_effective_cost": None,
}


def month_of(*rows: dict[str, Any]) -> Month:
    expected = [
        {
            "tenant_id": row["tenant_id"],
            "billing_currency": "USD",
            "billing_period": "2026-11",
            "forecast_effective_cost": (row["effective_cost"] or 0) * 2,
            "forecast_low": Decimal(1),
            "forecast_high": Decimal(9),
        }
        for row in rows
    ]
    (found,) = months(pd.DataFrame(rows), pd.DataFrame(expected), "effective")
    return found


def test_a_new_tenant_leaves_last_month_of_the_others_alone() -> None:
    found = month_of(TENANT, NEW)

    assert found.to_date == 3720
    assert found.compared.to_date == 120
    assert found.compared.same_days == 100
    assert found.compared.last_month == 250
    assert found.forecast == 7440
    assert found.compared.forecast == 240
    (note,) = notes(found)
    assert note.endswith(": new had none to compare with.")


def test_without_a_last_month_nothing_is_compared() -> None:
    found = month_of(NEW)

    assert found.to_date == 3600
    assert found.compared.same_days is found.compared.last_month is None
    assert notes(found) == []


def test_what_names_no_effective_cost_is_unknown_and_told() -> None:
    unknown = {**TENANT, "effective_cost": None, "unknown_effective_count": 4}

    assert month_of(unknown).to_date is None
    partly = month_of(TENANT, {**unknown, "tenant_id": "actual-only"})
    assert partly.to_date == 120
    assert notes(partly) == ["4 lines in USD without a known effective cost: not in here."]
