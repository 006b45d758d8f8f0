"""Tests what is connected, and disconnects it: access, secret, and collected data if asked for."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from control.directory import Directory
from control.keyring import installation_key
from control.privacy_records import Subject, SubjectKind
from control.roles import Action
from ingestion.errors import InvalidAccessError
from pipeline.connect import required_access
from pipeline.connecting import Connected, probe, record, sentence
from pipeline.privacy.erase import erase
from pipeline.privacy.receipts import Receipt
from pipeline.scan_run import opened
from pipeline.secret_stores import secret_store
from pipeline.settings import Settings

_FILES, _ROWS = "lake files", "rows of "


@dataclass(frozen=True, slots=True)
class Disconnected:
    """What was removed of a connection.

    Attributes:
        had_access: Whether anything opened it.
        receipt: What was erased of what was collected; None where that stays.
    """

    had_access: bool
    receipt: Receipt | None = None

    @property
    def file_count(self) -> int:
        """Files of the lake that were removed."""
        return self.receipt.counts.get(_FILES, 0) if self.receipt else 0

    @property
    def row_count(self) -> int:
        """Rows of the control database that were deleted."""
        counts = self.receipt.counts if self.receipt else {}
        return sum(count for what, count in counts.items() if what.startswith(_ROWS))

    @property
    def message(self) -> str:
        """What came of it, in sentences; they name nobody."""
        opening = "access and secret are removed; nothing scans it any more"
        if self.receipt is None:
            return f"{opening}; what was collected stays"
        return (
            f"{opening}; {self.file_count:,} files and {self.row_count:,} records of what was "
            f"collected are deleted, and pages show it no more. {' '.join(self.receipt.notes)}"
        )


def retest(
    settings: Settings, partner_id: str, tenant_id: str, connection_id: str, *, actor: str
) -> Connected:
    """Test a connection that exists, and record what was found.

    Raises:
        InvalidAccessError: Nothing opens it.
        SecretUnreadableError: Its secret is absent or damaged.
    """
    with closing(Directory(settings.control)) as directory:
        access = required_access(directory, partner_id, tenant_id, connection_id)
    test = probe(settings, partner_id, tenant_id, opened(settings, access).access)
    with closing(Directory(settings.control)) as directory:
        record(directory, access, test, actor=actor, what="tested")
    return Connected(connection_id, test, access, sentence(test), access.external_id or "")


def disconnect(
    settings: Settings,
    partner_id: str,
    tenant_id: str,
    connection_id: str,
    *,
    actor: str,
    deletes_data: bool,
    say: Callable[[str], None] = lambda _: None,
) -> Disconnected:
    """Take access and secret away, at once; then erase what was collected, if it is to go.

    It can be run again where it was interrupted.

    Args:
        settings: Where state lies.
        partner_id: Whose connection.
        tenant_id: Of which tenant.
        connection_id: What is disconnected.
        actor: Who does it, for the access log.
        deletes_data: Whether what was collected goes too.
        say: Told what happens.

    Raises:
        InvalidAccessError: There is no such connection.
        SecretUnreadableError: The secret cannot be removed from its store.
        ErasureUnderWayError: Something of the partner is being erased at this moment.
        SourceError: The lake or the backups do not answer.
    """
    subject = Subject(SubjectKind.CONNECTION, partner_id, tenant_id, connection_id)
    with closing(Directory(settings.control)) as directory:
        known = [c.connection_id for c in directory.connections(partner_id, tenant_id)]
        is_gone = directory.tombstones_of(installation_key(settings.keys), subject)
        if connection_id not in known and not (deletes_data and is_gone):
            raise InvalidAccessError(
                f"tenant {tenant_id} of partner {partner_id} has no connection {connection_id} "
                f"(known: {', '.join(known) or 'none'})"
            )
        had_access = directory.remove_access(partner_id, tenant_id, connection_id)
        secret_store(settings).remove(partner_id, tenant_id, connection_id)
        done = Disconnected(had_access)
        if deletes_data:
            receipt = erase(
                settings, subject, confirmation=subject.name, requested_by=actor, say=say
            )
            done = Disconnected(had_access, receipt)
        directory.log_access(
            partner_id,
            actor,
            Action.DISCONNECT.value,
            tenant_id=tenant_id,
            target="" if deletes_data else connection_id,
            detail=f"disconnected; {done.message}",
        )
    return done
