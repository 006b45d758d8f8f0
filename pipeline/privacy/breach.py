"""A personal data breach: who was affected, until when it is to be told, and a draft to tell it.

GDPR, Article 33: the supervisory authority is told within 72 hours of becoming aware, unless there
is no likely risk; a processor tells its controllers, here the partners, without undue delay
(33(2)). Article 34: the people themselves are told where the risk is high.
"""

from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from control.access_log import KEPT
from control.directory import Directory
from control.errors import PrivacyRequestError
from pipeline.settings import Settings

TOLD_WITHIN = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class AffectedPartner:
    """Of whom something was seen or done in the time of a breach.

    Attributes:
        partner_id: The partner.
        entries: Entries of its access log in that time.
        actors: Who they are of, with how many each.
        actions: What was done, with how often each.
        tenants: Tenants that the entries name.
        contacts: Addresses of its admins, to be told.
    """

    partner_id: str
    entries: int
    actors: tuple[tuple[str, int], ...]
    actions: tuple[tuple[str, int], ...]
    tenants: tuple[str, ...]
    contacts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BreachReport:
    """What the access log says about the time of a breach.

    Attributes:
        since: First instant.
        until: Last instant.
        aware_at: When we became aware.
        due_at: Until when the authority is to be told.
        partners: Whom it affected, most entries first.
        is_cut: Whether the access log does not reach back to the first instant.
    """

    since: datetime
    until: datetime
    aware_at: datetime
    due_at: datetime
    partners: tuple[AffectedPartner, ...]
    is_cut: bool


def breach_report(
    settings: Settings,
    *,
    since: datetime,
    until: datetime,
    aware_at: datetime,
    actor: str = "",
    now: datetime | None = None,
) -> BreachReport:
    """Return who was affected between two instants.

    Args:
        settings: Whose access log.
        since: First instant.
        until: Last instant.
        aware_at: When we became aware.
        actor: Only what was done under this name, such as the address of a stolen account.
        now: For tests.

    Raises:
        PrivacyRequestError: The instants are in another order than time, or in the future.
        ControlUnavailableError: The control database cannot be read.
    """
    present = now or datetime.now(UTC)
    if since > until or until > present or aware_at > present:
        raise PrivacyRequestError(
            "a breach lies in the past, begins before it ends, and is known by now; check the times"
        )
    with closing(Directory(settings.control)) as directory:
        found = [
            affected
            for partner in directory.partners()
            if (affected := _affected(directory, partner.partner_id, since, until, actor))
        ]
    return BreachReport(
        since,
        until,
        aware_at,
        aware_at + TOLD_WITHIN,
        tuple(sorted(found, key=lambda each: (-each.entries, each.partner_id))),
        is_cut=since < present - KEPT,
    )


def breach_draft(report: BreachReport) -> str:
    """Return the notification to the authority, with what only a person can say in brackets."""
    partners = "\n".join(
        f"- {each.partner_id}: {each.entries:,} entries, tenants "
        f"{', '.join(each.tenants) or 'not named'}; to be told: {', '.join(each.contacts) or '-'}"
        for each in report.partners
    )
    return _DRAFT.format(
        aware=_instant(report.aware_at),
        due=_instant(report.due_at),
        since=_instant(report.since),
        until=_instant(report.until),
        count=len(report.partners),
        people=len({actor for each in report.partners for actor, _ in each.actors}),
        partners=partners or "- none in the access log",
        limits=_LIMITS if report.is_cut else "",
    )


def _affected(
    directory: Directory, partner_id: str, since: datetime, until: datetime, actor: str
) -> AffectedPartner | None:
    entries = [
        entry
        for entry in directory.access_log(partner_id, since=since)
        if entry.logged_at <= until and actor.lower() in ("", entry.actor.lower())
    ]
    if not entries:
        return None
    admins = [m.email for m in directory.members(partner_id) if m.role == "admin"]
    return AffectedPartner(
        partner_id,
        len(entries),
        tuple(Counter(entry.actor for entry in entries).most_common()),
        tuple(Counter(entry.action for entry in entries).most_common()),
        tuple(sorted({entry.tenant_id for entry in entries if entry.tenant_id})),
        tuple(admins),
    )


def _instant(value: datetime) -> str:
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


_LIMITS = (
    "\nThe access log is kept for 90 days and does not reach back to the beginning: more may be "
    "affected.\n"
)
_DRAFT = """\
Notification of a personal data breach (GDPR, Article 33)

We became aware on {aware}. This notification is due on {due}; what is not known by then follows
without further delay (33(4)).

1. Nature of the breach (33(3)(a))
Between {since} and {until}: [what happened, how, and what was seen, changed or lost].
Affected: {count} partners; {people} accounts acted in that time.
{partners}
{limits}
Categories of data: cloud costs, resource identifiers and tags of companies; names and business
e-mail addresses of members. [Remove what was not affected.]

2. Contact (33(3)(b))
[Name and contact of the data protection officer.]

3. Likely consequences (33(3)(c))
[What it may mean for the people and companies.]

4. Measures (33(3)(d))
[What was done to end it and to mitigate its effects; what is planned.]

Record the breach, its effects and what was done, whether or not it is notified (33(5)). Where the
risk for people is high, they are told, too (34).
"""
