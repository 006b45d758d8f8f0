"""The page of a finding that is not open: resolved, dismissed, not verified, or not known here."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from apps.dashboard import format as fmt
from apps.dashboard.components.text import escaped
from apps.dashboard.finding_words import reason as words_reason
from apps.dashboard.finding_words import resource_label

History = Mapping[str, Any]


def show_unknown(finding_id: str, partner_id: str) -> None:
    """Say that the partner has no such finding; whether another has one is not told."""
    st.title("Finding", anchor=False)
    asked = f"{escaped(finding_id)} " if finding_id else ""
    st.info(
        f"There is no finding {asked}among those of {escaped(partner_id)}. The link may be "
        "incomplete, or of another partner.",
        icon=":material/search_off:",
    )


def show_resolved(history: History) -> None:
    """Show the course of a finding that is open no more, and what the bill says of it."""
    name = resource_label(None, history["resource_id"])
    title = history["rule_title"] or history["rule_id"]
    st.title(f"{escaped(title)}: {escaped(name)}", anchor=False)
    _show_end(history)
    currency = history["billing_currency"] or ""
    with st.container(horizontal=True):
        for label, key in (("First seen", "first_seen_date"), ("Last seen", "last_seen_date")):
            st.metric(label, fmt.day(history[key]), border=True, height="stretch")
        st.metric(
            "Estimated savings per month",
            fmt.money(history["estimated_monthly_savings"], currency),
            border=True,
            height="stretch",
        )
        st.metric(
            "Realized savings per month",
            fmt.money(history["realized_monthly_savings"], currency),
            border=True,
            height="stretch",
        )
    is_unmeasured = history["status"] == "resolved" and history["realized_monthly_savings"] is None
    if is_unmeasured and _reason(history):
        st.caption(f"Realized savings are unknown: {_reason(history)}.")
    st.caption("Tenant")
    st.text(history["tenant_id"])
    st.caption("Identifier of the resource")
    st.code(history["resource_id"], language=None, wrap_lines=True)


def _show_end(history: History) -> None:
    """Say how the finding ended; what was dismissed saved nothing."""
    day = fmt.day(history["resolved_date"])
    if history["status"] == "resolved":
        st.success(
            f"Resolved on {day}: the scan no longer finds it.", icon=":material/check_circle:"
        )
    elif history["status"] == "dismissed":
        st.info(f"Dismissed on {day}: {_reason(history)}.", icon=":material/do_not_disturb_on:")
    elif history["status"] == "unverified":
        st.warning(
            f"Not verified since it was last seen. {_reason(history)}. Data health says what "
            "to do.",
            icon=":material/help:",
        )
    else:
        st.success(
            "Not found by the last scan of its place; the next one decides.",
            icon=":material/check_circle:",
        )


def _reason(history: History) -> str:
    return escaped(words_reason(history["realized_unknown_reason"] or ""))
