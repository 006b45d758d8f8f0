"""The parts of the overview."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import streamlit as st

from apps.dashboard import format as fmt
from apps.dashboard.components import freshness
from apps.dashboard.components.address import choose
from apps.dashboard.components.reconciliation import state_of
from apps.dashboard.components.table import Column, show_sentences, show_table
from apps.dashboard.dimensions import COST_TYPES

COSTS = {key: COST_TYPES[key].label for key in ("effective", "billed")}
PROVIDERS = {"aws": "AWS", "azure": "Azure", "other": "Other"}


@dataclass(frozen=True)
class Choice:
    """What the reader chose to see.

    Attributes:
        tenant: One tenant, or `""` for all.
        cost: `effective` or `billed`.
        currency: The currency of chart and tables.
    """

    tenant: str
    cost: str
    currency: str


def show_controls(tenants: Sequence[str], currencies: Sequence[str]) -> Choice:
    """Show what can be chosen, in one row."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=260):
            tenant = choose(
                "Tenant",
                {"": f"All {len(tenants):,} tenants", **{name: name for name in tenants}},
                param="tenant",
            )
        if len(currencies) > 1:
            with st.container(width=130):
                currency = choose(
                    "Currency",
                    {name: name for name in currencies},
                    param="currency",
                    help_text="Of the chart and the tables. Currencies are never added.",
                )
        else:
            currency = currencies[0]
        cost = choose("Cost", COSTS, param="cost", style="buttons")
    return Choice(tenant, cost, currency)


def basis(providers: Collection[str]) -> str | None:
    """Return what a total over both clouds adds up, which is not the same of each.

    Source: Azure Cost Management shows neither taxes, support charges nor credits
    (Microsoft Learn, "Understand Cost Management data"); AWS bills list them as lines.
    """
    if not {"aws", "azure"} <= set(providers):
        return None
    return (
        "Totals hold taxes, support and credits as far as exports list them: "
        "AWS's do, Azure's usually do not."
    )


def by_provider(trend: pd.DataFrame) -> pd.DataFrame:
    """Return a trend with its providers as ranked series."""
    ranks = {provider: rank for rank, provider in enumerate(PROVIDERS, start=1)}
    return trend.assign(
        series=[PROVIDERS.get(provider, provider) for provider in trend["provider"]],
        series_rank=[ranks.get(provider, len(ranks)) for provider in trend["provider"]],
    )


def show_movers(movers: pd.DataFrame, currency: str) -> None:
    """Show the largest changes of the last seven complete days."""
    if movers.empty:
        st.caption("No service costs more or less than in the week before.")
        return
    newest = movers.sort_values("current_end_date").iloc[-1]
    is_behind = (movers["current_end_date"] < newest["current_end_date"]).any()
    behind = "; of connections that are behind, their own newest seven days" if is_behind else ""
    st.caption(
        f"Effective cost, {fmt.days(newest['current_start_date'], newest['current_end_date'])} "
        f"against {fmt.days(newest['previous_start_date'], newest['previous_end_date'])}{behind}."
    )
    show_sentences(
        movers,
        {
            "tenant_id": Column("Tenant"),
            "service_name": Column("Service"),
            "sub_account_id": Column("Sub account"),
            "change_cost": Column(f"Change, {currency}", "signed"),
            "current_cost": Column(f"7 days, {currency}", "amount"),
            "reason": Column("Reason"),
        },
    )


def tenant_rows(
    to_date: pd.DataFrame,
    forecast: pd.DataFrame,
    fresh: pd.DataFrame,
    reconciled: pd.DataFrame,
    choice: Choice,
    present: datetime,
) -> pd.DataFrame:
    """Return one row per tenant in one currency, the costliest first."""
    rows = to_date[to_date["billing_currency"] == choice.currency].rename(
        columns={
            f"{choice.cost}_cost": "to_date",
            f"previous_{choice.cost}_cost": "same_days",
            f"previous_month_{choice.cost}_cost": "last_month",
        }
    )
    keys = ["tenant_id", "billing_currency", "billing_period"]
    expected = forecast.rename(columns={f"forecast_{choice.cost}_cost": "forecast"})
    rows = rows.merge(expected[[*keys, "forecast"]], on=keys, how="left")
    rows["change"] = rows["to_date"] - rows["same_days"]
    rows["change_ratio"] = [
        fmt.change_ratio(current, previous)
        for current, previous in zip(rows["to_date"], rows["same_days"], strict=True)
    ]
    newest = fresh.groupby("tenant_id")["watermark_date"].min()
    rows["freshness"] = [
        freshness.behind(newest.get(tenant), present) for tenant in rows["tenant_id"]
    ]
    states = {
        tenant: state_of(dict(zip(group["status"], group["figure_count"], strict=True)))
        for tenant, group in reconciled.groupby("tenant_id")
    }
    rows["reconciled"] = [states.get(tenant, "unknown") for tenant in rows["tenant_id"]]
    return rows.sort_values(["to_date", "tenant_id"], ascending=[False, True])


def show_tenants(rows: pd.DataFrame, currency: str, cost_label: str) -> None:
    """Show the tenants, with what to look at first in sight."""
    show_table(
        rows,
        {
            "tenant_id": Column("Tenant", width=130),
            "billing_period": Column("Month", "month", width=80),
            "to_date": Column(f"To date, {currency}", "amount", f"{cost_label} of the month"),
            "same_days": Column("Same days last month", "amount"),
            "change": Column("Change", "signed"),
            "change_ratio": Column("Change, %", width=80),
            "forecast": Column("Forecast", "amount", "Of the whole month"),
            "last_month": Column("Last month", "amount"),
            "freshness": Column("Data", help="Newest day of the connection furthest behind"),
            "reconciled": Column("Provider's total", help="Our totals against the provider's"),
        },
        key="tenants",
    )
