"""Whose marts a page shows: those of the person's partner, of the tenants that it may see."""

import streamlit as st

from apps.dashboard.components.text import escaped
from apps.dashboard.data.source import Source, current_source
from apps.dashboard.identity import Person, current_person
from apps.dashboard.pages import page_named
from control.roles import Action
from pipeline.settings import Settings


def require_source(settings: Settings) -> Source:
    """Return the person's newest marts, or say what is missing and stop the page."""
    person = current_person()
    partner_id = person.partner_id
    show_wrong_partner(partner_id)
    source = current_source(settings, partner_id, person.tenants)
    if source is None:
        _show_first_steps(person)
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


def _show_first_steps(person: Person) -> None:
    """Say what has to happen before there is something to show, and lead there."""
    st.title("Nothing to show yet", anchor=False)
    st.info(
        f"No costs and no findings of {escaped(person.partner_id)} are published yet. Connect a "
        "cloud, scan it, and have its cost exports delivered; pages fill by themselves.",
        icon=":material/hourglass_empty:",
    )
    with st.container(horizontal=True):
        for name, action in (("connections", Action.CONNECT), ("scans", Action.SCAN)):
            if person.may(action):
                st.page_link(page_named(name), query_params={"partner": person.partner_id})
    if not person.may(Action.CONNECT):
        st.caption("An admin connects clouds.")
    of = f"--partner {person.partner_id}"
    st.caption(
        f"Whoever runs this installation lands exports by `cloudprune ingest PATH {of} --tenant "
        f"TENANT` and publishes them by `cloudprune build {of}` and `cloudprune publish {of}`."
    )
