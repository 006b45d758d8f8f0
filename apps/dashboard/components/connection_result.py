"""What came of a request to the worker, live; and what a test found, question by question."""

from datetime import UTC, datetime
from typing import Any

import pandas as pd
import streamlit as st

from apps.dashboard.components.address import replace_params
from apps.dashboard.components.table import Column, show_sentences
from apps.dashboard.components.text import escaped
from apps.dashboard.connection_words import outcome_sentence, rows_of
from apps.dashboard.data.connections import Connecting, results_of
from apps.dashboard.presence import require_presence
from control.records import ConnectionRequest

_WAITING = ("requested", "running")
_PATIENT_S = 20
_TITLES = {
    "connect": "Connecting",
    "organization": "Connecting the organization",
    "test": "Testing",
    "disconnect": "Disconnecting",
}


def show_request(connecting: Connecting, request_id: str) -> None:
    """Show how far a request is, and what came of it."""
    request = connecting.request(request_id)
    if request is None:
        st.info("There is no such request.")
        return
    if request.status in _WAITING:
        _wait(connecting, request_id)
    else:
        _show_done(request)


@st.fragment(run_every=1.0)
def _wait(connecting: Connecting, request_id: str) -> None:
    require_presence()
    request = connecting.request(request_id)
    if request is None or request.status not in _WAITING:
        st.rerun(scope="app")
    seconds = int((datetime.now(UTC) - request.requested_at).total_seconds())
    st.info(f"{_TITLES[request.kind]}: {seconds:,} s", icon=":material/hourglass_top:")
    if request.message:
        st.warning(outcome_sentence(request.status, request.message), icon=":material/warning:")
    elif request.status == "requested" and seconds > _PATIENT_S:
        st.caption(
            "Nobody has taken it yet. Whoever runs this installation starts a worker: "
            "`cloudprune work --watch`, or the orchestrator."
        )


def _show_done(request: ConnectionRequest) -> None:
    results = results_of(request.results)
    test = results.get("test") or {}
    told = outcome_sentence(request.status, request.message)
    with st.container(horizontal=True, vertical_alignment="top"):
        with st.container(width="stretch"):
            if test.get("verdict") == "open":
                st.error(f"**The trust policy is open.** {told}", icon=":material/lock_open:")
            elif request.status == "failed" or results.get("is_connected") is False:
                st.warning(told, icon=":material/warning:")
            else:
                st.success(told, icon=":material/check_circle:")
        st.button(
            "Close",
            icon=":material/close:",
            on_click=replace_params,
            args=({},),
            key="close-result",
        )
    if results.get("members"):
        _show_members(results["members"])
    if test:
        show_test(test)


def show_test(test: dict[str, Any]) -> None:
    """Show what a test asked and was answered; what needs somebody comes first."""
    rows = rows_of(test)
    if rows.empty:
        return
    columns = {
        "group": Column(""),
        "question": Column("Question"),
        "answer": Column("Answer"),
        "unlocks": Column("Unlocks"),
        "note": Column("Note"),
    }
    show_sentences(rows, columns)


def _show_members(members: list[dict[str, Any]]) -> None:
    st.subheader("Member accounts", anchor=False)
    show_sentences(
        pd.DataFrame(
            {
                "name": [str(member["name"]) for member in members],
                "connection": [str(member["connection_id"]) for member in members],
                "state": [
                    "connected" if member["is_connected"] else "not connected" for member in members
                ],
                "message": [str(member["message"]) for member in members],
            }
        ),
        {
            "name": Column("Account"),
            "connection": Column("Connection"),
            "state": Column("State"),
            "message": Column("What happened"),
        },
    )


def show_refusal(message: str) -> None:
    """Show why something that was entered is not taken."""
    text = escaped(message.strip().rstrip("."))
    st.error(f"{text[:1].upper()}{text[1:]}.", icon=":material/block:")
