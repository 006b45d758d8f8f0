"""What the overview shows of findings: open and realized savings, and those worth most."""

from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from apps.dashboard import format as fmt
from apps.dashboard.components.cost_tables import known
from apps.dashboard.components.finding_links import LIST_PAGE, open_finding, page_params
from apps.dashboard.components.table import Column, clicked_row, show_table
from apps.dashboard.finding_words import level, resource_label


def show_savings(
    opened: pd.DataFrame, realized: pd.DataFrame, tenant: str, *, first: str = ""
) -> None:
    """Show, per currency, `first` first, what open findings would save and resolved ones saved."""
    for currency in sorted(_currencies(opened, realized), key=lambda name: (name != first, name)):
        with st.container(horizontal=True, key=f"savings-{currency}"):
            st.metric(
                "Open savings per month",
                fmt.money(_sum(opened, currency, "counted_savings"), currency),
                help="What the open findings would save; no money is counted twice.",
                border=True,
                height="stretch",
            )
            st.metric(
                "Realized savings per month",
                fmt.money(_sum(realized, currency, "realized_savings"), currency),
                help="What the bills show since findings were resolved.",
                border=True,
                height="stretch",
            )
            for label, counts, column in (
                ("Open findings", opened, "finding_count"),
                ("Resolved findings", realized, "resolved_count"),
            ):
                found = counts.loc[counts["billing_currency"] == currency, column]
                st.metric(label, fmt.count(int(found.sum())), border=True, height="stretch")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        notes = _notes(opened, realized)
        if notes:
            st.caption(notes, width="content")
        st.page_link(
            LIST_PAGE,
            label="All findings",
            icon=":material/arrow_forward:",
            query_params=page_params({"tenant": [tenant]} if tenant else {}),
            width="content",
        )


def show_largest(findings: pd.DataFrame, currency: str, tenant: str) -> None:
    """Show the findings that count for most; each opens its page."""
    if findings.empty:
        st.caption(f"No finding with a known saving in {currency}.")
        return
    key = f"largest-{hash((currency, tenant, *findings['finding_id']))}"
    named = zip(findings["resource_name"], findings["resource_id"], strict=True)
    show_table(
        findings.assign(
            resource=[resource_label(_text(name), str(found)) for name, found in named],
            risk=[level(value) for value in findings["risk"]],
        ),
        {
            "rule_title": Column("Finding", help="Open the finding", width=275),
            "resource": Column("Resource", width=170),
            "tenant_id": Column("Tenant", width=100),
            "counted_monthly_savings": Column(f"Per month, {currency}", "amount", width=120),
            "risk": Column("Risk", width=70),
            "sentence": Column("What is wrong", width=230),
        },
        key=key,
        button="rule_title",
    )
    opened = clicked_row(key)
    if opened is not None and opened < len(findings):
        params = {"tenant": [tenant]} if tenant else {}
        open_finding(str(findings.iloc[opened]["finding_id"]), params)


def _currencies(opened: pd.DataFrame, realized: pd.DataFrame) -> set[str]:
    return {*opened["billing_currency"].dropna(), *realized["billing_currency"].dropna()}


def _sum(sums: pd.DataFrame, currency: str, column: str) -> Decimal | None:
    """Return the sum in one currency; nothing found there is zero, nothing known is unknown."""
    rows = sums[sums["billing_currency"] == currency]
    return known(rows[column].iloc[0]) if len(rows) else Decimal("0.00")


def _notes(opened: pd.DataFrame, realized: pd.DataFrame) -> str:
    unknown = int(opened["unknown_count"].sum())
    unbilled = int(opened.loc[opened["billing_currency"].isna(), "finding_count"].sum())
    unmeasured = int(realized["unknown_count"].sum())
    notes = []
    if unknown:
        notes.append(f"{fmt.counted(unknown, 'finding')} without a known saving: not in the sums.")
    if unbilled:
        notes.append(f"{fmt.counted(unbilled, 'finding')} of resources without a bill line.")
    if unmeasured:
        notes.append(f"{fmt.counted(unmeasured, 'resolved finding')} not measured on the bill yet.")
    return " ".join(notes)


def _text(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)
