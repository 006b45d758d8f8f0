"""Connections: what is connected and how it stands, connecting a cloud, and disconnecting it."""

from datetime import UTC, datetime

import streamlit as st

from apps.dashboard.components import connection_list as listing
from apps.dashboard.components import freshness
from apps.dashboard.components.connection_result import show_request
from apps.dashboard.components.connection_wizard import show_wizard
from apps.dashboard.data.connections import Connecting
from apps.dashboard.identity import current_person, may
from apps.dashboard.restriction import stops
from control.roles import Action
from pipeline.settings import Settings

st.title("Connections", anchor=False)
if not may(Action.CONNECT):
    st.info(
        "Clouds are connected and disconnected by an admin of the partner.",
        icon=":material/lock:",
    )
    st.stop()
settings, person = Settings(), current_person()
connecting = Connecting(settings, person)
is_stopped = stops(settings, person, Action.CONNECT)
request_id = st.query_params.get("request")
if request_id:
    show_request(connecting, request_id)
if not is_stopped and connecting.setup(st.query_params.get("setup", "")):
    show_wizard(connecting, settings)
    st.stop()
lines = connecting.lines()
listing.show_reminders(lines, datetime.now(UTC).date())
if lines:
    listing.show_list(lines, freshness.now())
elif is_stopped:
    st.info("Nothing is connected.", icon=":material/link:")
else:
    st.info("Nothing is connected yet. Connect the first cloud below.", icon=":material/link:")
asked = (st.query_params.get("tenant", ""), st.query_params.get("connection", ""))
chosen = next((line for line in lines if line.key == asked), None)
if chosen:
    listing.show_one(connecting, chosen, can_test=not is_stopped)
    st.stop()
if is_stopped:
    st.caption("While processing is restricted, clouds can be disconnected and nothing else.")
    st.stop()
st.subheader("Connect a cloud", anchor=False)
show_wizard(connecting, settings)
