"""What became of something that was asked for, said when the page is drawn next."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from apps.dashboard.components.text import escaped
from control.errors import ControlError
from delivery.errors import MailError

CONTROL_WIDTH = 560
"""Pixels of what is typed or chosen; a name needs no more."""
_SAID, _REFUSED = "said", "refused"


@contextmanager
def told() -> Iterator[None]:
    """Keep a refusal as a sentence."""
    try:
        yield
    except (ControlError, MailError) as error:
        refuse(str(error))


def attempt(sentence: str, change: Callable[[], object]) -> None:
    """Change something, and keep what happened, or why it did not, as a sentence."""
    with told():
        change()
        say(sentence)


def say(sentence: str) -> None:
    """Keep what happened as a sentence."""
    st.session_state[_SAID] = sentence


def refuse(sentence: str) -> None:
    """Keep why something did not happen as a sentence."""
    st.session_state[_REFUSED] = sentence


def show_feedback() -> None:
    """Show it, once."""
    said, refused = st.session_state.pop(_SAID, ""), st.session_state.pop(_REFUSED, "")
    if said:
        st.success(escaped(said), icon=":material/check:")
    if refused:
        sentence = refused[:1].upper() + refused[1:].rstrip(".")
        st.error(f"{escaped(sentence)}.", icon=":material/error:")
