"""What was decided on findings, from the control database, and how it enters statements."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from apps.dashboard.data.source import Source
from apps.dashboard.directory import open_directory
from apps.dashboard.identity import Person
from control import records
from control.decisions import Change, Subject
from control.directory import Directory
from control.permission import log, require
from control.roles import Action
from pipeline.settings import Settings

_RELATION = """(
    select
        json_extract_string(decision, '$.tenant_id') as tenant_id,
        json_extract_string(decision, '$.finding_id') as finding_id,
        json_extract_string(decision, '$.state') as state,
        json_extract_string(decision, '$.assignee') as assignee,
        try_cast(json_extract_string(decision, '$.snoozed_until') as date) as snoozed_until,
        try_cast(json_extract_string(decision, '$.decided_on') as date) as decided_on
    from (select unnest(json_extract($decisions, '$[*]')) as decision)
)"""
JOIN = f"""
    left join {_RELATION} as decisions
        on
            findings.tenant_id = decisions.tenant_id
            and findings.finding_id = decisions.finding_id
"""
"""Joins `decisions` to `findings`; the statement takes the parameters of a `Decided`."""

STATE = """
    case
        when decisions.state = 'snoozed' and decisions.snoozed_until <= cast($today as date)
            then 'open'
        when decisions.state = 'done' and findings.observed_date > decisions.decided_on
            then 'reopened'
        else coalesce(decisions.state, 'open')
    end
"""
"""Where a finding stands: snoozed ones return on their day, done ones that a later scan still
finds are open again."""

IS_WAITING = f"({STATE}) in ('open', 'reopened')"
"""Whether something is to be done about a finding now."""


@dataclass(frozen=True)
class Decided:
    """All decisions of a partner at one moment: a part of the cache's key.

    Attributes:
        text: JSON list of what holds of each finding.
        today: Day by which snoozed findings return.
    """

    text: str
    today: date

    @property
    def params(self) -> dict[str, str]:
        """Parameters of a statement with `JOIN`."""
        return {"decisions": self.text, "today": self.today.isoformat()}


def load_decided(source: Source) -> Decided:
    """Return what was decided so far; never cached, as it changes with every click."""
    found = _directory(source).decisions(source.partner_id)
    rows = [
        {
            "tenant_id": each.tenant_id,
            "finding_id": each.finding_id,
            "state": each.state,
            "assignee": each.assignee,
            "snoozed_until": each.snoozed_until and each.snoozed_until.isoformat(),
            "decided_on": each.decided_at.date().isoformat(),
        }
        for each in found
    ]
    return Decided(json.dumps(rows), datetime.now(UTC).date())


def load_decision(
    source: Source, tenant_id: str, finding_id: str
) -> records.FindingDecision | None:
    """Return what was decided on one finding, if anything was."""
    found = _directory(source).decisions(source.partner_id)
    return next((d for d in found if (d.tenant_id, d.finding_id) == (tenant_id, finding_id)), None)


def load_course(source: Source, tenant_id: str, finding_id: str) -> tuple[records.FindingNote, ...]:
    """Return the comments and decisions of one finding, the oldest first."""
    return _directory(source).course(source.partner_id, tenant_id, finding_id)


def load_assignees(source: Source) -> list[str]:
    """Return the addresses that findings can be assigned to: members, and who has some now.

    Of a reader who sees some tenants alone, these are the ones that have findings of those.
    """
    directory = _directory(source)
    members = {member.email for member in directory.members(source.partner_id)}
    seen = source.tenants
    decisions = directory.decisions(source.partner_id)
    holders = {each.assignee for each in decisions if seen is None or each.tenant_id in seen}
    return sorted((members | holders) - {""})


def versions(source: Source, findings: Sequence[tuple[str, str]]) -> list[Subject]:
    """Return findings, by tenant and id, with the versions of their decisions as they are now."""
    held = {
        (each.tenant_id, each.finding_id): each.version
        for each in _directory(source).decisions(source.partner_id)
    }
    return [Subject(*finding, held.get(finding, 0)) for finding in findings]


def decide(source: Source, person: Person, subjects: Sequence[Subject], change: Change) -> None:
    """Decide on findings, all of them or none, and log who did.

    Raises:
        ChangedMeanwhileError: Another decision was made on one since its version was read.
        NotPermittedError: The person may not decide, or not see one of the tenants.
        UnknownParentError: A tenant does not exist.
    """
    directory = _directory(source)
    for subject in subjects:
        _require(source, person, subject)
    directory.decide(source.partner_id, subjects, change, decided_by=person.actor)
    for subject in subjects:
        _log(source, person, subject, change.state or "assigned")


def comment(source: Source, person: Person, subject: Subject, text: str) -> None:
    """Add a comment to a finding, and log who did.

    Raises:
        NotPermittedError: The person may not decide, or not see the tenant.
        UnknownParentError: The tenant does not exist.
    """
    _require(source, person, subject)
    _directory(source).comment(source.partner_id, subject, text, written_by=person.actor)
    _log(source, person, subject, "comment")


def _require(source: Source, person: Person, subject: Subject) -> None:
    require(
        _directory(source),
        person.as_actor,
        Action.DECIDE,
        subject.finding_id,
        tenant_id=subject.tenant_id,
    )


def _log(source: Source, person: Person, subject: Subject, detail: str) -> None:
    log(
        _directory(source),
        person.as_actor,
        Action.DECIDE,
        subject.finding_id,
        tenant_id=subject.tenant_id,
        detail=detail,
    )


def _directory(source: Source) -> Directory:
    return open_directory(Settings(home=source.home).control)
