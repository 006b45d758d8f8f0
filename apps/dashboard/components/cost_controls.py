"""What the reader of the costs page can choose; every change goes into the address."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from apps.dashboard import format as fmt
from apps.dashboard.components.address import replace_params
from apps.dashboard.components.text import escaped
from apps.dashboard.dimensions import COST_TYPES, DIMENSIONS, TAG_PREFIX, label
from apps.dashboard.period import CUSTOM_PERIOD, PERIODS, Span
from apps.dashboard.state import GRAINS, CostView, write_view

Change = Callable[[CostView, Any], CostView]
_NO_SECOND = "nothing else"


def go_to(view: CostView) -> None:
    """Show a view, by its address."""
    replace_params(write_view(view))


def show_grouping(view: CostView, tag_keys: Sequence[str]) -> None:
    """Show the dimensions, the amount and the period."""
    groupings = [*DIMENSIONS, *(f"{TAG_PREFIX}{key}" for key in tag_keys)]
    groupings += [key for key in (view.by, view.then) if key and key not in groupings]
    columns = st.columns([1.15, 1.15, 1, 1, 0.85], vertical_alignment="bottom")
    with columns[0]:
        _select("Group by", groupings, view, view.by, lambda old, new: replace(old, by=new), label)
    with columns[1]:
        _select(
            "Then by",
            ["", *(key for key in groupings if key != view.by)],
            view,
            view.then,
            lambda old, new: replace(old, then=new),
            lambda key: label(key) if key else _NO_SECOND,
        )
    with columns[2]:
        _select(
            "Cost",
            list(COST_TYPES),
            view,
            view.cost,
            lambda old, new: replace(old, cost=new),
            lambda key: COST_TYPES[key].label,
            COST_TYPES[view.cost].meaning,
        )
    with columns[3]:
        _select("Period", list(PERIODS), view, view.period, _with_period, PERIODS.__getitem__)
    with columns[4]:
        key = _seed("Bars", view.grain)
        st.segmented_control(
            "Bars",
            list(GRAINS),
            key=key,
            format_func=GRAINS.__getitem__,
            required=True,
            on_change=_store,
            args=(view, key, lambda old, new: replace(old, grain=new)),
        )


def show_dates(view: CostView, span: Span, oldest: date, newest: date) -> None:
    """Show the choice of first and last day, for a period of the reader's own."""
    key = _seed("Days", (span.first, span.last))
    with st.container(width=300):
        st.date_input(
            "Days, both included",
            min_value=min(oldest, span.first),
            max_value=max(newest, span.last),
            key=key,
            on_change=_store,
            args=(view, key, _with_days),
        )


def show_currency(view: CostView, currency: str, totals: Mapping[str, str]) -> None:
    """Show the choice of currency with each one's total; currencies are never added."""
    with st.container(width=300):
        _select(
            "Currency",
            list(totals),
            view,
            currency,
            lambda old, new: replace(old, currency=new),
            totals.__getitem__,
            "Amounts in different currencies are never added.",
        )


def show_filters(
    view: CostView, choices: Mapping[str, Sequence[str]], names: Mapping[str, str]
) -> None:
    """Show which values of each dimension are let through; none chosen lets all.

    Args:
        view: What is shown.
        choices: Values to choose from, by dimension or tag.
        names: Names of values that have one.
    """
    active = len(view.filters)
    title = f"Filters ({active})" if active else "Filters"
    with st.expander(title, icon=":material/filter_alt:", key="filters"):
        columns = st.columns(3)
        for place, (key, values) in enumerate(choices.items()):
            with columns[place % 3]:
                _show_filter(view, key, values, names)


def show_chosen(view: CostView, names: Mapping[str, str]) -> None:
    """Show each active filter as a button that removes it."""
    if not view.filters:
        return
    with st.container(horizontal=True, gap="small"):
        for place, (key, values) in enumerate(view.filters):
            shown = ", ".join(_named(value, names) for value in values[:2])
            more = f" +{len(values) - 2:,}" if len(values) > 2 else ""
            st.button(
                f"{escaped(label(key))}: {escaped(_short(shown))}{more}",
                key=f"remove-{place}",
                icon=":material/close:",
                help="Remove this filter",
                on_click=go_to,
                args=(view.with_filter(key, ()),),
            )
        if len(view.filters) > 1:
            st.button(
                "Remove all",
                type="tertiary",
                on_click=go_to,
                args=(replace(view, filters=(), is_lines=False),),
            )


def _show_filter(
    view: CostView, key: str, choices: Sequence[str], names: Mapping[str, str]
) -> None:
    chosen = view.values(key)
    state_key = _seed(f"filter-{key}", list(chosen))
    st.multiselect(
        escaped(label(key)),
        [*choices, *(value for value in chosen if value not in choices)],
        key=state_key,
        format_func=lambda value: _named(value, names),
        placeholder="all",
        on_change=_store,
        args=(view, state_key, lambda old, new: old.with_filter(key, new)),
    )


def _select(
    name: str,
    options: Sequence[str],
    view: CostView,
    value: str,
    change: Change,
    words: Callable[[str], str],
    help_text: str | None = None,
) -> None:
    key = _seed(name, value)
    st.selectbox(
        name,
        options,
        key=key,
        format_func=words,
        on_change=_store,
        args=(view, key, change),
        help=help_text,
    )


def _seed(name: str, value: Any) -> str:
    """Give a control the value that the address has, and return its key."""
    key = f"costs-{name}"
    st.session_state[key] = value
    return key


def _store(view: CostView, key: str, change: Change) -> None:
    go_to(change(view, st.session_state[key]))


def _with_period(view: CostView, period: str) -> CostView:
    return replace(view, period=period)


def _with_days(view: CostView, days: tuple[date, ...]) -> CostView:
    if len(days) != 2:
        return view
    return replace(view, period=CUSTOM_PERIOD, first=days[0], last=days[1])


def _named(value: str, names: Mapping[str, str]) -> str:
    return f"{names[value]} ({value})" if value in names else fmt.text(value)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:24]}…{text[-35:]}"
