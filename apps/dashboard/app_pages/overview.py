"""Overview: what the partner's tenants spend, what moved, and whether the figures hold."""

import streamlit as st

from apps.dashboard import charts
from apps.dashboard import format as fmt
from apps.dashboard.components import (
    budgets,
    freshness,
    month,
    overview,
    reconciliation,
    savings,
)
from apps.dashboard.components.address import choose
from apps.dashboard.data import budgets as budget_data
from apps.dashboard.data import overview as data
from apps.dashboard.data import savings as savings_data
from apps.dashboard.data.decided import load_decided
from apps.dashboard.data.findings import load_scan_state
from apps.dashboard.dimensions import COST_TYPES
from apps.dashboard.identity import current_person
from apps.dashboard.partner import require_source
from pipeline.settings import Settings

MOVER_LIMIT = 8
FINDING_LIMIT = 10

settings = Settings()
source = require_source(settings)
st.title("Overview", anchor=False)
tenants = data.load_tenants(source)
if not tenants:
    st.info("No costs have landed yet. Load some: `cloudprune ingest PATH --partner P --tenant T`.")
    st.stop()

choice = overview.show_controls(tenants, data.load_currencies(source, ""))
cost_label = COST_TYPES[choice.cost].label
to_date = data.load_month_to_date(source, choice.tenant)
forecast = data.load_forecast(source, choice.tenant)
fresh = data.load_freshness(source, choice.tenant)
reconciled = data.load_reconciliation_counts(source, choice.tenant)
present = freshness.now()

reconciliation.show_gaps(data.load_gaps(source, choice.tenant), "Data health")
by_currency = month.months(to_date, forecast, choice.cost)
for figures in sorted(by_currency, key=lambda figures: figures.currency != choice.currency):
    month.show_month(figures, cost_label)
    for note in month.notes(figures):
        st.caption(note)
basis = overview.basis(fresh["provider"])
if basis:
    st.caption(basis)
behind = month.left_out(to_date)
if behind:
    st.caption(f"Without {', '.join(behind)}: their newest costs are of an earlier month.")

meant = budget_data.load_budgets(settings, current_person(), choice.tenant)
if meant:
    st.subheader("Budgets", anchor=False)
    budgets.show_spending(budget_data.spending(meant, to_date, forecast, choice.cost), cost_label)

st.subheader("Savings", anchor=False)
scanned = load_scan_state(source)
if scanned.scan_count:
    decided = load_decided(source)
    savings.show_savings(
        savings_data.load_open_savings(source, choice.tenant, decided),
        savings_data.load_realized_savings(source, choice.tenant),
        choice.tenant,
        first=choice.currency,
    )
    largest = savings_data.load_largest(
        source, choice.tenant, choice.currency, decided, FINDING_LIMIT
    )
    savings.show_largest(largest, choice.currency, choice.tenant)
else:
    st.caption(
        "No cloud was scanned yet, so nothing is known to be wasted: "
        f"`cloudprune scan --partner {source.partner_id} --tenant T`."
    )

with st.container(horizontal=True, vertical_alignment="bottom"):
    st.subheader(f"{cost_label} over time", anchor=False, width="stretch")
    grain = choose("Bars", {"month": "12 months", "day": "90 days"}, param="trend", style="buttons")
load_trend = data.load_monthly_trend if grain == "month" else data.load_daily_trend
trend = load_trend(source, choice.tenant, choice.currency, choice.cost)
if trend.empty:
    st.info(f"No costs in {choice.currency} here.")
else:
    st.altair_chart(
        charts.cost_over_time(
            overview.by_provider(trend), grain=grain, currency=choice.currency, title=cost_label
        ),
        height=300,
    )
unknown = int(trend["unknown_count"].sum())
if unknown:
    st.caption(f"{fmt.counted(unknown, 'line')} without a known {cost_label.lower()}: not in here.")

st.subheader("What moved", anchor=False)
movers = data.load_movers(source, choice.tenant, choice.currency, MOVER_LIMIT)
overview.show_movers(movers, choice.currency)

st.subheader("Tenants", anchor=False)
rows = overview.tenant_rows(to_date, forecast, fresh, reconciled, choice, present)
overview.show_tenants(rows, choice.currency, cost_label)

newest = fresh["watermark_date"].max()
st.caption(
    f"Newest day of cost: {fmt.day(newest)}. Totals against the provider's: "
    f"{reconciliation.summary(reconciled)}. Published {fmt.age(source.published_at, present)}."
)
