"""The demo, which has no sign-in: whoever uses this computer looks at any partner."""

import streamlit as st

from apps.dashboard.data.source import known_partners
from apps.dashboard.identity import Person, demo_person
from pipeline.settings import Settings

PARTNER_PARAM = "partner"
_CHOICE = "partner_choice"


def choose_partner(settings: Settings) -> Person:
    """Return the demo's person; the address, or what was chosen last, says of which partner."""
    partners = known_partners(settings)
    if not partners:
        with st.sidebar:
            st.error("No partner yet", icon=":material/group_off:")
        st.info(
            "There is no partner yet. Make one with the demo's bills, `cloudprune demo`, or with "
            "your own: `cloudprune ingest PATH --partner P --tenant T`.",
            icon=":material/group_off:",
        )
        st.stop()
    asked = st.query_params.get(PARTNER_PARAM) or st.session_state.get(PARTNER_PARAM)
    chosen = asked if asked in partners else partners[0]
    if asked and chosen != asked:
        st.session_state["unknown_partner"] = asked
    st.session_state[PARTNER_PARAM] = chosen
    st.session_state[_CHOICE] = chosen
    if st.query_params.get(PARTNER_PARAM) != chosen:
        st.query_params[PARTNER_PARAM] = chosen
    return demo_person(chosen)


def show_switcher(settings: Settings) -> None:
    """Show that this is the demo, and the list of partners."""
    st.warning("**Demo**: no sign-in. Every partner is open to whoever uses this computer.")
    st.selectbox("Partner", known_partners(settings), key=_CHOICE, on_change=_switch)


def _switch() -> None:
    """Show another partner: nothing of the address holds for it."""
    chosen = st.session_state[_CHOICE]
    st.query_params.from_dict({PARTNER_PARAM: chosen})
    st.session_state[PARTNER_PARAM] = chosen
