"""What data health shows of scans: the last of each connection, and places that were not read."""

from datetime import date, datetime

import pandas as pd
import streamlit as st

from apps.dashboard import format as fmt
from apps.dashboard.components.address import choose, replace_params
from apps.dashboard.components.table import Column, selected_row, show_sentences, show_table
from apps.dashboard.components.text import escaped

STATUS = {
    "complete": "complete",
    "denied": "denied",
    "throttled": "throttled",
    "disabled": "not enabled",
    "failed": "failed",
}
_NAMED = 4


def show_scans(scans: pd.DataFrame, present: datetime, generation: int) -> None:
    """Show the last scan of each connection; selecting one names it in the address."""
    keys = [(str(row["tenant_id"]), str(row["connection_id"])) for _, row in scans.iterrows()]
    table_key = f"scans-{generation}"
    show_table(
        scans.assign(
            when=[fmt.age(moment, present) for moment in scans["finished_at"]],
            took=[
                fmt.duration(row["started_at"], row["finished_at"]) for _, row in scans.iterrows()
            ],
            places=[_places(row) for _, row in scans.iterrows()],
        ),
        {
            "tenant_id": Column("Tenant", width=110),
            "connection_id": Column("Connection", width=290),
            "when": Column("Last scan", width=110),
            "took": Column("Took", width=75),
            "requested_by": Column("Asked by", width=80),
            "resource_count": Column("Resources", "count", width=85),
            "call_count": Column("Calls", "count", "Calls of the cloud's API", width=70),
            "places": Column("Places read", help="A place is a table of one region", width=115),
        },
        key=table_key,
        on_select=lambda: _choose(table_key, keys),
        max_rows=10,
    )


def show_unread(unread: pd.DataFrame) -> None:
    """Show why places were not read and who must do what."""
    if unread.empty:
        st.caption("Every place was read.")
        return
    show_sentences(
        unread.assign(
            state=[STATUS.get(str(status), str(status)) for status in unread["status"]],
            where=[
                f"{_few(names)} in {_few(regions)}"
                for names, regions in zip(unread["table_names"], unread["regions"], strict=True)
            ],
            held=[_held(day) for day in unread["held_from"]],
            advice=[fmt.text(None if pd.isna(text) else text) for text in unread["action"]],
            why=[fmt.text(None if pd.isna(text) else text) for text in unread["message"]],
        ),
        {
            "tenant_id": Column("Tenant"),
            "sub_account_id": Column("Sub account"),
            "where": Column("Not read"),
            "state": Column("State"),
            "why": Column("What happened"),
            "advice": Column("What to do"),
            "held": Column("Shown instead"),
        },
    )


def show_coverage(coverage: pd.DataFrame) -> None:
    """Show the state of every place of one connection: a row per region, a column per table."""
    accounts = [str(account) for account in coverage["sub_account_id"].unique()]
    account = accounts[0]
    if len(accounts) > 1:
        unread = ~coverage["status"].isin(["complete", "disabled"])
        worst = unread.groupby(coverage["sub_account_id"]).sum().to_dict()
        ranked = sorted(accounts, key=lambda name: (-worst[name], name))
        names = {name: _account_name(name, worst[name]) for name in ranked}
        with st.container(width=420):
            account = choose("Sub account", names, param="account")
    places = coverage[coverage["sub_account_id"] == account]
    is_enabled = places["status"] != "disabled"
    if not is_enabled.all():
        closed = places.loc[~is_enabled, "region_id"].unique()
        st.caption(f"Regions not enabled by the account: {escaped(', '.join(sorted(closed)))}.")
    _show_grid(places[is_enabled], f"coverage-{account}")


def _show_grid(places: pd.DataFrame, key: str) -> None:
    states = places.assign(
        state=[_state(row) for _, row in places.iterrows()],
        region=[_region(str(region)) for region in places["region_id"]],
    )
    if states.empty:
        return
    grid = states.pivot(index="region", columns="table_name", values="state").reset_index()
    grid = grid.astype(object).where(grid.notna(), "not asked")
    tables = [str(name) for name in grid.columns if name != "region"]
    show_table(
        grid.rename(columns=str),
        {"region": Column("Region", width=120)}
        | {table: Column(_table_name(table), help=table) for table in tables},
        key=key,
        max_rows=20,
    )


def _table_name(table: str) -> str:
    name = table.removeprefix("aws_").removeprefix("azure_").replace("_", " ")
    return f"{name[:1].upper()}{name[1:]}"


def _account_name(account: str, unread: int) -> str:
    return f"{account}, {fmt.counted(unread, 'place')} not read" if unread else account


def _state(row: pd.Series) -> str:
    if row["status"] == "complete":
        return fmt.count(int(row["resource_count"]))
    return STATUS.get(str(row["status"]), str(row["status"]))


def _region(region: str) -> str:
    return "all regions" if region in ("", "*") else region


def _places(row: pd.Series) -> str:
    asked = int(row["place_count"] - row["disabled_count"])
    text = f"{row['complete_count']:,} of {asked:,}"
    return f"{text}, {row['unread_count']:,} not" if row["unread_count"] else text


def _few(values: list[str]) -> str:
    named = [_region(str(value)) for value in values]
    more = f" and {len(named) - _NAMED:,} more" if len(named) > _NAMED else ""
    return ", ".join(named[:_NAMED]) + more


def _held(day: date | None) -> str:
    return "nothing" if day is None or pd.isna(day) else f"resources of {fmt.day(day)}"


def _choose(table_key: str, keys: list[tuple[str, str]]) -> None:
    row = selected_row(table_key)
    if row is None:
        replace_params({})
        return
    tenant, connection = keys[row]
    replace_params({"tenant": [tenant], "connection": [connection]})
