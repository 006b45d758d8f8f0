"""Removes backups that are older than they may be."""

from datetime import UTC, datetime, timedelta

from pipeline.backup.manifest import BACKUP_ID, MANIFEST, backup_storage
from pipeline.settings import Settings

KEPT = timedelta(days=30)
_UNFINISHED = timedelta(days=2)


def cut_backups(settings: Settings, now: datetime) -> int:
    """Delete backups older than 30 days, and those never finished; return how many.

    None stays for being the last: what was erased must not outlive its 30 days. Tombstones stay.

    Raises:
        SourceError: The backups cannot be listed, or not be deleted.
    """
    storage = backup_storage(settings)
    whole: dict[str, bool] = {}
    for found in storage.list_files():
        folder = found.path.split("/")[0]
        if BACKUP_ID.fullmatch(folder):
            whole[folder] = whole.get(folder, False) or found.name == MANIFEST
    count = 0
    for backup_id, is_whole in whole.items():
        kept = KEPT if is_whole else _UNFINISHED
        if now - _begun(backup_id) > kept:
            storage.delete_prefix(backup_id)
            count += 1
    return count


def _begun(backup_id: str) -> datetime:
    return datetime.strptime(backup_id.partition("-")[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
