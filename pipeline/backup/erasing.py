"""What backups hold of a subject, and the tombstones that lie beside them.

The parts of a partner and of a tenant are files of their own and go. Rows of a tenant, connection
or member stay sealed among their partner's until the backup is 30 days old: a restore takes them
out again, which the tombstones see to.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from control.copying import ControlCopy
from control.keyring import installation_key
from control.privacy_records import Subject, SubjectKind, Tombstone
from control.tombstones import partner_digest, subject_digest
from ingestion.storage import Storage
from pipeline.backup.manifest import TOMBSTONES, Part, backup_storage, backups, staging_beside
from pipeline.privacy.found import Found
from pipeline.privacy.local_traces import key_traces, made_traces
from pipeline.settings import Settings


def backup_traces(settings: Settings, subject: Subject) -> list[Found]:
    """Return the parts of every backup that go.

    Raises:
        BackupError: A manifest cannot be read.
        SourceError: The backups cannot be listed.
    """
    if subject.kind not in (SubjectKind.PARTNER, SubjectKind.TENANT):
        return []
    storage, key = backup_storage(settings), installation_key(settings.keys)
    paths = [
        f"{manifest.backup_id}/{part.name}"
        for manifest in backups(storage)
        for part in manifest.parts
        if _is_of(part, subject, key)
    ]
    there = [path for path in paths if storage.has(path)]

    def remove() -> None:
        for path in there:
            storage.delete(path)

    return [Found("parts of backups", len(there), remove)]


@contextmanager
def erasures_honoured(settings: Settings, rows: ControlCopy) -> Iterator[None]:
    """Take out, once a backup is written, what was erased while it was: parts, keys and locks.

    What is still there by then is looked for by its own erasure, after its rows are gone.
    """
    before = _subjects(rows)
    try:
        yield
    finally:
        for subject in before - _subjects(rows):
            own = made_traces(settings, subject) if subject.kind is SubjectKind.PARTNER else []
            for found in (*own, *backup_traces(settings, subject), *key_traces(settings, subject)):
                found.remove()


def keep_tombstones(settings: Settings, stones: Iterable[Tombstone]) -> None:
    """Write tombstones beside the backups: there they are found when the database is lost."""
    storage = backup_storage(settings)
    with TemporaryDirectory(dir=staging_beside(storage, settings)) as folder:
        for stone in stones:
            path = f"{TOMBSTONES}/{stone.tombstone_id}.json"
            if not storage.has(path):
                written = Path(folder) / "tombstone.json"
                written.write_text(json.dumps(asdict(stone), default=str))
                storage.commit(written, path)


def kept_tombstones(storage: Storage) -> list[Tombstone]:
    """Return the tombstones that lie beside backups."""
    found = []
    for file in storage.list_files(TOMBSTONES):
        content = storage.read(file.path)
        if content is not None:
            values = json.loads(content)
            for name in ("erased_at", "finished_at"):
                values[name] = values[name] and datetime.fromisoformat(values[name])
            found.append(Tombstone(**values))
    return found


def _subjects(rows: ControlCopy) -> set[Subject]:
    partners = {Subject(SubjectKind.PARTNER, row["partner_id"]) for row in rows.values("partners")}
    return partners | {
        Subject(SubjectKind.TENANT, row["partner_id"], row["tenant_id"])
        for row in rows.values("tenants")
    }


def _is_of(part: Part, subject: Subject, key: bytes) -> bool:
    if subject.kind is SubjectKind.PARTNER:
        return part.owner == partner_digest(key, subject.partner_id)
    return part.scope == subject_digest(key, subject)
