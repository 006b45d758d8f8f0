"""What was read of a partner's data: pages and files, in the access log."""

import streamlit as st

from apps.dashboard.components.text import escaped
from apps.dashboard.directory import open_directory
from apps.dashboard.identity import Person
from apps.dashboard.pages import PageEntry, page_named
from control.permission import log
from pipeline.settings import Settings

_NOTED = "noted_read"
_LONGEST_TARGET = 200


def note_read(settings: Settings, person: Person, entry: PageEntry) -> None:
    """Log that a page was opened: once, not with every run of it."""
    target = _target(entry)
    noted = (person.partner_id, person.actor, target)
    if st.session_state.get(_NOTED) == noted:
        return
    log(open_directory(settings.control), person.as_actor, entry.action, target)
    st.session_state[_NOTED] = noted


def refuse_page(settings: Settings, person: Person, entry: PageEntry) -> None:
    """Say that a person's role does not open a page, and log it once."""
    _note_refusal(settings, person, entry, f"role {person.role}")
    st.title(entry.title, anchor=False)
    st.error(
        f"Your role, {person.role}, does not open this page. An admin of "
        f"{escaped(person.partner_id)} can give you another role.",
        icon=":material/lock:",
    )


def refuse_restricted(settings: Settings, person: Person, entry: PageEntry) -> None:
    """Say that a page shows nothing while processing is restricted, and log it once."""
    _note_refusal(settings, person, entry, "processing is restricted")
    st.title(entry.title, anchor=False)
    st.info("This page shows nothing while processing is restricted.", icon=":material/block:")
    st.page_link(page_named("privacy"), query_params={"partner": person.partner_id})


def _note_refusal(settings: Settings, person: Person, entry: PageEntry, detail: str) -> None:
    target = _target(entry)
    noted = (person.partner_id, person.actor, f"refused {target}")
    if st.session_state.get(_NOTED) != noted:
        directory = open_directory(settings.control)
        log(directory, person.as_actor, entry.action, target, is_refused=True, detail=detail)
        st.session_state[_NOTED] = noted


def _target(entry: PageEntry) -> str:
    asked = st.query_params.get(entry.target_param, "") if entry.target_param else ""
    shown = "".join(letter for letter in asked if letter.isprintable())
    return f"{entry.title} {shown}".strip()[:_LONGEST_TARGET]
