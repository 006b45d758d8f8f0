"""The last step of an erasure: the rows, the tombstone and the end of the request, at once."""

import json
from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import Engine, Update, text, update
from sqlalchemy.exc import DBAPIError

from control.cascade import Counts, erase_rows, names_of
from control.cascade_member import member_address
from control.engine import sqlite_path, writing
from control.errors import ControlUnavailableError
from control.models import PrivacyRequestRow
from control.privacy_records import PrivacyRequest, RequestState, Subject, SubjectKind, Tombstone
from control.scoping import across_partners
from control.store import hold_partner, translated
from control.tombstones import put_tombstone, tombstone

_ATTEMPTS = 10
_MET_OTHERS = frozenset({"23503", "40P01"})
"""PostgreSQL: a row was added below one that goes, and two that wait for each other."""


class ErasureRecords:
    """Takes subjects out of the control database."""

    _engine: Engine

    @across_partners
    def names(self, subject: Subject) -> list[str]:
        """Return what a subject is called here: ids, scopes, accounts, addresses.

        Raises:
            UnknownParentError: There is no such member.
        """
        with translated(self._engine), self._engine.connect() as connection:
            if subject.kind is SubjectKind.MEMBER:
                return [subject.subject_id, member_address(connection, subject)]
            return names_of(connection, subject)

    @across_partners
    def erase(
        self,
        request: PrivacyRequest,
        key: bytes,
        done: Counts,
        *,
        finding_ids: Collection[str] = (),
        source_uris: Collection[str] = (),
        kept: str = "{}",
    ) -> Tombstone:
        """Take a subject's rows out, leave a tombstone, and end the request: all or nothing.

        Args:
            request: The erasure; its row goes with a partner, and loses its names with others.
            key: The installation's key, for the tombstone.
            done: What has gone elsewhere, for the receipt.
            finding_ids: Findings of a connection.
            source_uris: Sources that deliver a connection, and nothing else.
            kept: JSON that takes the place of the request's progress, without a name.

        Raises:
            ControlUnavailableError: Others write rows of it all the time.
            LastAdminError: The subject is the partner's last admin.
            UnknownParentError: There is no such member.
        """
        with translated(self._engine):
            for _ in range(_ATTEMPTS):
                try:
                    return self._erase(request, key, done, finding_ids, source_uris, kept)
                except DBAPIError as error:
                    if getattr(error.orig, "sqlstate", None) not in _MET_OTHERS:
                        raise
        raise ControlUnavailableError(
            f"others write rows of this {request.subject_kind} all the time, so it was not erased "
            "yet; the same call, or the next worker, tries again"
        )

    def _erase(
        self,
        request: PrivacyRequest,
        key: bytes,
        done: Counts,
        finding_ids: Collection[str],
        source_uris: Collection[str],
        kept: str,
    ) -> Tombstone:
        subject = request.subject
        with writing(self._engine).begin() as transaction:
            hold_partner(transaction, subject.partner_id, is_closed=True)
            now = datetime.now(UTC)
            is_member = subject.kind is SubjectKind.MEMBER
            address = member_address(transaction, subject) if is_member else ""
            rows = erase_rows(
                transaction,
                subject,
                request_id=request.request_id,
                finding_ids=finding_ids,
                source_uris=source_uris,
            )
            receipt = json.dumps(_receipt(done, rows))
            if subject.kind is not SubjectKind.PARTNER:
                transaction.execute(_ended(request, receipt, now, kept))
            stone = tombstone(
                key, subject, request.request_id, now, address=address, receipt=receipt
            )
            put_tombstone(transaction, stone)
        return stone

    @across_partners
    def scrub(self) -> None:
        """Leave no byte of deleted rows in the database's files.

        SQLite is written anew and its log emptied. PostgreSQL marks the rows' space as free, and
        its next writes take it; what its own archives hold is the operator's to expire.

        Raises:
            ControlUnavailableError: Somebody reads, so that bytes may be left.
        """
        with translated(self._engine):
            engine = self._engine.execution_options(isolation_level="AUTOCOMMIT")
            if sqlite_path(self._engine) is None:
                with engine.connect() as connection:
                    connection.execute(text("vacuum"))
                return
            raw = self._engine.raw_connection()
            try:
                cursor = raw.cursor()
                cursor.execute("vacuum")
                is_busy, *_ = cursor.execute("pragma wal_checkpoint(truncate)").fetchone()
            finally:
                raw.close()
            if is_busy:
                raise ControlUnavailableError(
                    "somebody reads the control database all the time, so bytes of what was erased "
                    "may be in its files still; the same call, or the next worker, tries again"
                )


def _receipt(done: Counts, rows: Counts) -> dict[str, int]:
    return {**done, **{f"rows of {name}": count for name, count in sorted(rows.items()) if count}}


def _ended(request: PrivacyRequest, receipt: str, now: datetime, kept: str) -> Update:
    return (
        update(PrivacyRequestRow)
        .where(
            PrivacyRequestRow.partner_id == request.partner_id,
            PrivacyRequestRow.request_id == request.request_id,
        )
        .values(
            tenant_id="",
            subject_id="",
            note="",
            open_key=None,
            progress=kept,
            receipt=receipt,
            state=RequestState.DONE.value,
            message=f"the {request.subject_kind} was erased",
            finished_at=now,
        )
    )
