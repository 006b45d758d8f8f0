"""Whose marts a page shows: those of the person's partner, of the tenants that it may see."""

import streamlit as st

from apps.dashboard.components.text import escaped
from apps.dashboard.data.source import Source, current_source
from apps.dashboard.identity import current_person
from pipeline.settings import Settings


def require_source(settings: Settings) -> Source:
    """Return the person's newest marts, or say what is missing and stop the page."""
    person = current_person()
    partner_id = person.partner_id
    show_wrong_partner(partner_id)
    source = current_source(settings, partner_id, person.tenants)
    if source is None:
        st.info(
            f"The costs of {escaped(partner_id)} are not published yet. Run `cloudprune build "
            f"--partner {partner_id}` and then `cloudprune publish --partner {partner_id}`.",
            icon=":material/hourglass_empty:",
        )
        st.stop()
    return source


def show_wrong_partner(partner_id: str) -> None:
    """Say that the address named another partner, once."""
    unknown = st.session_state.pop("unknown_partner", None)
    if unknown:
        st.warning(
            f"There is no partner {escaped(unknown)} here; these are the costs of "
            f"{escaped(partner_id)}."
        )
