"""Sign-ins that were ended here, until their tokens end by themselves.

The framework keeps no sessions: whoever holds a copy of a cookie is signed in by it. A sign-out
takes the cookie from one browser; this makes its copies, and the browser's other pages, worthless.
It holds in this process; `sign_out_everywhere` holds in all.
"""

import threading
from datetime import datetime

import streamlit as st

from apps.dashboard.sign_in.claims import Identity


class EndedSessions:
    """Sign-ins that are over before their tokens are."""

    def __init__(self) -> None:
        self._ends: dict[str, datetime] = {}
        self._turn = threading.Lock()

    def end(self, identity: Identity, now: datetime) -> None:
        """Let a sign-in be over."""
        with self._turn:
            self._ends = {key: ends for key, ends in self._ends.items() if ends > now}
            self._ends[identity.session_id] = identity.ends_at

    def has_ended(self, identity: Identity) -> bool:
        """Return whether a sign-in was ended."""
        return identity.session_id in self._ends


@st.cache_resource(show_spinner=False)
def ended_sessions() -> EndedSessions:
    """Return the sign-ins that were ended in this process."""
    return EndedSessions()
