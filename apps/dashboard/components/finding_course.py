"""Where a finding stands with people: its decision, its course, and a place to comment."""

import streamlit as st

from apps.dashboard import format as fmt
from apps.dashboard.components.decisions import show_decide, show_outcome
from apps.dashboard.components.text import escaped
from apps.dashboard.data import decided as data
from apps.dashboard.data.source import Source
from apps.dashboard.identity import Person
from control import records
from control.decisions import Subject
from control.roles import Action

_ICONS = {"comment": ":material/chat:", "decision": ":material/gavel:"}
_STATES = {
    "open": "Open",
    "snoozed": "Snoozed",
    "dismissed": "Dismissed",
    "done": "Marked as done; the next scan checks it",
}


def show_standing(source: Source, person: Person, tenant_id: str, finding_id: str) -> None:
    """Show what was decided on a finding, and let those who may decide on it."""
    held = data.load_decision(source, tenant_id, finding_id)
    with st.container(horizontal=True, vertical_alignment="center", key="finding-standing"):
        st.markdown(_standing(held), width="stretch")
        if person.may(Action.DECIDE):
            show_decide(source, person, [(tenant_id, finding_id)])
    show_outcome(source, person)


def show_course(source: Source, person: Person, tenant_id: str, finding_id: str) -> None:
    """Show the comments and decisions of a finding, and a place for another comment."""
    course = data.load_course(source, tenant_id, finding_id)
    if not course:
        st.caption("Nobody has said anything about it yet.")
    for note in course:
        st.markdown(
            f"{_ICONS.get(note.kind, '')} **{escaped(note.written_by)}**, "
            f"{fmt.instant(note.written_at)}: {escaped(note.text)}"
        )
    if not person.may(Action.DECIDE):
        return
    with st.form("finding-comment", clear_on_submit=True, border=False):
        text = st.text_area("Comment", max_chars=2000, height=80)
        if st.form_submit_button("Comment", icon=":material/send:") and text.strip():
            subject = Subject(tenant_id, finding_id)
            data.comment(source, person, subject, text.strip())
            st.rerun()


def _standing(held: records.FindingDecision | None) -> str:
    if held is None:
        return "**Open**, decided on by nobody yet."
    words = f"**{_STATES[held.state]}**"
    if held.state == "snoozed" and held.snoozed_until:
        words += f" until {fmt.day(held.snoozed_until)}"
    if held.reason:
        words += f": {escaped(held.reason)}"
    if held.assignee:
        words += f". Assigned to {escaped(held.assignee)}"
    return f"{words}. By {escaped(held.decided_by)}, {fmt.instant(held.decided_at)}."
