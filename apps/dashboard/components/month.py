"""The current month in figures: to date, forecast, and last month; one row per currency."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pandas as pd
import streamlit as st

from apps.dashboard import format as fmt
from apps.dashboard.components.text import escaped


@dataclass(frozen=True)
class Month:
    """One currency's figures of the newest billing period.

    Attributes:
        currency: What the amounts are in.
        period: The billing period, `2026-11`.
        as_of: Last complete day.
        to_date: Cost until then, if any of it is known.
        forecast: Expected cost of the whole month, if it is known.
        low: Lower end of its range.
        high: Upper end of its range.
        compared: The same of the tenants alone that have a last month: what is compared with it.
        uncompared: The other tenants.
        unknown_count: Lines whose cost is unknown; they are not in here.
    """

    currency: str
    period: str
    as_of: date
    to_date: Decimal | None
    forecast: Decimal | None
    low: Decimal | None
    high: Decimal | None
    compared: "Compared"
    uncompared: tuple[str, ...] = ()
    unknown_count: int = 0


@dataclass(frozen=True)
class Compared:
    """Figures of tenants that have a last month, beside it; unknown where there is none.

    Attributes:
        to_date: Cost until the last complete day.
        forecast: Expected cost of the whole month.
        same_days: Cost of the same days of last month.
        last_month: Cost of all of last month.
    """

    to_date: Decimal | None
    forecast: Decimal | None
    same_days: Decimal | None
    last_month: Decimal | None


def months(to_date: pd.DataFrame, forecast: pd.DataFrame, cost: str) -> list[Month]:
    """Return the figures of the newest period, one per currency, from rows per tenant."""
    if to_date.empty:
        return []
    period = to_date["billing_period"].max()
    current = to_date[to_date["billing_period"] == period]
    expected = forecast[forecast["billing_period"] == period]
    return [
        _month(currency, period, rows, expected[expected["billing_currency"] == currency], cost)
        for currency, rows in current.groupby("billing_currency")
    ]


def show_month(month: Month, label: str) -> None:
    """Show one currency's figures side by side."""
    first = month.as_of.replace(day=1)
    currency = month.currency
    with st.container(horizontal=True, key=f"month-{currency}"):
        st.metric(
            f"{label}, {fmt.days(first, month.as_of)}",
            fmt.money(month.to_date, currency),
            _change(month.compared.to_date, month.compared.same_days, currency),
            delta_color="inverse",
            delta_description="vs. same days",
            border=True,
            height="stretch",
        )
        st.metric(
            f"Forecast for {fmt.month(month.period)}",
            fmt.money(month.forecast, currency),
            _change(month.compared.forecast, month.compared.last_month, currency),
            delta_color="inverse",
            delta_description=_range(month),
            border=True,
            height="stretch",
        )
        st.metric(
            "Same days of last month",
            fmt.money(month.compared.same_days, currency),
            border=True,
            height="stretch",
        )
        st.metric(
            "All of last month",
            fmt.money(month.compared.last_month, currency),
            border=True,
            height="stretch",
        )


def notes(month: Month) -> list[str]:
    """Return what the figures leave out, in sentences."""
    found = []
    if month.unknown_count:
        lines = fmt.counted(month.unknown_count, "line")
        found.append(f"{lines} in {month.currency} without a known effective cost: not in here.")
    if month.uncompared:
        names = ", ".join(escaped(tenant) for tenant in month.uncompared)
        found.append(f"Last month is that of the other tenants: {names} had none to compare with.")
    return found


def left_out(to_date: pd.DataFrame) -> list[str]:
    """Return the tenants whose newest costs are of an earlier month than the partner's."""
    if to_date.empty:
        return []
    behind = to_date[to_date["billing_period"] < to_date["billing_period"].max()]
    return [escaped(tenant) for tenant in sorted(set(behind["tenant_id"]))]


def _month(
    currency: str, period: str, rows: pd.DataFrame, expected: pd.DataFrame, cost: str
) -> Month:
    has_range = cost == "effective"
    is_compared = rows[f"previous_{cost}_cost"].notna()
    names = set(rows[is_compared]["tenant_id"])
    return Month(
        currency=currency,
        period=period,
        as_of=rows["as_of_date"].max(),
        to_date=_known(rows[f"{cost}_cost"]),
        forecast=_total(expected[f"forecast_{cost}_cost"]),
        low=_total(expected["forecast_low"]) if has_range else None,
        high=_total(expected["forecast_high"]) if has_range else None,
        compared=Compared(
            to_date=_total(rows[is_compared][f"compared_{cost}_cost"]),
            forecast=_total(expected[expected["tenant_id"].isin(names)][f"forecast_{cost}_cost"]),
            same_days=_total(rows[is_compared][f"previous_{cost}_cost"]),
            last_month=_total(rows[is_compared][f"previous_month_{cost}_cost"]),
        ),
        uncompared=tuple(sorted(set(rows["tenant_id"]) - names)) if names else (),
        unknown_count=int(rows["unknown_effective_count"].sum()) if has_range else 0,
    )


def _change(current: Decimal | None, previous: Decimal | None, currency: str) -> str | None:
    """Return how much a figure is above or below another; nothing where one is unknown."""
    if current is None or previous is None:
        return None
    return fmt.change(current, previous, currency)


def _known(amounts: pd.Series) -> Decimal | None:
    """Return the sum of what is known; unknown if nothing is."""
    return _total(amounts.dropna())


def _total(amounts: pd.Series) -> Decimal | None:
    """Return the sum; unknown if a part of it is, or if there is none."""
    if amounts.empty or amounts.isna().any():
        return None
    return sum(amounts, Decimal(0))


def _range(month: Month) -> str | None:
    if month.low is None or month.high is None:
        return None
    return fmt.span(fmt.amount(month.low), fmt.amount(month.high))
