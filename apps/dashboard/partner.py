"""Whose costs are shown. There is no sign-in yet: the demo lets its reader choose."""

import streamlit as st

from apps.dashboard.components.text import escaped
from apps.dashboard.data.source import Source, current_source, known_partners
from apps.dashboard.identity import be, demo_person
from pipeline.settings import Settings

PARTNER_PARAM = "partner"
_CHOICE = "partner_choice"


def choose_partner(settings: Settings) -> None:
    """Show the demo banner and the switcher; the address says whose costs are shown."""
    partners = known_partners(settings)
    if not partners:
        st.error("No partner yet", icon=":material/group_off:")
        return
    asked = st.query_params.get(PARTNER_PARAM) or st.session_state.get(PARTNER_PARAM)
    chosen = asked if asked in partners else partners[0]
    if asked and chosen != asked:
        st.session_state["unknown_partner"] = asked
    _remember(chosen)
    st.session_state[_CHOICE] = chosen
    st.warning("**Demo**: no sign-in. Every partner is open to whoever uses this computer.")
    st.selectbox("Partner", partners, key=_CHOICE, on_change=_switch)


def require_source(settings: Settings) -> Source:
    """Return the chosen partner's newest marts, or say what is missing and stop the page."""
    partner_id = st.session_state.get(PARTNER_PARAM)
    if not partner_id:
        st.info(
            "There is no partner yet. Make one with the demo's bills, `cloudprune demo`, or with "
            "your own: `cloudprune ingest PATH --partner P --tenant T`.",
            icon=":material/group_off:",
        )
        st.stop()
    unknown = st.session_state.pop("unknown_partner", None)
    if unknown:
        st.warning(
            f"There is no partner {escaped(unknown)} here; these are the costs of {partner_id}."
        )
    source = current_source(settings, partner_id)
    if source is None:
        st.info(
            f"The costs of {escaped(partner_id)} are not published yet. Run `cloudprune build "
            f"--partner {partner_id}` and then `cloudprune publish --partner {partner_id}`.",
            icon=":material/hourglass_empty:",
        )
        st.stop()
    return source


def _switch() -> None:
    """Show another partner: nothing of the address holds for it."""
    chosen = st.session_state[_CHOICE]
    st.query_params.from_dict({PARTNER_PARAM: chosen})
    st.session_state[PARTNER_PARAM] = chosen


def _remember(partner_id: str) -> None:
    st.session_state[PARTNER_PARAM] = partner_id
    be(demo_person(partner_id))
    if st.query_params.get(PARTNER_PARAM) != partner_id:
        st.query_params[PARTNER_PARAM] = partner_id
