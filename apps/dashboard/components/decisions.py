"""Deciding on findings, one or many: assign, snooze, dismiss, mark as done, open again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import streamlit as st

from apps.dashboard import format as fmt
from apps.dashboard.components.text import escaped
from apps.dashboard.data import decided as data
from apps.dashboard.data.source import Source
from apps.dashboard.identity import Person
from control.decisions import Change, Subject
from control.errors import ControlError

NOBODY = "nobody"
_SNOOZED_FOR = timedelta(days=30)
_REASONS = (
    "Needed as it is",
    "Not ours to change",
    "Costs more to change than it saves",
    "Wrong: the finding is not true",
    "Other",
)
_UNDO = "decision_to_undo"
_ERROR = "decision_error"


@dataclass(frozen=True)
class Undo:
    """How a decision is taken back: the states that findings had before it."""

    words: str
    before: tuple[tuple[Subject, Change], ...]


def show_decide(source: Source, person: Person, findings: Sequence[tuple[str, str]]) -> None:
    """Show a form that decides on findings, given by tenant and id."""
    subjects = data.versions(source, findings)  # as they are on the page that is drawn now
    words = "finding" if len(findings) == 1 else f"{len(findings):,} findings"
    with st.popover(f"Decide on {words}", icon=":material/gavel:"):
        kind = st.segmented_control(
            "Decision",
            [_ASSIGN, *_FORMS],
            default=_ASSIGN,
            key="decision-kind",
            required=True,
        )
        change = _assign(source, person) if kind == _ASSIGN else _FORMS[str(kind)]()
        st.button(
            f"{kind} {words}",
            type="primary",
            disabled=change is None,
            key="decision-submit",
            on_click=_decide,
            args=(source, person, tuple(subjects), change),
        )


def show_outcome(source: Source, person: Person) -> None:
    """Show what the last click decided, with the way back, or why it decided nothing."""
    error = st.session_state.pop(_ERROR, None)
    if error:
        st.error(escaped(error), icon=":material/sync_problem:")
    undo = st.session_state.get(_UNDO)
    if isinstance(undo, Undo):
        with st.container(horizontal=True, vertical_alignment="center", key="decision-undo"):
            st.success(undo.words, icon=":material/check:", width="stretch")
            st.button("Undo", icon=":material/undo:", on_click=_undo, args=(source, person, undo))
            st.button("Close", type="tertiary", on_click=_forget)


def _assign(source: Source, person: Person) -> Change:
    known = [person.actor, *(a for a in data.load_assignees(source) if a != person.actor), NOBODY]
    chosen = st.selectbox("To", known, key="decision-assignee", accept_new_options=True)
    address = "" if chosen in (None, NOBODY) else str(chosen).strip()
    return Change(assignee=address)


def _snooze() -> Change | None:
    today = datetime.now(UTC).date()
    until = st.date_input(
        "Until", today + _SNOOZED_FOR, min_value=today + timedelta(days=1), key="decision-until"
    )
    reason = st.text_input("Why", key="decision-snooze-reason", placeholder="optional")
    if not isinstance(until, date):
        return None
    return Change("snoozed", snoozed_until=until, reason=reason.strip())


def _dismiss() -> Change | None:
    reason = st.selectbox("Reason", _REASONS, index=None, key="decision-reason")
    words = st.text_input("In words", key="decision-words", placeholder="needed for Other")
    if reason is None or (reason == "Other" and not words.strip()):
        st.caption("A dismissed finding shows its reason to everybody.")
        return None
    text = words.strip() if reason == "Other" else ": ".join(filter(None, [reason, words.strip()]))
    return Change("dismissed", reason=text)


def _done() -> Change | None:
    st.caption("The next scan checks it: gone, it becomes realized savings; still there, it opens.")
    reason = st.text_input("What was done", key="decision-done", placeholder="optional")
    return Change("done", reason=reason.strip())


def _open() -> Change | None:
    return Change("open")


_ASSIGN = "Assign"
_FORMS: dict[str, Callable[[], Change | None]] = {
    "Snooze": _snooze,
    "Dismiss": _dismiss,
    "Mark as done": _done,
    "Open again": _open,
}


def _decide(source: Source, person: Person, subjects: tuple[Subject, ...], change: Change) -> None:
    before = [(subject, _as_it_was(source, subject)) for subject in subjects]
    if _tried(source, person, subjects, change):
        words = f"{fmt.counted(len(subjects), 'finding')} {_words(change)}."
        later = tuple(
            (Subject(subject.tenant_id, subject.finding_id, subject.version + 1), was)
            for subject, was in before
        )
        st.session_state[_UNDO] = Undo(words, later)


def _undo(source: Source, person: Person, undo: Undo) -> None:
    _forget()
    for subject, was in undo.before:
        if not _tried(source, person, [subject], was):
            return


def _tried(source: Source, person: Person, subjects: Sequence[Subject], change: Change) -> bool:
    try:
        data.decide(source, person, subjects, change)
    except ControlError as error:
        st.session_state[_ERROR] = str(error)
        return False
    return True


def _forget() -> None:
    st.session_state.pop(_UNDO, None)


def _as_it_was(source: Source, subject: Subject) -> Change:
    held = data.load_decision(source, subject.tenant_id, subject.finding_id)
    if held is None:
        return Change("open", assignee="")
    return Change(held.state, held.assignee, held.snoozed_until, held.reason)


def _words(change: Change) -> str:
    if change.state == "snoozed":
        return f"snoozed until {fmt.day(change.snoozed_until)}"
    if change.state == "done":
        return "marked as done"
    if change.state == "open":
        return "open again"
    if change.state:
        return change.state
    return f"assigned to {escaped(change.assignee or NOBODY)}"
