"""The tables and figures of the costs page."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from apps.dashboard import format as fmt
from apps.dashboard.components.table import Column, selected_row, show_table
from apps.dashboard.components.text import escaped
from apps.dashboard.dimensions import COST_TYPES, DIMENSIONS, label
from apps.dashboard.tags import tags_of

_LINE_NAME_WIDTH = 100
Drill = Callable[[dict[str, str]], None]


def currency_totals(totals: pd.DataFrame, cost: str) -> dict[str, str]:
    """Return each currency's total in words, the one with most lines first."""
    return {
        str(row["billing_currency"]): fmt.money(
            known(row[COST_TYPES[cost].column]), str(row["billing_currency"])
        )
        for row in totals.to_dict("records")
    }


def show_totals(row: pd.Series, cost: str, earlier: str | None) -> None:
    """Show the four amounts of one currency, the chosen one first and with its change.

    Args:
        row: The amounts.
        cost: The chosen one.
        earlier: What it is compared with, in words; None if nothing is.
    """
    currency = str(row["billing_currency"])
    with st.container(horizontal=True):
        for key in [cost, *(key for key in COST_TYPES if key != cost)]:
            is_compared = key == cost and earlier is not None
            value = known(row[COST_TYPES[key].column])
            st.metric(
                COST_TYPES[key].label,
                fmt.money(value, currency),
                fmt.change(value, known(row["earlier_cost"]), currency) if is_compared else None,
                delta_color="inverse",
                delta_description=earlier if is_compared else None,
                help=_unknown_note(row, key) or COST_TYPES[key].meaning,
                border=True,
                height="stretch",
            )
    notes = [note for note in (_unknown_note(row, key) for key in COST_TYPES) if note]
    if notes:
        st.caption(f":material/help: {' '.join(notes)}")


def show_groups(
    groups: pd.DataFrame,
    keys: Sequence[str],
    names: Sequence[str],
    *,
    cost: str,
    currency: str,
    total: Decimal | None,
    is_compared: bool,
    table_key: str,
    drill: Drill,
) -> None:
    """Show the costliest groups; selecting one calls `drill` with its values by dimension."""
    chosen = COST_TYPES[cost]
    amounts = [known(value) for value in groups[chosen.column]]
    earlier = [known(value) for value in groups["earlier_cost"]]
    pairs = list(zip(amounts, earlier, strict=True))
    derived: dict[str, Any] = {
        "share": [fmt.share(amount, total or Decimal(0)) for amount in amounts],
        "change": [_difference(now, then) for now, then in pairs],
        "change_ratio": [fmt.change_ratio(now, then) for now, then in pairs],
    }
    shown = groups.assign(**derived)
    columns = {name: Column(label(key)) for key, name in zip(keys, names, strict=True)}
    if "resource_name" in shown:
        columns["resource_name"] = Column("Name", width=120)
    columns[chosen.column] = Column(f"{chosen.label}, {currency}", "amount")
    columns["share"] = Column("Share", "ratio", "Of all groups, in this currency")
    if is_compared:
        columns["change"] = Column("Change", "signed", "Against the period before")
        columns["change_ratio"] = Column("Change, %")
    columns |= {
        other.column: Column(other.label.removesuffix(" cost"), "amount", other.meaning)
        for other in COST_TYPES.values()
        if other is not chosen
    }
    unknown = chosen.unknown_column
    if unknown and shown[unknown].sum():
        columns[unknown] = Column("Lines unknown", "count", "Lines without this amount")
    rows: list[dict[str, Any]] = [
        dict(zip(names, row, strict=True))
        for row in groups[list(names)].itertuples(index=False, name=None)
    ]
    show_table(
        shown, columns, key=table_key, on_select=lambda: _drill(table_key, rows, keys, names, drill)
    )


def show_lines(lines: pd.DataFrame, currency: str, chosen: Sequence[str]) -> None:
    """Show single lines, newest first, without the columns of which one value was chosen."""
    left_out = {DIMENSIONS[key].column for key in chosen if key in DIMENSIONS}
    named = {
        "tenant_id": Column("Tenant", width=92),
        "service_name": Column("Service", width=110),
        "resource_id": Column("Resource", width=110),
    }
    room = sum(_LINE_NAME_WIDTH for name in named if name in left_out)
    money = {
        cost_type.column: Column(cost_type.label.removesuffix(" cost"), "amount", width=66)
        for cost_type in COST_TYPES.values()
    }
    shown = {
        "charge_period_start": Column("Charge period starts", "instant", width=136),
        **{name: column for name, column in named.items() if name not in left_out},
        "charge_description": Column("Description", width=137 + room),
        "pricing_quantity": Column("Quantity", "amount", width=84),
        "pricing_unit": Column("Unit", width=50),
        **money,
    }
    show_table(lines, shown, key="lines", max_rows=18)
    st.caption(f"Amounts in {escaped(currency)}. A download has every column.")


def show_resource(resource_id: str, resource: Mapping[str, Any] | None) -> None:
    """Show what is known of one resource."""
    st.code(resource_id, language=None, wrap_lines=True)
    if resource is None:
        return
    facts = {
        "Name": resource["resource_name"],
        "Type": resource["resource_type"],
        "Service": resource["service_name"],
        "Region": resource["region_id"],
        "Sub account": resource["sub_account_id"],
        "Billed": fmt.days(resource["first_charge_date"], resource["last_charge_date"]),
    }
    told = {name: value for name, value in facts.items() if value}
    for column, (name, value) in zip(st.columns(len(told)), told.items(), strict=True):
        with column:
            st.caption(name)
            st.text(value)
    st.caption("Tags")
    st.text(_tags(resource["tags"]))


def _tags(written: str | None) -> str:
    tags = tags_of(written)
    return "   ".join(f"{key} = {value}" for key, value in tags.items()) or fmt.NONE


def known(value: Any) -> Decimal | None:
    """Return an amount from a frame; what is missing there is unknown."""
    return None if pd.isna(value) else value


def _drill(
    table_key: str,
    rows: list[dict[str, Any]],
    keys: Sequence[str],
    names: Sequence[str],
    drill: Drill,
) -> None:
    row = selected_row(table_key)
    if row is not None and row < len(rows):
        drill({key: str(rows[row][name]) for key, name in zip(keys, names, strict=True)})


def _unknown_note(row: pd.Series, cost: str) -> str | None:
    column = COST_TYPES[cost].unknown_column
    unknown = int(row[column]) if column else 0
    if not unknown:
        return None
    return (
        f"{COST_TYPES[cost].label} is unknown for {unknown:,} of "
        f"{fmt.counted(int(row['line_count']), 'line')}: the export does not tell it. "
        "The sum holds the others."
    )


def _difference(now: Decimal | None, then: Decimal | None) -> Decimal | None:
    return None if now is None or then is None else now - then
