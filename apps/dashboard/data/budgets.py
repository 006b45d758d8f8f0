"""Budgets as far as somebody may see them, beside what is spent and expected."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from apps.dashboard.directory import open_directory
from apps.dashboard.identity import Person
from control.partner_settings import WHOLE_PARTNER, Budget
from pipeline.settings import Settings


@dataclass(frozen=True)
class Spending:
    """One budget and the current month beside it; amounts in the budget's currency.

    Attributes:
        budget: What is meant to be spent.
        to_date: Cost of the month so far; None where there is none in this currency.
        forecast: Cost expected of the whole month; None where it is not known.
    """

    budget: Budget
    to_date: Decimal | None
    forecast: Decimal | None

    @property
    def used(self) -> Decimal | None:
        """Share of the budget that is spent."""
        return None if self.to_date is None else self.to_date / self.budget.amount

    @property
    def state(self) -> str:
        """`over`, `will be over` or `within`; `unknown` where nothing is known to be spent."""
        if self.to_date is None:
            return "unknown"
        if self.to_date > self.budget.amount:
            return "over"
        if self.forecast is not None and self.forecast > self.budget.amount:
            return "will be over"
        return "within"


def load_budgets(settings: Settings, person: Person, tenant: str = "") -> list[Budget]:
    """Return the budgets that a person may see, or those of one tenant; by tenant."""
    return [
        budget
        for budget in open_directory(settings.control).budgets(person.partner_id)
        if tenant in ("", budget.tenant_id) and _may_see(person, budget)
    ]


def spending(
    budgets: Sequence[Budget], to_date: pd.DataFrame, forecast: pd.DataFrame, cost: str
) -> list[Spending]:
    """Return each budget beside the partner's newest month.

    Args:
        budgets: What is meant to be spent.
        to_date: Rows of `load_month_to_date` over all tenants.
        forecast: Rows of `load_forecast` over all tenants.
        cost: `effective` or `billed`.
    """
    period = None if to_date.empty else to_date["billing_period"].max()
    return [
        Spending(
            budget,
            _total(to_date, budget, period, f"{cost}_cost"),
            _total(forecast, budget, period, f"forecast_{cost}_cost"),
        )
        for budget in budgets
    ]


def _total(rows: pd.DataFrame, budget: Budget, period: object, column: str) -> Decimal | None:
    """Return the sum of a budget's rows; None if there is none, or a part is not known."""
    chosen = rows[
        (rows["billing_period"] == period) & (rows["billing_currency"] == budget.billing_currency)
    ]
    if budget.tenant_id != WHOLE_PARTNER:
        chosen = chosen[chosen["tenant_id"] == budget.tenant_id]
    amounts = chosen[column]
    if amounts.empty or amounts.isna().any():
        return None
    return sum(amounts, Decimal(0))


def _may_see(person: Person, budget: Budget) -> bool:
    """Whether a person may see a budget: that of the partner tells of every tenant."""
    if budget.tenant_id == WHOLE_PARTNER:
        return person.tenants is None
    return person.sees(budget.tenant_id)
