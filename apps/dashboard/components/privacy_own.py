"""The person's own data: an archive of it, and everything else that may be asked for."""

import streamlit as st

from apps.dashboard.components.feedback import CONTROL_WIDTH, say, told
from apps.dashboard.components.text import escaped
from apps.dashboard.data import privacy as data
from apps.dashboard.identity import Person
from control.privacy_records import RequestKind
from pipeline.settings import Settings

ASKED = {
    RequestKind.RECTIFICATION: "Correct what is said about me",
    RequestKind.RESTRICTION: "Keep my data, and do nothing with it",
    RequestKind.OBJECTION: "Object to how my data is used",
    RequestKind.PORTABILITY: "Hand my data to somebody else",
    RequestKind.ERASURE: "Erase my data for good",
}


def show_own(settings: Settings, person: Person) -> None:
    """Show what a member may do with its own data; the demo has no members."""
    if not person.member_id:
        st.info(
            "The demo has no sign-in, so there is nobody whose data this could be. A member finds "
            "an archive of its data here, and can have it corrected, restricted and erased.",
            icon=":material/person_off:",
        )
        return
    st.subheader("A copy of your data", anchor=False)
    st.caption("Everything that names you, as JSON, CSV and Parquet in one zip file.")
    st.button(
        "Ask for a copy",
        icon=":material/inventory_2:",
        on_click=_ask,
        args=(settings, person, RequestKind.ACCESS, ""),
    )
    st.subheader("Something else", anchor=False)
    kind = st.selectbox(
        "What do you ask for?",
        list(ASKED),
        format_func=ASKED.__getitem__,
        key="own-kind",
        width=CONTROL_WIDTH,
    )
    if kind is RequestKind.ERASURE:
        _show_erasure(settings, person)
        return
    note = st.text_area(
        "What should we know?",
        key="own-note",
        max_chars=2000,
        placeholder="such as what is wrong",
        width=CONTROL_WIDTH,
    )
    st.button("Send", key="own-send", on_click=_ask, args=(settings, person, kind, note))


def _show_erasure(settings: Settings, person: Person) -> None:
    st.warning(
        "You cannot sign in afterwards. What you decided about findings stays with your "
        "organization, without your name."
    )
    st.markdown(f"To confirm, type your address: **{escaped(person.actor)}**")
    typed = st.text_input("Your address", key="own-confirmation", width=CONTROL_WIDTH)
    st.button(
        "Erase my data",
        type="primary",
        key="own-erase",
        disabled=typed.strip() != person.actor,
        on_click=_erase,
        args=(settings, person, typed),
    )


def _ask(settings: Settings, person: Person, kind: RequestKind, note: str) -> None:
    with told():
        made = data.ask(settings, person, data.own_subject(person), kind, note)
        say(f"Received. It is due on {made.due_at:%-d %b %Y}.")


def _erase(settings: Settings, person: Person, typed: str) -> None:
    with told():
        data.ask_to_erase(settings, person, data.own_subject(person), typed)
        say("Received. Your data is erased within minutes.")
