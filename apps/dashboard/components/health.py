"""The parts of the data health page."""

from datetime import datetime

import pandas as pd
import streamlit as st

from apps.dashboard import format as fmt
from apps.dashboard.components import freshness
from apps.dashboard.components.address import replace_params
from apps.dashboard.components.reconciliation import STATUS
from apps.dashboard.components.table import Column, selected_row, show_sentences, show_table
from apps.dashboard.components.text import escaped

Chosen = tuple[str, str]


def advice(row: pd.Series, present: datetime) -> str:
    """Return what to do about one connection, the most pressing first."""
    if row["gap_count"]:
        return "Gap: load the newest export of the period again; if it stays, ask the provider"
    if row["rejected_row_count"]:
        return "Rejected rows: see the reasons, mend the export, load it again"
    if freshness.is_late(row["watermark_date"], present):
        return "Late: check that the export still runs and is delivered"
    if row["no_total_count"] == row["figure_count"]:
        return "Nothing to compare with: the export carries no total"
    return "Nothing"


def show_summary(connections: pd.DataFrame, present: datetime) -> None:
    """Show how many connections are in which state."""
    late = sum(freshness.is_late(day, present) for day in connections["watermark_date"])
    with st.container(horizontal=True):
        st.metric("Connections", fmt.count(len(connections)), border=True)
        st.metric("Rows landed", fmt.count(int(connections["row_count"].sum())), border=True)
        st.metric(
            "Rows rejected", fmt.count(int(connections["rejected_row_count"].sum())), border=True
        )
        st.metric("Connections late", fmt.count(late), border=True)
        st.metric("Totals with a gap", fmt.count(int(connections["gap_count"].sum())), border=True)


def asked_for() -> Chosen:
    """Return the tenant and connection that the address names, or two empty texts."""
    return st.query_params.get("tenant", ""), st.query_params.get("connection", "")


def is_among(connections: pd.DataFrame, tenant: str, connection: str) -> bool:
    """Return whether the connection is one of these."""
    keys = zip(connections["tenant_id"], connections["connection_id"], strict=True)
    return (tenant, connection) in set(keys)


def show_connections(connections: pd.DataFrame, present: datetime, generation: int) -> None:
    """Show the connections; selecting one names it in the address."""
    rows = connections.assign(
        behind=[freshness.behind(day, present) for day in connections["watermark_date"]],
        loaded=[fmt.age(moment, present) for moment in connections["loaded_at"]],
        periods=[
            _periods(first, last)
            for first, last in zip(
                connections["first_period"], connections["last_period"], strict=True
            )
        ],
        totals=[_totals(row) for _, row in connections.iterrows()],
        advice=[advice(row, present) for _, row in connections.iterrows()],
    )
    order = [(row["advice"] == "Nothing", row["tenant_id"]) for _, row in rows.iterrows()]
    rows = rows.iloc[sorted(range(len(rows)), key=order.__getitem__)]
    keys = list(zip(rows["tenant_id"], rows["connection_id"], strict=True))
    key = f"connections-{generation}"
    st.caption("Select a connection to see its periods and its rejected rows.")
    show_table(
        rows,
        {
            "tenant_id": Column("Tenant", width=105),
            "connection_id": Column("Connection", width=165),
            "loaded": Column("Last load", width=95),
            "watermark_date": Column("Newest day", "day", width=95),
            "behind": Column("Freshness", width=100),
            "periods": Column("Periods", width=145),
            "row_count": Column("Rows", "count", width=75),
            "rejected_row_count": Column("Rejected", "count", width=70),
            "totals": Column("Totals", help="Against the provider's own", width=105),
        },
        key=key,
        on_select=lambda: _choose(key, keys),
    )
    to_do = rows[rows["advice"] != "Nothing"]
    if not to_do.empty:
        st.subheader("What to do", anchor=False)
        show_sentences(
            to_do,
            {
                "tenant_id": Column("Tenant"),
                "connection_id": Column("Connection"),
                "advice": Column("What to do"),
            },
        )


def show_heading(tenant: str, connection: str) -> None:
    """Show which connection the rest of the page is about."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(f"{escaped(tenant)}, {escaped(connection)}", anchor=False, width="stretch")
        st.button("Close", icon=":material/close:", on_click=replace_params, args=({},))


def show_reconciliation(figures: pd.DataFrame) -> None:
    """Show our totals and the provider's side by side."""
    show_table(
        figures.assign(
            state=[STATUS.get(status, status) for status in figures["status"]],
            closed=["final" if final else "open" for final in figures["is_final"]],
        ),
        {
            "billing_period": Column("Period", "month", width=80),
            "closed": Column("Month", width=60),
            "cost_type": Column("Cost", width=80),
            "billing_currency": Column("Currency", width=75),
            "our_total": Column("Our total", "amount", width=120),
            "provider_total": Column("Provider's total", "amount", width=120),
            "gap": Column("Gap", "signed", width=90),
            "rejected_total": Column("Rejected", "amount", "Cost of rejected rows", width=90),
            "state": Column("State", width=85),
            "reason": Column("Reason", width=300),
        },
        key="reconciliation",
        max_rows=12,
    )


def show_loads(loads: pd.DataFrame) -> None:
    """Show the loads that the partitions hold."""
    show_table(
        loads,
        {
            "billing_period": Column("Period", "month", width=75),
            "dataset": Column("Dataset", width=115),
            "export_name": Column("Export"),
            "delivered_at": Column("Delivered", "instant", width=155),
            "loaded_at": Column("Loaded", "instant", width=155),
            "row_count": Column("Rows", "count", width=60),
            "rejected_row_count": Column("Rejected", "count", width=68),
            "noted_row_count": Column("Altered", "count", "Rows kept with a note", width=62),
            "byte_count": Column("Size", "bytes", width=70),
        },
        key="loads",
        max_rows=12,
    )


def show_reasons(reasons: pd.DataFrame) -> None:
    """Show how often each reason occurs."""
    show_table(
        reasons.assign(fate=_fates(reasons)),
        {
            "billing_period": Column("Period", "month", width=80),
            "dataset": Column("Dataset", width=110),
            "fate": Column("Row", width=80),
            "column_name": Column("Column", width=200),
            "reason": Column("Reason", width=460),
            "note_count": Column("Rows", "count", width=80),
        },
        key="reasons",
        max_rows=10,
    )


def show_rejected(rejected: pd.DataFrame) -> None:
    """Show single rows with their place in the source."""
    show_table(
        rejected.assign(fate=_fates(rejected)),
        {
            "fate": Column("Row", width=75),
            "source_file": Column("Source file", width=210),
            "line_number": Column("Line", "count", width=60),
            "reason": Column("Reason", width=240),
            "source_cost": Column("Cost", "amount", width=80),
            "billing_currency": Column("Currency", width=70),
            "source_line": Column("Source line", width=340),
        },
        key="rejected",
        max_rows=12,
    )


def _fates(rows: pd.DataFrame) -> list[str]:
    return ["rejected" if rejected else "altered" for rejected in rows["is_row_rejected"]]


def _totals(row: pd.Series) -> str:
    for status in ("gap", "explained"):
        if row[f"{status}_count"]:
            return f"{row[f'{status}_count']:,} {STATUS[status]}"
    compared = row["figure_count"] - row["no_total_count"]
    return f"{compared:,} equal" if compared else "unknown"


def _periods(first: str, last: str) -> str:
    return fmt.month(first) if first == last else fmt.span(fmt.month(first), fmt.month(last))


def _choose(key: str, keys: list[Chosen]) -> None:
    row = selected_row(key)
    if row is None:
        replace_params({})
        return
    tenant, connection = keys[row]
    replace_params({"tenant": [tenant], "connection": [connection]})
