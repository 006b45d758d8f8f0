"""Tests what is connected, and disconnects it: access, secret, and collected data if asked for."""

import json
import uuid
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from control.directory import Directory
from control.keyring import installation_key
from control.privacy_records import Subject, SubjectKind, Tombstone
from control.roles import Action
from control.tombstones import tombstone
from ingestion.connection_data import RemovedData, remove_connection_data
from ingestion.errors import InvalidAccessError
from ingestion.lake import TenantLake
from pipeline.backup.erasing import keep_tombstones
from pipeline.connect import required_access
from pipeline.connecting import Connected, probe, record, sentence
from pipeline.locking import exclusive, tenant_lock
from pipeline.privacy.connection_traces import connection_traces
from pipeline.privacy.lake_traces import without_findings
from pipeline.scan_run import opened
from pipeline.secret_stores import secret_store
from pipeline.settings import Settings


@dataclass(frozen=True, slots=True)
class Disconnected:
    """What was removed of a connection.

    Attributes:
        connection_id: Which it was.
        had_access: Whether anything opened it.
        file_count: Files of the lake that were removed.
        byte_count: Their size.
        row_count: Rows of the control database that were deleted.
        has_deleted_data: Whether data was asked to go.
    """

    connection_id: str
    had_access: bool
    file_count: int = 0
    byte_count: int = 0
    row_count: int = 0
    has_deleted_data: bool = False

    @property
    def message(self) -> str:
        """What came of it, in a sentence."""
        opening = "access and secret are removed; nothing scans it any more"
        if not self.has_deleted_data:
            return f"{opening}; what was collected stays"
        return (
            f"{opening}; {self.file_count:,} files and {self.row_count:,} records of what was "
            "collected are deleted, and leave the marts with the next build"
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
    """Take access and secret away, at once; then the data, if it is to go.

    It can be run again where it was interrupted.

    Args:
        settings: Where state lies.
        partner_id: Whose connection.
        tenant_id: Of which tenant.
        connection_id: What is disconnected.
        actor: Who does it, for the access log.
        deletes_data: Whether what was collected goes too.
        say: Told that it waits for a scan that runs.

    Raises:
        InvalidAccessError: There is no such connection.
        SecretUnreadableError: The secret cannot be removed from its store.
        SourceError: The lake or the backups do not answer.
    """
    with closing(Directory(settings.control)) as directory:
        known = [c.connection_id for c in directory.connections(partner_id, tenant_id)]
        if connection_id not in known:
            raise InvalidAccessError(
                f"tenant {tenant_id} of partner {partner_id} has no connection {connection_id} "
                f"(known: {', '.join(known) or 'none'})"
            )
        subject = Subject(SubjectKind.CONNECTION, partner_id, tenant_id, connection_id)
        names = directory.names(subject)
        had_access = directory.remove_access(partner_id, tenant_id, connection_id)
        secret_store(settings).remove(partner_id, tenant_id, connection_id)
        done = Disconnected(connection_id, had_access)
        if deletes_data:
            lock = tenant_lock(settings, partner_id, tenant_id)
            with exclusive(lock, f"lands data of {tenant_id}", say):
                lake = TenantLake(settings.lake, partner_id, tenant_id)
                sources = directory.sources(partner_id, tenant_id)
                traces = connection_traces(lake.storage, subject, sources, names)
                for uri in traces.source_uris:  # or its data would land again
                    directory.remove_source(partner_id, tenant_id, uri)
                rows = directory.forget_findings(subject, traces.finding_ids)
                without_findings(lake.storage, subject, traces.finding_ids).remove()
                removed = remove_connection_data(lake, connection_id)
                stone = _tombstone(settings, subject, removed)
                rows += directory.forget_connection(
                    partner_id, tenant_id, connection_id, stone=stone, names=names
                )
                keep_tombstones(settings, [stone])
            counts = (removed.file_count, removed.byte_count, rows)
            done = Disconnected(connection_id, had_access, *counts, has_deleted_data=True)
        directory.log_access(
            partner_id,
            actor,
            Action.DISCONNECT.value,
            tenant_id=tenant_id,
            target=connection_id,
            detail=f"disconnected; {done.message}",
        )
    return done


def _tombstone(settings: Settings, subject: Subject, removed: RemovedData) -> Tombstone:
    """Return what is kept of a connection whose data went: a restore does not bring it back."""
    now = datetime.now(UTC)
    receipt = json.dumps({"files of the lake": removed.file_count})
    key = installation_key(settings.keys)
    stone = tombstone(key, subject, uuid.uuid4().hex, now, receipt=receipt)
    return replace(stone, finished_at=now)
