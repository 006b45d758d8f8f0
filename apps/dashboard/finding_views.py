"""The two courses on the page of one finding: utilization, and cost."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from apps.dashboard import charts
from apps.dashboard import format as fmt
from apps.dashboard.components.text import escaped
from apps.dashboard.data import finding as data
from apps.dashboard.data.source import Source
from apps.dashboard.finding_charts import utilization_over_time
from apps.dashboard.finding_words import STATISTICS

Finding = Mapping[str, Any]
_CHART_HEIGHT = 230


def show_utilization(source: Source, finding: Finding) -> None:
    """Show the metric that decided, with its limit; days without data stay empty."""
    metric, statistic = finding["chart_metric"], finding["chart_statistic"]
    observed = finding["observed_date"]
    if not metric or statistic not in data.STATISTICS or observed is None:
        st.caption("This rule rests on inventory and bill, not on utilization.")
        return
    subject = data.Subject(finding["tenant_id"], finding["resource_id"])
    days = data.load_utilization(source, subject, metric, statistic, observed)
    measured = int(days["value"].notna().sum())
    title = f"{metric}, daily {STATISTICS[statistic]}"
    note = f"{escaped(title)}. {_gap_note(len(days), measured)}"
    if not measured:
        st.caption(note)
        return
    chart = utilization_over_time(days, title=title, threshold=finding["chart_threshold"])
    st.altair_chart(chart)
    st.caption(note)


def show_cost(source: Source, finding: Finding) -> None:
    """Show the resource's effective cost of 90 days."""
    currency = finding["billing_currency"]
    if not currency:
        st.caption("The bill has no line of this resource.")
        return
    subject = data.Subject(finding["tenant_id"], finding["resource_id"])
    days = data.load_daily_cost(source, subject, currency)
    if not days["cost"].notna().any():
        st.caption("The bill of the last 90 days has no line under this resource's identifier.")
        return
    st.altair_chart(
        charts.cost_over_time(
            _ranked(days),
            grain="day",
            currency=currency,
            title="Effective cost",
            height=_CHART_HEIGHT,
        )
    )


def _gap_note(day_count: int, measured: int) -> str:
    if measured == day_count:
        return f"All {day_count:,} days have data."
    if not measured:
        return f"None of the {day_count:,} days before the scan has data points."
    gaps = fmt.counted(day_count - measured, "day")
    return f"{gaps} of {day_count:,} without data points, in grey: unknown, not zero."


def _ranked(days: pd.DataFrame) -> pd.DataFrame:
    """Return the days with their pricing categories as ranked series; the dearest first."""
    sums = days.dropna(subset=["cost"]).groupby("series")["cost"].sum()
    ranks = {name: rank for rank, name in enumerate(sums.sort_values(ascending=False).index, 1)}
    names = days["series"].where(days["series"].notna(), next(iter(ranks)))
    return days.assign(
        series=[fmt.text(str(name)) for name in names], series_rank=[ranks[n] for n in names]
    )
