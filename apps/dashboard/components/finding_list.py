"""Totals, groups and rows of the findings page."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from apps.dashboard import format as fmt
from apps.dashboard.components.cost_tables import known
from apps.dashboard.components.finding_links import finding_url
from apps.dashboard.components.table import Column, selected_row, selected_rows, show_table
from apps.dashboard.components.text import escaped
from apps.dashboard.finding_fields import label, value_name
from apps.dashboard.finding_words import level, resource_label

_SHOWN_ANYWAY = ("", "tenant", "rule", "resource")
NO_CURRENCY = "no currency"
_LINK_LIMIT = 200


def show_totals(totals: pd.DataFrame, reasons: pd.DataFrame) -> None:
    """Show the findings and, per currency, the savings that count, and why others do not."""
    in_currency = totals[totals["billing_currency"].notna()]
    with st.container(horizontal=True, key="finding-totals"):
        st.metric(
            "Open findings",
            fmt.count(int(totals["finding_count"].sum())),
            border=True,
            height="stretch",
        )
        for row in in_currency.to_dict("records"):
            currency = str(row["billing_currency"])
            st.metric(
                f"Savings per month, {currency}",
                fmt.money(known(row["counted_savings"]), currency),
                help="Counted once where several findings claim the same money. "
                "Estimated from the last 30 complete days of the bill.",
                border=True,
                height="stretch",
            )
    notes = [*_not_counted_notes(in_currency), *_unknown_notes(totals)]
    if not notes:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(" ".join(notes), width="content")
        if not reasons.empty:
            with st.popover("Why", type="tertiary", icon=":material/help:"):
                _show_reasons(reasons)


def show_groups(
    groups: pd.DataFrame, by: str, *, table_key: str, drill: Callable[[str], None]
) -> None:
    """Show the subtotals per group and currency; selecting one calls `drill` with its value."""
    values = [str(value) for value in groups["group_value"]]
    show_table(
        groups.assign(
            shown=[fmt.text(value_name(by, value)) for value in values],
            currency=[_currency(value) for value in groups["billing_currency"]],
        ),
        {
            "shown": Column(label(by), width=300),
            "finding_count": Column("Findings", "count", width=80),
            "resource_count": Column("Resources", "count", width=85),
            "counted_savings": Column(
                "Savings per month", "amount", "What counts: no money twice", width=140
            ),
            "currency": Column("Currency", width=90),
            "not_counted_savings": Column(
                "Not counted", "amount", "Claimed by another finding already", width=110
            ),
            "unknown_count": Column(
                "Savings unknown", "count", "Findings without a known saving", width=120
            ),
        },
        key=table_key,
        on_select=lambda: _drill(table_key, values, drill),
        max_rows=10,
    )


def show_rows(rows: pd.DataFrame, by: str, *, table_key: str) -> None:
    """Show findings; `clicked_row` tells which was opened, `selected_rows` which are chosen."""
    named = list(zip(rows["resource_name"], rows["resource_id"], strict=True))
    shown = rows.assign(
        group=[fmt.text(value_name(by, str(value))) for value in rows["group_value"]],
        resource=[resource_label(known_text(name), key) for name, key in named],
        currency=[known_text(value) or "" for value in rows["billing_currency"]],
        savings=_savings(rows),
        risk=[level(value) for value in rows["risk"]],
        effort=[level(value) for value in rows["effort"]],
        confidence=[level(value) for value in rows["confidence"]],
        standing=[_standing(row) for row in rows.to_dict("records")],
    )
    is_grouped = by not in _SHOWN_ANYWAY
    columns = {
        "rule_title": Column("Finding", help="Open the finding", width=218),
        "group": Column(label(by) if by else "", width=120),
        "resource": Column("Resource", width=128),
        "tenant_id": Column("Tenant", width=110),
        "estimated_monthly_savings": Column("Per month", "amount", _SAVINGS_HELP, width=84),
        "currency": Column("", width=48),
        "savings": Column("Counted", help="How much of it counts in the totals", width=68),
        "confidence": Column("Confid.", help="Confidence", width=64),
        "risk": Column("Risk", width=64),
        "effort": Column("Effort", width=64),
        "first_seen_date": Column("First seen", "day", width=96),
    }
    columns.pop("first_seen_date" if is_grouped else "group")
    if any(shown["standing"]):
        columns.pop("effort")
        columns["standing"] = Column("Decided", help="State and assignee", width=130)
    show_table(shown, columns, key=table_key, is_multiple=True, button="rule_title", max_rows=15)


def chosen_rows(rows: pd.DataFrame, table_key: str) -> pd.DataFrame:
    """Return the rows that the reader selected."""
    places = [place for place in selected_rows(table_key) if place < len(rows)]
    return rows.iloc[places]


def selection_note(chosen: pd.DataFrame) -> str:
    """Return how many findings are selected and what they count for, per currency."""
    totals: dict[str, Decimal] = {}
    for row in chosen.to_dict("records"):
        amount = known(row["counted_monthly_savings"])
        if amount is not None:
            currency = _currency(row["billing_currency"])
            totals[currency] = totals.get(currency, Decimal(0)) + amount
    worth = ", ".join(escaped(fmt.money(value, key)) for key, value in sorted(totals.items()))
    selected = fmt.counted(len(chosen), "finding")
    return f"**{selected} selected**, counting {worth or 'no known saving'} per month."


def show_links(chosen: pd.DataFrame) -> None:
    """Show the addresses of the selected findings, to be copied at once."""
    with st.popover("Copy links", icon=":material/link:"):
        urls = [finding_url(str(key)) for key in chosen["finding_id"][:_LINK_LIMIT]]
        st.code("\n".join(urls), language=None, height=min(300, 60 + 22 * len(urls)))


def known_text(value: Any) -> str | None:
    """Return a text from a frame; what is missing there is none."""
    return None if pd.isna(value) else str(value)


_SAVINGS_HELP = "Estimated savings per month, from the last 30 complete days of the bill"


def _savings(rows: pd.DataFrame) -> list[str]:
    """Return how much of each row's savings counts, in a word or as an amount."""
    return [
        _counted(known(estimated), known(counted), is_counted=bool(is_counted))
        for estimated, counted, is_counted in zip(
            rows["estimated_monthly_savings"],
            rows["counted_monthly_savings"],
            rows["is_counted"],
            strict=True,
        )
    ]


def _standing(row: Mapping[Any, Any]) -> str:
    """Return what people decided on a finding, in a few words; nothing where they did not."""
    state = "" if row["state"] == "open" else value_name("state", str(row["state"])).split(":")[0]
    return ", ".join(filter(None, [state, str(row["assignee"])]))


def _counted(estimated: Decimal | None, counted: Decimal | None, *, is_counted: bool) -> str:
    if estimated is None or counted is None:
        return fmt.UNKNOWN
    if not is_counted:
        return "no"
    return "yes" if counted == estimated else fmt.amount(counted)


def _not_counted_notes(totals: pd.DataFrame) -> list[str]:
    return [
        f"Not counted: {escaped(fmt.money(row['not_counted_savings'], row['billing_currency']))} "
        f"of {fmt.counted(int(row['not_counted_count']), 'finding')}, claimed elsewhere already."
        for row in totals.to_dict("records")
        if row["not_counted_savings"]
    ]


def _unknown_notes(totals: pd.DataFrame) -> list[str]:
    unknown = int(totals["unknown_count"].sum())
    if not unknown:
        return []
    return [f"{fmt.counted(unknown, 'finding')} without a known saving: not in the sums."]


def _show_reasons(reasons: pd.DataFrame) -> None:
    show_table(
        reasons.assign(reason=[fmt.text(value) for value in reasons["reason"]]),
        {
            "reason": Column("Reason", width=430),
            "finding_count": Column("Findings", "count", width=75),
            "not_counted_savings": Column("Not counted", "amount", width=100),
            "billing_currency": Column("Currency", width=75),
        },
        key="not-counted",
        max_rows=8,
    )


def _drill(table_key: str, values: list[str], drill: Callable[[str], None]) -> None:
    row = selected_row(table_key)
    if row is not None and row < len(values):
        drill(values[row])


def _currency(value: Any) -> str:
    return NO_CURRENCY if pd.isna(value) else str(value)
