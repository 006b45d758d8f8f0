"""What the reader of the findings page can choose; every change goes into the address."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import streamlit as st

from apps.dashboard import format as fmt
from apps.dashboard.components.address import replace_params
from apps.dashboard.components.text import escaped
from apps.dashboard.dimensions import TAG_PREFIX
from apps.dashboard.finding_fields import FIELDS, ORDERS, label, value_name
from apps.dashboard.finding_state import FindingView, write_finding_view

Change = Callable[[FindingView, Any], FindingView]
Choices = Mapping[str, Mapping[str, int]]
_CHIP_LENGTH = 60


def go_to(view: FindingView) -> None:
    """Show a view, by its address."""
    replace_params(write_finding_view(view))


def show_controls(view: FindingView, tag_keys: Sequence[str]) -> None:
    """Show the search, the least savings, the grouping and the order, in one row."""
    columns = st.columns([1.7, 0.9, 1.1, 1.3], vertical_alignment="bottom")
    with columns[0]:
        key = _seed("text", view.text)
        st.text_input(
            "Search",
            key=key,
            placeholder="resource, finding, account or tag",
            icon=":material/search:",
            on_change=_store,
            args=(view, key, lambda old, new: replace(old, text=new.strip(), page=1)),
        )
    with columns[1]:
        _show_minimum(view)
    with columns[2]:
        groupings = ["", *FIELDS, *(f"{TAG_PREFIX}{key}" for key in tag_keys)]
        groupings += [view.by] if view.by not in groupings else []
        _select("Group by", groupings, view, view.by, _with_grouping, _grouping_name)
    with columns[3]:
        _select(
            "Sort",
            list(ORDERS),
            view,
            view.sort,
            lambda old, new: replace(old, sort=new, page=1),
            lambda key: ORDERS[key].label,
        )


def show_filters(view: FindingView, choices: Choices, names: Mapping[str, str]) -> None:
    """Show the values that each field can be filtered to; none chosen lets all through.

    Args:
        view: What is shown.
        choices: How many findings each value would leave, by field.
        names: Names of sub accounts that have one.
    """
    active = len(view.filters)
    title = f"Filters ({active})" if active else "Filters"
    with st.expander(title, icon=":material/filter_alt:", key="finding-filters"):
        columns = st.columns(4)
        for place, (key, values) in enumerate(choices.items()):
            with columns[place % len(columns)]:
                _show_filter(view, key, values, names)


def show_chosen(view: FindingView, names: Mapping[str, str]) -> None:
    """Show each condition as a button that removes it."""
    chips = [(_filter_name(key, values, names), view.filtered(key, ()))
             for key, values in view.filters]  # fmt: skip
    if view.text:
        chips.append((f"Search: {escaped(_short(view.text))}", replace(view, text="", page=1)))
    if view.minimum is not None:
        without = replace(view, minimum=None, page=1)
        chips.append((f"Savings from {fmt.amount(view.minimum)}", without))
    if not chips:
        return
    with st.container(horizontal=True, gap="small"):
        for place, (text, without) in enumerate(chips):
            st.button(
                text,
                key=f"remove-{place}",
                icon=":material/close:",
                help="Remove this filter",
                on_click=go_to,
                args=(without,),
            )
        if len(chips) > 1:
            show_reset(view, "Remove all")


def show_reset(view: FindingView, text: str) -> None:
    """Show a button that removes every filter."""
    st.button(
        text, key=f"reset-{text}", type="tertiary", on_click=go_to, args=(view.without_filters(),)
    )


def show_pages(view: FindingView, page_count: int) -> None:
    """Show the way to the pages of the list before and after."""
    if page_count < 2:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            "Previous",
            icon=":material/chevron_left:",
            disabled=view.page == 1,
            on_click=go_to,
            args=(replace(view, page=view.page - 1),),
        )
        st.caption(f"Page {view.page:,} of {page_count:,}", width="content")
        st.button(
            "Next",
            icon=":material/chevron_right:",
            icon_position="right",
            disabled=view.page >= page_count,
            on_click=go_to,
            args=(replace(view, page=view.page + 1),),
        )


def _show_minimum(view: FindingView) -> None:
    minimum = None if view.minimum is None else float(view.minimum)
    key = _seed("minimum", minimum)
    st.number_input(
        "Savings from",
        min_value=0.0,
        step=10.0,
        format="%.2f",
        key=key,
        placeholder="any",
        help="Least estimated savings per month, in each finding's own currency. "
        "Findings without a known saving are left out.",
        on_change=_store,
        args=(view, key, _with_minimum),
    )


def _show_filter(
    view: FindingView, key: str, choices: Mapping[str, int], names: Mapping[str, str]
) -> None:
    chosen = view.values(key)
    state_key = _seed(f"filter-{key}", list(chosen))

    def write(value: str) -> str:
        return f"{_named(key, value, names)} · {choices.get(value, 0):,}"

    st.multiselect(
        escaped(label(key)),
        [*choices, *(value for value in chosen if value not in choices)],
        key=state_key,
        format_func=write,
        placeholder="all",
        on_change=_store,
        args=(view, state_key, lambda old, new: old.filtered(key, new)),
    )


def _select(
    name: str,
    options: Sequence[str],
    view: FindingView,
    value: str,
    change: Change,
    words: Callable[[str], str],
) -> None:
    key = _seed(name, value)
    st.selectbox(
        name, options, key=key, format_func=words, on_change=_store, args=(view, key, change)
    )


def _seed(name: str, value: Any) -> str:
    """Give a control the value that the address has, and return its key."""
    key = f"findings-{name}"
    st.session_state[key] = value
    return key


def _store(view: FindingView, key: str, change: Change) -> None:
    go_to(change(view, st.session_state[key]))


def _with_grouping(view: FindingView, by: str) -> FindingView:
    return replace(view, by=by, page=1)


def _with_minimum(view: FindingView, value: float | None) -> FindingView:
    minimum = None if value is None else Decimal(str(value)).quantize(Decimal("0.01"))
    return replace(view, minimum=minimum or None, page=1)


def _grouping_name(key: str) -> str:
    return label(key) if key else "nothing"


def _filter_name(key: str, values: Sequence[str], names: Mapping[str, str]) -> str:
    shown = ", ".join(_named(key, value, names) for value in values[:2])
    more = f" +{len(values) - 2:,}" if len(values) > 2 else ""
    return f"{escaped(label(key))}: {escaped(_short(shown))}{more}"


def _named(key: str, value: str, names: Mapping[str, str]) -> str:
    if key == "account" and value in names:
        return f"{names[value]} ({value})"
    return fmt.text(value_name(key, value))


def _short(text: str) -> str:
    return text if len(text) <= _CHIP_LENGTH else f"{text[:24]}…{text[-35:]}"
