"""The access log: appended to, read by admins, and cut after 90 days; never changed."""

import uuid
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Engine, delete, func, or_, select

from control import records
from control.models import AccessLogRow
from control.scoping import across_partners
from control.store import hold_partner, put, read, translated, writes

KEPT = timedelta(days=90)


@dataclass(frozen=True)
class AccessFilter:
    """Which entries are wanted; what is empty filters nothing.

    Attributes:
        actors: Who.
        actions: What.
        outcome: done or refused.
        since: First instant.
        until: First instant that is not wanted any more.
        words: Text that stands in any of an entry's words, in any case.
    """

    actors: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    outcome: str = ""
    since: datetime | None = None
    until: datetime | None = None
    words: str = ""


class AccessLog:
    """Who did, saw or was refused what."""

    _engine: Engine

    @across_partners
    def log_access(
        self,
        partner_id: str,
        actor: str,
        action: str,
        *,
        member_id: str = "",
        is_refused: bool = False,
        tenant_id: str = "",
        target: str = "",
        detail: str = "",
    ) -> None:
        """Append an entry; an empty partner is none that is known.

        Of a partner that was erased meanwhile it says that something was done, and no name.
        """
        entry = records.AccessEntry(
            partner_id,
            uuid.uuid4().hex,
            datetime.now(UTC),
            member_id,
            actor,
            action,
            "refused" if is_refused else "done",
            tenant_id,
            target,
            detail,
        )
        with writes(self._engine) as transaction:
            if partner_id and not hold_partner(transaction, partner_id):
                entry = _without_names(entry)
            put(transaction, AccessLogRow, vars(entry))

    def access_log(
        self, partner_id: str, *, since: datetime | None = None
    ) -> tuple[records.AccessEntry, ...]:
        """Return a partner's entries, the newest first."""
        conditions = [AccessLogRow.partner_id == partner_id]
        if since is not None:
            conditions.append(AccessLogRow.logged_at >= since)
        found = read(self._engine, AccessLogRow, records.AccessEntry, *conditions)
        return tuple(sorted(found, key=lambda entry: (entry.logged_at, entry.entry_id)))[::-1]

    def search_access(
        self, partner_id: str, wanted: AccessFilter, *, limit: int | None = None
    ) -> tuple[records.AccessEntry, ...]:
        """Return the entries that pass a filter, the newest first, at most so many."""
        columns = [getattr(AccessLogRow, field.name) for field in fields(records.AccessEntry)]
        found = (
            select(*columns)
            .where(*_conditions(partner_id, wanted))
            .order_by(AccessLogRow.logged_at.desc(), AccessLogRow.entry_id.desc())
            .limit(limit)
        )
        with translated(self._engine), self._engine.begin() as transaction:
            return tuple(records.AccessEntry(*row) for row in transaction.execute(found))

    def count_access(self, partner_id: str, wanted: AccessFilter) -> int:
        """Return how many entries pass a filter."""
        counted = select(func.count()).where(*_conditions(partner_id, wanted))
        with translated(self._engine), self._engine.begin() as transaction:
            return int(transaction.execute(counted).scalar_one())

    def access_choices(self, partner_id: str) -> tuple[list[str], list[str]]:
        """Return who and what stands in a partner's log, by name."""
        chosen = []
        with translated(self._engine), self._engine.begin() as transaction:
            for column in (AccessLogRow.actor, AccessLogRow.action):
                names = select(column).where(AccessLogRow.partner_id == partner_id).distinct()
                chosen.append(sorted(transaction.execute(names).scalars()))
        return chosen[0], chosen[1]

    @across_partners
    def cut_access_log(self, now: datetime) -> int:
        """Delete what is older than 90 days, of every partner; return how many entries."""
        old = delete(AccessLogRow).where(AccessLogRow.logged_at < now - KEPT)
        with writes(self._engine) as transaction:
            return transaction.execute(old).rowcount


def _without_names(entry: records.AccessEntry) -> records.AccessEntry:
    return replace(entry, partner_id="", member_id="", actor="", tenant_id="", target="", detail="")


def _conditions(partner_id: str, wanted: AccessFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [AccessLogRow.partner_id == partner_id]
    if wanted.actors:
        conditions.append(AccessLogRow.actor.in_(wanted.actors))
    if wanted.actions:
        conditions.append(AccessLogRow.action.in_(wanted.actions))
    if wanted.outcome:
        conditions.append(AccessLogRow.outcome == wanted.outcome)
    if wanted.since is not None:
        conditions.append(AccessLogRow.logged_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(AccessLogRow.logged_at < wanted.until)
    if wanted.words:
        texts = (
            AccessLogRow.actor,
            AccessLogRow.action,
            AccessLogRow.tenant_id,
            AccessLogRow.target,
            AccessLogRow.detail,
        )
        words = wanted.words
        conditions.append(or_(*(text.icontains(words, autoescape=True) for text in texts)))
    return conditions
