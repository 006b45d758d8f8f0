"""How far scans are, live: a card per tenant, from the request to published findings."""

from datetime import UTC, datetime

import streamlit as st

from apps.dashboard import format as fmt
from apps.dashboard.components.feedback import say, told
from apps.dashboard.components.finding_links import page_params
from apps.dashboard.components.text import escaped
from apps.dashboard.data.scanning import Scanning
from apps.dashboard.identity import may
from apps.dashboard.pages import page_named
from apps.dashboard.presence import require_presence
from apps.dashboard.scan_course import Course, Stage
from apps.dashboard.scan_words import progress, sentence, summary
from control.roles import Action

_BUSY_S, _IDLE_S = 1.0, 10.0
_SHOWN = 6
_PATIENT_S = 60
_DRAWN = "scans-drawn"
_STEPS = {
    Stage.QUEUED: "Queued",
    Stage.SCANNING: "Scanning",
    Stage.BUILDING: "Building findings",
    Stage.PUBLISHED: "Published",
}


def show_progress(scanning: Scanning) -> None:
    """Show what waits, runs, or ended a while ago; the page is drawn again when one ends."""
    courses = scanning.courses()
    is_busy = any(course.is_busy for course in courses)
    st.session_state[_DRAWN] = _state(courses)
    st.fragment(_show_live, run_every=_BUSY_S if is_busy else _IDLE_S)(scanning)


def _show_live(scanning: Scanning) -> None:
    require_presence()
    courses = scanning.courses()
    if _state(courses) != st.session_state[_DRAWN]:
        st.rerun(scope="app")
    for course in courses[:_SHOWN]:
        _show_course(course, scanning, datetime.now(UTC))
    _show_more(courses[_SHOWN:])
    if _are_left(courses, datetime.now(UTC)):
        st.caption(_IDLE_WORKER)


def _show_course(course: Course, scanning: Scanning, now: datetime) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{escaped(course.tenant_id)}**", width="content")
            st.markdown(_steps(course), width="stretch")
            if course.waiting and may(Action.SCAN):
                st.button(
                    "Cancel",
                    key=f"cancel-{course.tenant_id}",
                    icon=":material/close:",
                    on_click=_cancel,
                    args=(scanning, course.tenant_id),
                )
            elif course.stage is Stage.PUBLISHED:
                st.page_link(
                    page_named("findings"),
                    label="See the findings",
                    icon=":material/savings:",
                    query_params=page_params({"tenant": [course.tenant_id]}),
                    width="content",
                )
        if course.stage is Stage.SCANNING:
            _show_bars(course, now)
        _show_remarks(course, now)


def _show_bars(course: Course, now: datetime) -> None:
    for scan in course.scans:
        share = scan.done_count / scan.total_count if scan.total_count else 0.0
        line = f"{scan.connection_id}: {progress(scan, now)}"
        st.progress(min(share, 1.0), text=escaped(line))


def _show_remarks(course: Course, now: datetime) -> None:
    if course.stage is Stage.STOPPED:
        st.warning(
            f"The findings were not rebuilt. {escaped(sentence(course.message))}",
            icon=":material/warning:",
        )
    first = course.scans[0]
    who = f"Asked for by {first.requested_by} {fmt.age(first.requested_at, now)}."
    seen = "" if course.stage is Stage.SCANNING else f"{summary(course.scans)}. "
    st.caption(escaped(seen + who))


_IDLE_WORKER = (
    "Nobody has begun yet: scans of others run, or no worker does. Whoever runs this installation "
    "starts one with `cloudprune work --watch`, or the orchestrator."
)


def _are_left(courses: list[Course], now: datetime) -> bool:
    """Whether nobody took a request for a while, and is at no other of the partner either."""
    if any(course.stage in (Stage.SCANNING, Stage.BUILDING) for course in courses):
        return False
    waiting = [scan for course in courses for scan in course.waiting]
    return any((now - scan.requested_at).total_seconds() > _PATIENT_S for scan in waiting)


def _steps(course: Course) -> str:
    """Return the steps as badges: done, under way, still to come."""
    steps = list(_STEPS)
    reached = Stage.BUILDING if course.stage is Stage.STOPPED else course.stage
    position = steps.index(reached)
    badges = []
    for number, step in enumerate(steps):
        if number < position or reached is Stage.PUBLISHED:
            badges.append(f":green-badge[:material/check: {_STEPS[step]}]")
        elif number > position:
            badges.append(f":gray-badge[{_STEPS[step]}]")
        elif course.stage is Stage.STOPPED:
            badges.append(f":orange-badge[:material/warning: {_STEPS[step]}]")
        else:
            badges.append(f":blue-badge[:material/hourglass_top: {_STEPS[step]}]")
    return " ".join(badges)


def _show_more(courses: list[Course]) -> None:
    if courses:
        waiting = sum(course.stage is Stage.QUEUED for course in courses)
        st.caption(
            f"{fmt.counted(len(courses), 'more tenant')}, of which {waiting:,} wait to begin."
        )


def _cancel(scanning: Scanning, tenant_id: str) -> None:
    with told():
        count = scanning.cancel(tenant_id)
        say(
            f"Cancelled {fmt.counted(count, 'scan')} of {tenant_id}."
            if count
            else f"The scan of {tenant_id} has begun already."
        )


def _state(courses: list[Course]) -> list[tuple[object, ...]]:
    return [course.state for course in courses]
