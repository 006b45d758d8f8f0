"""What is connected: the list, one connection's last test, testing again, and disconnecting."""

from datetime import date, datetime

import pandas as pd
import streamlit as st

from apps.dashboard import format as fmt
from apps.dashboard.components.address import replace_params
from apps.dashboard.components.connection_result import show_test
from apps.dashboard.components.table import Column, selected_row, show_table
from apps.dashboard.components.text import escaped
from apps.dashboard.connection_words import VERDICTS
from apps.dashboard.data.connections import Connecting, Line, results_of
from control.secret_expiry import reminder

_KEY = "connections"
_NOTHING = "\N{EN DASH}"
_KEEP, _DELETE = "Keep what was collected", "Delete what was collected, too"


def show_list(lines: list[Line], present: datetime) -> None:
    """Show what is connected; selecting a row names it in the address."""
    show_table(
        pd.DataFrame(
            {
                "tenant": [line.access.tenant_id for line in lines],
                "connection": [line.access.connection_id for line in lines],
                "name": [line.name or _NOTHING for line in lines],
                "opener": [_opener(line) for line in lines],
                "state": [_state(line) for line in lines],
                "tested": [_tested(line, present) for line in lines],
                "expiry": [_expiry(line) for line in lines],
            }
        ),
        {
            "tenant": Column("Tenant", width=100),
            "connection": Column("Connection", width=250),
            "name": Column("Name", width=90),
            "opener": Column("Opened by", width=215),
            "state": Column("Last test", width=110),
            "tested": Column("Tested", width=95),
            "expiry": Column("Secret ends", width=95),
        },
        key=_KEY,
        on_select=lambda: _choose(lines),
        max_rows=8,
    )


def show_reminders(lines: list[Line], today: date) -> None:
    """Show which secrets end soon, or did."""
    for line in lines:
        last = line.state.secret_expires_on if line.state else None
        told = reminder(last, today) if last else None
        if told and told.is_due:
            show = st.error if told.is_over else st.warning
            show(
                f"{escaped(line.access.connection_id)} of {escaped(line.access.tenant_id)}: "
                f"{told.sentence}. Make a new secret for the application and connect it again "
                "below.",
                icon=":material/key:",
            )


def show_one(connecting: Connecting, line: Line, *, can_test: bool = True) -> None:
    """Show a connection's last test, and what can be done with it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(escaped(line.access.connection_id), anchor=False, width="stretch")
        if can_test and st.button("Test again", icon=":material/refresh:"):
            replace_params({"request": [connecting.test(line)]})
            st.rerun()
        st.button("Close", icon=":material/close:", on_click=replace_params, args=({},))
    if line.state and line.state.results != "{}":
        show_test(results_of(line.state.results))
    else:
        st.caption("It was not tested yet.")
    with st.expander("Disconnect", icon=":material/link_off:"):
        _show_disconnect(connecting, line)


def _show_disconnect(connecting: Connecting, line: Line) -> None:
    name = line.access.connection_id
    st.markdown(
        "Access and secret are removed at once, and nothing is scanned any more. The role or "
        "application in the customer's cloud can be deleted then."
    )
    choice = st.radio("What was collected", [_KEEP, _DELETE], key=f"data-{name}")
    typed = st.text_input(f"Type {escaped(name)} to confirm", key=f"confirm-{name}")
    is_sure = typed.strip() == name
    if st.button("Disconnect", type="primary", disabled=not is_sure, key=f"disconnect-{name}"):
        request_id = connecting.disconnect(line, deletes_data=choice == _DELETE)
        replace_params({"request": [request_id]})
        st.rerun()


def _opener(line: Line) -> str:
    if line.access.role_arn:
        return f"role {line.access.role_arn.partition(':role/')[2]}"
    return f"application {line.access.client_id}"


def _state(line: Line) -> str:
    return VERDICTS[line.state.verdict] if line.state else "not tested"


def _tested(line: Line, present: datetime) -> str:
    return fmt.age(line.state.tested_at, present) if line.state else "never"


def _expiry(line: Line) -> str:
    last = line.state.secret_expires_on if line.state else None
    if last:
        return fmt.day(last)
    return "no secret" if line.access.role_arn else fmt.UNKNOWN


def _choose(lines: list[Line]) -> None:
    row = selected_row(_KEY)
    if row is None:
        replace_params({})
        return
    tenant, connection = lines[row].key
    replace_params({"tenant": [tenant], "connection": [connection]})
