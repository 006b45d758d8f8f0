"""Asking for scans: of one tenant, or of all that the person sees."""

import streamlit as st

from apps.dashboard import format as fmt
from apps.dashboard.components.feedback import refuse, say, told
from apps.dashboard.components.finding_links import page_params
from apps.dashboard.data.scanning import Scanning
from apps.dashboard.identity import may
from apps.dashboard.pages import page_named
from control.roles import Action

_ALL = ""
_CHOICE = "scan-tenant"
_NAMED = 3


def show_asking(scanning: Scanning) -> None:
    """Show `Scan now`, or why this person cannot."""
    if not may(Action.SCAN):
        st.caption("Scans are asked for by analysts and admins; you can follow them here.")
    else:
        _show_choice(scanning.tenants(), scanning)


def _show_choice(tenants: list[str], scanning: Scanning) -> None:
    if not tenants:
        _show_nothing_connected()
        return
    choices = tenants if len(tenants) == 1 else [_ALL, *tenants]
    asked = st.query_params.get("tenant", "")
    if st.session_state.get(_CHOICE) not in choices:
        st.session_state[_CHOICE] = asked if asked in choices else choices[0]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "Scan",
            choices,
            key=_CHOICE,
            format_func=lambda name: name or f"All {len(tenants):,} tenants",
            width=260,
        )
        st.button(
            "Scan now",
            type="primary",
            icon=":material/radar:",
            on_click=_ask,
            args=(scanning,),
        )


def _show_nothing_connected() -> None:
    st.info(
        "No cloud is connected yet, so there is nothing to scan. "
        + (
            "Connect the first one."
            if may(Action.CONNECT)
            else "An admin connects clouds on the page Connections."
        ),
        icon=":material/link:",
    )
    if may(Action.CONNECT):
        st.page_link(page_named("connections"), label="Connections", query_params=page_params({}))


def _ask(scanning: Scanning) -> None:
    tenant_id = st.session_state[_CHOICE]
    with told():
        if tenant_id != _ALL:
            count = scanning.ask(tenant_id)
            say(f"Asked for {fmt.counted(count, 'scan')} of {tenant_id}.")
            return
        asked = scanning.ask_all()
        if asked.tenants:
            say(f"Asked for scans of {fmt.counted(len(asked.tenants), 'tenant')}.")
        if asked.refusals:
            more = len(asked.refusals) - _NAMED
            named = "; ".join(asked.refusals[:_NAMED])
            refuse(f"{named}; and {more:,} more" if more > 0 else named)
