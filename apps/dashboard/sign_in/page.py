"""What somebody sees who is not signed in, or may not enter."""

import streamlit as st

from apps.dashboard.components.text import escaped
from apps.dashboard.sign_in.errors import RefusedError
from apps.dashboard.sign_in.settings import PROVIDER
from apps.dashboard.sign_in.way import INVITATION_COOKIE, TURNED_AWAY

_WIDTH = 460


def show_sign_in() -> None:
    """Show the button that leads to the identity provider."""
    with _card("sign-in"):
        st.title("CloudPrune", anchor=False)
        if st.context.cookies.get(INVITATION_COOKIE):
            st.markdown(
                "You have been invited. Sign in with the address that the invitation was sent to."
            )
        else:
            st.markdown("Sign in with your organization's account.")
        if st.query_params.get(TURNED_AWAY) is not None:
            st.warning(
                "Your identity provider did not let you in. Choose the organization that you "
                "belong to; if you are in none yet, ask whoever invited you.",
                icon=":material/block:",
            )
        st.button("Sign in", type="primary", width="stretch", on_click=st.login, args=(PROVIDER,))
        st.caption("A second factor is needed. Cookies keep you signed in, and do nothing else.")


def show_refusal(refused: RefusedError, email: str) -> None:
    """Say why somebody may not enter, and offer the ways on."""
    with _card("refusal"):
        st.title("You cannot enter", anchor=False)
        st.error(escaped(str(refused)), icon=":material/lock:")
        if email:
            st.caption(f"Signed in as {escaped(email)}.")
        with st.container(horizontal=True):
            if refused.can_retry:
                st.button("Sign in again", type="primary", on_click=st.login, args=(PROVIDER,))
            st.button("Sign out", icon=":material/logout:", on_click=st.logout)


def _card(key: str) -> "st.delta_generator.DeltaGenerator":
    """Return a place in the middle of the page."""
    with st.container(horizontal_alignment="center", key=f"{key}-page"):
        return st.container(border=True, width=_WIDTH, key=f"{key}-card")
