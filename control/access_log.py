"""The access log: appended to, read by admins, and cut after 90 days; never changed."""

import uuid
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, delete

from control import records
from control.models import AccessLogRow
from control.scoping import across_partners
from control.store import put, read, writes

KEPT = timedelta(days=90)


class AccessLog:
    """Who did, saw or was refused what."""

    _engine: Engine

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
        """Append an entry; an empty partner is none that is known."""
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

    @across_partners
    def cut_access_log(self, now: datetime) -> int:
        """Delete what is older than 90 days, of every partner; return how many entries."""
        old = delete(AccessLogRow).where(AccessLogRow.logged_at < now - KEPT)
        with writes(self._engine) as transaction:
            return transaction.execute(old).rowcount
