"""The end of an erasure, after the rows are gone: no byte stays, and the partner goes on."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from control.directory import Directory
from control.errors import ControlError, RestrictedError
from control.keyring import installation_key
from control.privacy_records import Subject, SubjectKind, Tombstone
from control.tombstones import partner_digest
from ingestion.errors import IngestionError
from ingestion.storage import Storage
from pipeline.backup.erasing import backup_traces, keep_tombstones
from pipeline.backup.errors import BackupError
from pipeline.build import build_warehouse
from pipeline.errors import BuildError
from pipeline.privacy.history import history_traces
from pipeline.privacy.local_traces import key_traces, made_traces
from pipeline.privacy.receipts import Receipt, receipt_of
from pipeline.privacy.standstill import erasing_alone, move_again
from pipeline.publish import publish_marts
from pipeline.settings import Settings
from serving.errors import ServingError

Say = Callable[[str], None]
EXPECTED = (BackupError, ControlError, IngestionError, ServingError)
"""What may end an erasure; the next call goes on."""


def finish_erasure(
    settings: Settings,
    directory: Directory,
    stone: Tombstone,
    subject: Subject | None,
    *,
    say: Say = lambda _: None,
) -> Receipt:
    """Do what is left once the rows are gone; where nothing is, return the receipt.

    Args:
        settings: Where everything lies.
        directory: The control database.
        stone: What the erasure left.
        subject: What was erased; None where only the tombstone is known.
        say: Told what happens.

    Raises:
        SourceError: The backups do not answer.
    """
    if stone.finished_at is not None:
        return receipt_of(stone)
    keep_tombstones(settings, [stone])
    say("leaving no byte in the control database")
    directory.scrub()
    if subject is not None:
        _take_latecomers(settings, subject)
    notes = list(_go_on(settings, directory, stone, say))
    directory.finish_tombstone(stone, datetime.now(UTC))
    return receipt_of(stone, *notes)


def finish_interrupted(
    settings: Settings, *, say: Say = lambda _: None
) -> tuple[int, dict[str, str]]:
    """Finish the erasures that ended between their rows and their end; one stops no other.

    Args:
        settings: Where everything lies.
        say: Told what happens.

    Returns:
        How many were finished, and why others were not, by request.
    """
    count, failed = 0, dict[str, str]()
    with Directory(settings.control) as directory:
        for stone in directory.tombstones():
            if stone.finished_at is not None:
                continue
            try:
                with erasing_alone(settings, stone.partner_id):
                    finish_erasure(settings, directory, stone, None, say=say)
            except EXPECTED as error:
                failed[stone.tombstone_id] = str(error)
            else:
                count += 1
    return count, failed


def _take_latecomers(settings: Settings, subject: Subject) -> None:
    """Remove what a run wrote that was told to stop, and a backup that ran meanwhile."""
    late = [
        *history_traces(settings, subject),
        *backup_traces(settings, subject),
        *key_traces(settings, subject),
    ]
    if subject.kind is SubjectKind.PARTNER:
        late += made_traces(settings, subject)
    for found in late:
        found.remove()


def _go_on(settings: Settings, directory: Directory, stone: Tombstone, say: Say) -> Iterator[str]:
    """Let the partner be processed again and serve what is left; yield what could not be done."""
    key = installation_key(settings.keys)
    partners = [each.partner_id for each in directory.partners()]
    for partner_id in partners:
        is_own = partner_digest(key, partner_id) == stone.partner_id
        if is_own and stone.subject_kind != SubjectKind.PARTNER:
            move_again(directory, partner_id, stone.tombstone_id)
            problem = _build_again(settings, partner_id, say)
            if problem:
                yield problem


def _build_again(settings: Settings, partner_id: str, say: Say) -> str:
    """Build and publish what the lake still holds; return why it cannot be, or nothing."""
    lake = Storage(settings.lake)
    if not any(True for _ in lake.list_files(f"partner_id={partner_id}")):
        return ""
    say("building the partner's marts again")
    try:
        build_warehouse(settings, partner_id, say=say)
        publish_marts(settings, partner_id, say=say)
    except (BuildError, RestrictedError, ServingError) as error:
        return f"The partner's marts were removed and could not be built again: {error}"
    return ""
