"""A partner's data, for its admins: an archive of all of it, and erasure of a part or of all."""

import streamlit as st

from apps.dashboard.components.feedback import CONTROL_WIDTH, say, told
from apps.dashboard.components.text import escaped
from apps.dashboard.data import privacy as data
from apps.dashboard.data.privacy import Erasable
from apps.dashboard.identity import Person
from control.privacy_records import RequestKind, Subject, SubjectKind
from pipeline.settings import Settings

_CONSEQUENCES = {
    SubjectKind.TENANT: "Its bills, inventory, findings, decisions and connections go.",
    SubjectKind.CONNECTION: "Its bills, inventory, findings and its secret go; others stay.",
    SubjectKind.MEMBER: "Its name goes everywhere; what it decided about findings stays.",
    SubjectKind.PARTNER: "Everything goes, every member's access with it, and the keys.",
}


def show_partner(settings: Settings, person: Person) -> None:
    """Show what an admin may do with its partner's data."""
    st.subheader("A copy of everything", anchor=False)
    st.caption(
        f"All records, marts and landed tables of {escaped(person.partner_id)}, as JSON, CSV and "
        "Parquet in one zip file. It is made in the background and kept for a week."
    )
    st.button(
        "Ask for a copy of everything",
        icon=":material/inventory_2:",
        on_click=_ask,
        args=(settings, person),
    )
    st.subheader("Erase", anchor=False)
    choices = data.erasables(settings, person)
    chosen = st.selectbox(
        "What is to go?",
        choices,
        index=None,
        placeholder="Choose a tenant, a connection, a member, or everything",
        format_func=lambda each: each.label,
        key="erase-what",
        width=CONTROL_WIDTH,
    )
    if chosen is not None:
        _show_erasure(settings, person, chosen)


def _show_erasure(settings: Settings, person: Person, chosen: Erasable) -> None:
    st.warning(
        f"{_CONSEQUENCES[chosen.subject.kind]} This cannot be undone, not even from a backup.",
        icon=":material/warning:",
    )
    key = f"erase-confirmation-{chosen.subject.key}"
    st.markdown(f"To confirm, type its name: **{escaped(chosen.confirmation)}**")
    typed = st.text_input("Its name", key=key, width=CONTROL_WIDTH)
    st.button(
        "Erase for good",
        type="primary",
        icon=":material/delete_forever:",
        disabled=typed.strip() != chosen.confirmation,
        on_click=_erase,
        args=(settings, person, chosen.subject, typed),
    )


def _ask(settings: Settings, person: Person) -> None:
    with told():
        subject = Subject(SubjectKind.PARTNER, person.partner_id)
        made = data.ask(settings, person, subject, RequestKind.PORTABILITY)
        say(
            f"Received. The archive appears under Requests, by {made.due_at:%-d %b %Y} at the "
            "latest."
        )


def _erase(settings: Settings, person: Person, subject: Subject, typed: str) -> None:
    with told():
        data.ask_to_erase(settings, person, subject, typed)
        say("Received. It is erased in the background; the receipt appears under Requests.")
