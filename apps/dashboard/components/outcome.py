"""What a click changed, or why it changed nothing, said once when the page is drawn next."""

from collections.abc import Callable

import streamlit as st

from apps.dashboard.components.text import escaped
from control.errors import ControlError
from delivery.errors import MailError


def attempt(place: str, told: str, change: Callable[[], object]) -> None:
    """Change something.

    Args:
        place: Where on the page it is told.
        told: What to say when it happened.
        change: What to do.
    """
    try:
        change()
    except (ControlError, MailError) as error:
        text = str(error)
        st.session_state[_key(place)] = (False, f"{text[:1].upper()}{text[1:]}.")
    else:
        st.session_state[_key(place)] = (True, told)


def show_outcome(place: str) -> None:
    """Show what became of the last click there, once."""
    is_done, sentence = st.session_state.pop(_key(place), (True, ""))
    if sentence:
        show = st.success if is_done else st.error
        show(escaped(sentence), icon=":material/check:" if is_done else ":material/error:")


def _key(place: str) -> str:
    return f"outcome-{place}"
