"""The access log's filters, which live in the address, and its rows."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime, timedelta

import pandas as pd
import pyarrow as pa
import streamlit as st

from apps.dashboard.components.address import choose
from apps.dashboard.components.table import Column, show_table
from control.access_log import KEPT, AccessFilter
from control.records import AccessEntry

_PERIODS = {"7": "7 days", "1": "24 hours", "30": "30 days", "90": "90 days"}
_OUTCOMES = {"": "All", "done": "Done", "refused": "Refused"}
_LONGEST_WORDS = 100


def show_filters(actors: Sequence[str], actions: Sequence[str]) -> AccessFilter:
    """Show what can be filtered by, and return what is wanted."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="access-filters"):
        days = choose("Period", _PERIODS, param="days", style="buttons")
        outcome = choose("Outcome", _OUTCOMES, param="outcome", style="buttons")
    who, what, words = st.columns([1, 1, 1])
    with who:
        actor = choose("Who", {"": "Everybody", **{each: each for each in actors}}, param="who")
    with what:
        action = choose("What", {"": "All", **{each: each for each in actions}}, param="what")
    with words:
        st.session_state["access-words"] = st.query_params.get("words", "")[:_LONGEST_WORDS]
        asked = st.text_input(
            "Words",
            key="access-words",
            max_chars=_LONGEST_WORDS,
            on_change=_store_words,
            placeholder="In any column",
        )
    since = datetime.now(UTC) - min(timedelta(days=int(days)), KEPT)
    return AccessFilter(
        (actor,) if actor else (), (action,) if action else (), outcome, since, None, asked
    )


def show_entries(entries: Sequence[AccessEntry]) -> None:
    """Show entries, in their order."""
    frame = pd.DataFrame([asdict(entry) for entry in entries])
    tenant = {"tenant_id": Column("Tenant", width=90)} if frame["tenant_id"].any() else {}
    show_table(
        frame.replace("", "-"),
        {
            "logged_at": Column("When", "instant", width=150),
            "actor": Column("Who", width=190),
            "action": Column("What", width=150),
            "outcome": Column("Outcome", width=80),
            "target": Column("Of what", width=200),
            **tenant,
            "detail": Column("Detail", width=205),
        },
        key=f"access-log-{hash(entries)}",
    )


def as_table(entries: Sequence[AccessEntry]) -> pa.Table:
    """Return entries for a file."""
    names = [field.name for field in fields(AccessEntry) if field.name != "entry_id"]
    kinds = {"logged_at": pa.timestamp("us", "UTC")}
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in names])
    rows = [{name: getattr(entry, name) for name in names} for entry in entries]
    return pa.Table.from_pylist(rows, schema=schema)


def _store_words() -> None:
    words = st.session_state["access-words"]
    if words:
        st.query_params["words"] = words
    else:
        st.query_params.pop("words", None)
