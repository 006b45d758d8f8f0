"""Budgets: what is meant to be spent, what is, and the form that changes it."""

from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from apps.dashboard import format as fmt
from apps.dashboard.components.feedback import attempt
from apps.dashboard.components.table import Column, selected_row, show_table
from apps.dashboard.data.budgets import Spending
from apps.dashboard.identity import Person
from control.directory import Directory
from control.partner_changes import LARGEST_AMOUNT, remove_budget, set_budget
from control.partner_settings import WHOLE_PARTNER, Budget

_EVERY = "All tenants together"
_KEY = "budget-form"


def show_spending(spendings: Sequence[Spending], cost_label: str) -> None:
    """Show each budget with the share that is spent, those that are over first."""
    ranks = {"over": 0, "will be over": 1, "within": 2, "unknown": 3}
    ordered = sorted(spendings, key=lambda each: (ranks[each.state], each.budget.tenant_id))
    show_table(
        pd.DataFrame(
            {
                "tenant": [_of(each.budget) for each in ordered],
                "amount": [_amount(each.budget) for each in ordered],
                "to_date": [fmt.amount(each.to_date) for each in ordered],
                "used": [fmt.percent(each.used) for each in ordered],
                "forecast": [fmt.amount(each.forecast) for each in ordered],
                "state": [each.state for each in ordered],
            }
        ),
        {
            "tenant": Column("Budget of", width=180),
            "amount": Column("A month"),
            "to_date": Column("To date", help=f"{cost_label} of the month so far"),
            "used": Column("Used"),
            "forecast": Column("Forecast", help="Of the whole month"),
            "state": Column("State", help="Will be over: the forecast is more than the budget"),
        },
        key="budgets-spending",
    )


def show_budgets(
    directory: Directory,
    person: Person,
    budgets: Sequence[Budget],
    tenants: Sequence[str],
    currency: str,
) -> None:
    """Show the budgets and the form that sets one; a selected one is what the form holds."""
    chosen = _show_list(budgets)
    with st.container(border=True, key=_KEY):
        st.markdown(f"**{'Change this budget' if chosen else 'Set a budget'}**")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            tenant = st.selectbox(
                "Of",
                [chosen.tenant_id] if chosen else [WHOLE_PARTNER, *tenants],
                format_func=lambda name: name or _EVERY,
                disabled=chosen is not None,
                key=f"{_KEY}-tenant-{_mark(chosen)}",
            )
            code = st.text_input(
                "Currency",
                chosen.billing_currency if chosen else currency,
                max_chars=3,
                width=100,
                disabled=chosen is not None,
                key=f"{_KEY}-currency-{_mark(chosen)}",
            )
            amount = st.number_input(
                "A calendar month",
                min_value=1,
                max_value=LARGEST_AMOUNT,
                value=chosen.amount if chosen else None,
                step=100,
                placeholder="10000",
                key=f"{_KEY}-amount-{_mark(chosen)}",
            )
        held = chosen or _held(budgets, tenant, code)
        with st.container(horizontal=True):
            _button(
                "Save" if chosen else "Set budget",
                amount is not None,
                f"{tenant or _EVERY}: {fmt.count(amount)} {code.upper()} a month.",
                partial(set_budget, directory, person.as_actor, tenant, code, amount or 0, held),
            )
            if chosen:
                _button(
                    "Remove",
                    True,
                    f"{_of(chosen)} has no budget in {chosen.billing_currency} any more.",
                    partial(remove_budget, directory, person.as_actor, chosen),
                )


def _show_list(budgets: Sequence[Budget]) -> Budget | None:
    if not budgets:
        st.caption("No budget is set. The overview shows each beside what is spent and expected.")
        return None
    key = f"budgets-{hash(tuple(budgets))}"
    show_table(
        pd.DataFrame(
            {
                "tenant": [_of(each) for each in budgets],
                "amount": [_amount(each) for each in budgets],
                "by": [each.changed_by for each in budgets],
                "at": [each.changed_at for each in budgets],
            }
        ),
        {
            "tenant": Column("Budget of"),
            "amount": Column("A month"),
            "by": Column("Set by"),
            "at": Column("When", "instant"),
        },
        key=key,
        on_select=lambda: None,
    )
    place = selected_row(key)
    if place is None:
        st.caption("Select a budget to change or remove it.")
        return None
    return budgets[place] if place < len(budgets) else None


def _button(label: str, is_ready: bool, told: str, change: Callable[[], None]) -> None:
    st.button(
        label,
        type="primary" if label != "Remove" else "secondary",
        disabled=not is_ready,
        on_click=attempt,
        args=(told, change),
    )


def _held(budgets: Sequence[Budget], tenant: str, code: str) -> Budget | None:
    """Return the budget that a form would replace."""
    key = (tenant, code.strip().upper())
    return next((each for each in budgets if (each.tenant_id, each.billing_currency) == key), None)


def _amount(budget: Budget) -> str:
    return f"{fmt.count(budget.amount)} {budget.billing_currency}"


def _of(budget: Budget) -> str:
    return budget.tenant_id or _EVERY


def _mark(budget: Budget | None) -> str:
    return f"{budget.tenant_id}-{budget.billing_currency}" if budget else ""
