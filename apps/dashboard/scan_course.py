"""How far a tenant's scans are, from the request to published findings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from control.marts import MartsStage
from control.records import MartsState, Scan
from control.scan_states import SILENT_AFTER, ScanState

_LANDED = {ScanState.COMPLETE, ScanState.PARTIAL, ScanState.FAILED}
_AT_WORK = {MartsStage.BUILDING, MartsStage.BUILT, MartsStage.PUBLISHING}


class Stage(StrEnum):
    """How far a tenant's scans are; the first four follow one another."""

    QUEUED = "queued"
    SCANNING = "scanning"
    BUILDING = "building"
    PUBLISHED = "published"
    STOPPED = "stopped"
    """The findings could not be rebuilt, or whoever did it died."""


@dataclass(frozen=True)
class Course:
    """A tenant's scans that were asked for, run, or ended a while ago.

    Attributes:
        tenant_id: Whose clouds.
        scans: The newest of each connection, those that wait among them.
        stage: How far they are together.
        message: Why the findings were not rebuilt; empty while all is well.
    """

    tenant_id: str
    scans: tuple[Scan, ...]
    stage: Stage
    message: str = ""

    @property
    def is_busy(self) -> bool:
        """Whether something more will happen by itself."""
        return self.stage in (Stage.QUEUED, Stage.SCANNING, Stage.BUILDING)

    @property
    def waiting(self) -> tuple[Scan, ...]:
        """The scans that nobody has begun."""
        return tuple(scan for scan in self.scans if scan.status == ScanState.REQUESTED)

    @property
    def state(self) -> tuple[object, ...]:
        """What a page has to be drawn again for."""
        return self.tenant_id, self.stage, tuple((s.scan_id, s.status) for s in self.scans)


def courses_of(scans: Iterable[Scan], marts: MartsState | None, now: datetime) -> list[Course]:
    """Return a course per tenant, those that are furthest first.

    Args:
        scans: What waits, runs or ended a while ago, the oldest first.
        marts: How far the partner's marts are.
        now: The present.
    """
    newest: dict[str, dict[str, Scan]] = {}
    for scan in scans:
        newest.setdefault(scan.tenant_id, {})[scan.connection_id] = scan
    courses = [
        _course(tenant_id, tuple(of_tenant.values()), marts, now)
        for tenant_id, of_tenant in newest.items()
        if any(_is_shown(scan) for scan in of_tenant.values())
    ]
    order = [Stage.STOPPED, Stage.SCANNING, Stage.BUILDING, Stage.QUEUED, Stage.PUBLISHED]
    return sorted(courses, key=lambda course: order.index(course.stage))


def _is_shown(scan: Scan) -> bool:
    """Whether a scan is a reason to show its tenant: one that came to nothing is history."""
    is_under_way = scan.status in (ScanState.REQUESTED, ScanState.RUNNING)
    return is_under_way or (scan.status in _LANDED and scan.started_at is not None)


def _course(
    tenant_id: str, scans: Sequence[Scan], marts: MartsState | None, now: datetime
) -> Course:
    states = {scan.status for scan in scans}
    shown = tuple(scan for scan in scans if _is_shown(scan))
    has_begun = ScanState.RUNNING in states or bool(states & _LANDED)
    if ScanState.REQUESTED in states and not has_begun:
        return Course(tenant_id, shown, Stage.QUEUED)
    if states & {ScanState.REQUESTED, ScanState.RUNNING}:
        return Course(tenant_id, shown, Stage.SCANNING)
    ended = max(scan.finished_at for scan in shown if scan.finished_at)
    return Course(tenant_id, shown, *_marts_stage(marts, ended, now))


def _marts_stage(marts: MartsState | None, ended: datetime, now: datetime) -> tuple[Stage, str]:
    """Return how far the findings are after a scan that ended at a moment."""
    if marts is None or marts.started_at < ended:
        return Stage.BUILDING, ""
    if marts.published_from is not None and marts.published_from >= ended:
        return Stage.PUBLISHED, ""
    if marts.stage == MartsStage.FAILED:
        return Stage.STOPPED, marts.message
    is_silent = marts.alive_at < now - SILENT_AFTER
    if marts.stage in _AT_WORK and is_silent:
        return Stage.STOPPED, "it was stopped before it was done; scan again"
    return Stage.BUILDING, ""
