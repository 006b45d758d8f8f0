"""Costs: by any two dimensions, down to the single line; the address says all of it."""

import streamlit as st

from apps.dashboard import format as fmt
from apps.dashboard.components import cost_controls as controls
from apps.dashboard.components import cost_tables as tables
from apps.dashboard.components.address import read_params
from apps.dashboard.components.text import escaped
from apps.dashboard.cost_views import show_group_view, show_line_view
from apps.dashboard.data import costs as data
from apps.dashboard.data.cost_sql import Question
from apps.dashboard.partner import require_source
from apps.dashboard.period import CUSTOM_PERIOD
from apps.dashboard.state import read_view
from pipeline.settings import Settings

source = require_source(Settings())
st.title("Costs", anchor=False)
bounds = data.load_bounds(source)
if bounds is None:
    st.info("No costs have landed yet. Load some: `cloudprune ingest PATH --partner P --tenant T`.")
    st.stop()

read = read_view(read_params())
view = read.view
if read.ignored:
    st.warning(f"The link has values that mean nothing here: {', '.join(read.ignored)}.")
span = view.span(bounds.newest)
controls.show_grouping(view, data.load_tag_keys(source))
if view.period == CUSTOM_PERIOD:
    controls.show_dates(view, span, bounds.oldest, bounds.newest)
names = data.load_account_names(source)
controls.show_filters(view, data.load_all_choices(source, view), names)
controls.show_chosen(view, names)

totals = data.load_totals(source, Question(view, span.first, span.last, "", bounds.oldest))
if totals.empty:
    st.info(
        f"No costs from {fmt.days(span.first, span.last)} with these filters. The newest day of "
        f"cost is {fmt.day(bounds.newest)}. Choose another period or remove a filter.",
        icon=":material/search_off:",
    )
    st.stop()
currencies = {str(row["billing_currency"]): row for row in totals.to_dict("records")}
currency = view.currency if view.currency in currencies else next(iter(currencies))
if view.currency not in ("", currency):
    st.caption(f"No costs in {escaped(view.currency)} here; these are in {escaped(currency)}.")
if len(currencies) > 1:
    controls.show_currency(view, currency, tables.currency_totals(totals, view.cost))

question = Question(view, span.first, span.last, currency, bounds.oldest)
total = totals[totals["billing_currency"] == currency].iloc[0]
earlier = question.earlier
tables.show_totals(
    total,
    view.cost,
    f"against {fmt.days(earlier.first, earlier.last)}" if question.is_comparable else None,
)
if view.is_lines:
    show_line_view(source, question)
else:
    show_group_view(source, question, total)
