"""How far a tenant's scans are, as the page says it."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.dashboard.scan_course import Course, Stage, courses_of
from apps.dashboard.scan_words import progress, summary, took
from control.marts import MartsStage
from control.records import MartsState, Scan
from control.scan_states import SILENT_AFTER, ScanState

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ENDED = NOW - timedelta(minutes=3)


def scan(status: ScanState, connection: str = "aws-1", tenant: str = "web", done: int = 0) -> Scan:
    started = None if status == ScanState.REQUESTED else NOW - timedelta(minutes=5)
    is_over = status not in (ScanState.REQUESTED, ScanState.RUNNING)
    return Scan(
        "acme",
        f"{tenant}-{connection}-{status}",
        tenant,
        connection,
        status.value,
        "ada",
        "m",
        NOW - timedelta(minutes=6),
        started,
        ENDED if is_over else None,
        None,
        done,
        4 if done else 0,
        7,
        9,
        "",
    )


def marts(
    stage: MartsStage, *, started: datetime = NOW, alive: datetime = NOW, published: bool = False
) -> MartsState:
    served = started if published else None
    return MartsState("acme", stage.value, started, alive, started, served, "a model failed")


def one(*scans: Scan, state: MartsState | None = None) -> Course:
    (course,) = courses_of(scans, state, NOW)
    return course


@pytest.mark.parametrize(
    ("states", "stage"),
    [
        ([ScanState.REQUESTED], Stage.QUEUED),
        ([ScanState.RUNNING], Stage.SCANNING),
        ([ScanState.COMPLETE, ScanState.REQUESTED], Stage.SCANNING),
        ([ScanState.RUNNING, ScanState.REQUESTED], Stage.SCANNING),
        ([ScanState.COMPLETE, ScanState.PARTIAL], Stage.BUILDING),
        ([ScanState.FAILED], Stage.BUILDING),
    ],
)
def test_a_tenant_is_as_far_as_its_scans(states: list[ScanState], stage: Stage) -> None:
    scans = [scan(state, f"aws-{number}") for number, state in enumerate(states)]

    assert one(*scans).stage is stage


@pytest.mark.parametrize(
    ("state", "stage"),
    [
        (marts(MartsStage.BUILDING, started=ENDED - timedelta(seconds=1)), Stage.BUILDING),
        (marts(MartsStage.BUILDING), Stage.BUILDING),
        (marts(MartsStage.BUILT), Stage.BUILDING),
        (marts(MartsStage.PUBLISHING), Stage.BUILDING),
        (marts(MartsStage.PUBLISHED, published=True), Stage.PUBLISHED),
        (marts(MartsStage.BUILDING, published=True), Stage.PUBLISHED),
        (marts(MartsStage.FAILED), Stage.STOPPED),
        (marts(MartsStage.FAILED, started=ENDED - timedelta(seconds=1)), Stage.BUILDING),
        (marts(MartsStage.BUILDING, alive=NOW - 2 * SILENT_AFTER), Stage.STOPPED),
    ],
)
def test_after_its_scans_it_is_as_far_as_the_marts(state: MartsState, stage: Stage) -> None:
    assert one(scan(ScanState.COMPLETE), state=state).stage is stage


def test_a_failed_build_says_why() -> None:
    assert one(scan(ScanState.PARTIAL), state=marts(MartsStage.FAILED)).message == "a model failed"


def test_what_came_to_nothing_is_history_and_a_newer_scan_counts() -> None:
    assert courses_of([scan(ScanState.INTERRUPTED), scan(ScanState.CANCELLED)], None, NOW) == []
    again = one(scan(ScanState.COMPLETE), scan(ScanState.REQUESTED))
    assert [each.status for each in again.scans] == ["requested"]


def test_what_runs_comes_before_what_waits() -> None:
    found = courses_of(
        [
            scan(ScanState.REQUESTED, tenant="a"),
            scan(ScanState.COMPLETE, tenant="b"),
            scan(ScanState.RUNNING, tenant="c"),
        ],
        marts(MartsStage.PUBLISHED, published=True),
        NOW,
    )

    assert [course.tenant_id for course in found] == ["c", "a", "b"]


def test_progress_is_told_in_a_line() -> None:
    assert progress(scan(ScanState.REQUESTED), NOW) == "waits to begin"
    assert progress(scan(ScanState.RUNNING), NOW) == "asking for its regions, 5 min"
    running = progress(scan(ScanState.RUNNING, done=3), NOW)
    assert running == "3 of 4 places asked, 7 resources, 9 calls, 5 min"
    ended = progress(scan(ScanState.PARTIAL, done=4), NOW)
    assert ended == "partial: 4 places asked, 7 resources, 9 calls, 2 min"
    assert took(scan(ScanState.REQUESTED), NOW) == "\N{EN DASH}"


def test_a_tenants_scans_are_summed_up_in_a_line() -> None:
    ended = [scan(ScanState.COMPLETE), scan(ScanState.COMPLETE, "aws-2"), scan(ScanState.PARTIAL)]

    assert summary(ended) == "2 connections whole, 1 connection partial, 21 resources, 27 calls"
