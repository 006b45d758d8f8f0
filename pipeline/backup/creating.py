"""Makes a backup: each partner's rows and each tenant's lake, sealed with the partner's key."""

import secrets
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from control.copying import ControlCopy
from control.keyring import backup_key, installation_key
from control.privacy_records import Subject, SubjectKind
from control.tombstones import partner_digest, subject_digest
from ingestion.storage import Storage
from pipeline.backup.erasing import erasures_honoured
from pipeline.backup.errors import BackupError
from pipeline.backup.keys import keys_by_owner, new_salt, passphrase_key, seal_keys
from pipeline.backup.manifest import (
    MANIFEST,
    Manifest,
    Part,
    backup_storage,
    new_backup_id,
    staging_beside,
)
from pipeline.backup.sealing import part_of, sealed_part, tar_writer
from pipeline.locking import exclusive, tenant_lock
from pipeline.settings import Settings

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup holds."""

    backup_id: str
    partners: int
    files: int
    byte_count: int
    has_keys: bool


def create_backup(
    settings: Settings, *, passphrase: str = "", say: Say = lambda _: None
) -> BackupReport:
    """Write a backup of control database and lake; it exists once its manifest is written.

    Args:
        settings: Whose state, and where backups go.
        passphrase: Puts the keys into the backup, sealed by it; without one they are left out.
        say: Told what is written.

    Raises:
        BackupError: The passphrase is too short, or the control database shows no partner of a
            lake that holds some.
        ControlUnavailableError: The control database cannot be read.
        SourceError: The lake cannot be read, or the backup not be written.
    """
    now = datetime.now(UTC)
    staging = staging_beside(backup_storage(settings), settings)
    with TemporaryDirectory(dir=staging) as folder, closing(ControlCopy(settings.control)) as rows:
        making = _Making(settings, new_backup_id(now), Path(folder), say)
        with erasures_honoured(settings, rows):
            partners = making.add_rows(rows)
            if not partners - {""}:
                _require_empty_lake(settings)
            files = making.add_lake(sorted(partners - {""}))
            salt = making.add_keys(passphrase) if passphrase else ""
            manifest = Manifest(
                backup_id=making.backup_id,
                created_at=now,
                revision=rows.revision,
                key_salt=salt,
                parts=tuple(making.parts),
            )
            making.commit(manifest)
    return BackupReport(
        making.backup_id,
        len(partners - {""}),
        files,
        sum(part.size for part in making.parts),
        bool(salt),
    )


def _require_empty_lake(settings: Settings) -> None:
    found = Storage(settings.lake).list_files()
    if any(each.path.startswith("partner_id=") for each in found):
        raise BackupError(
            "the lake holds bills, but the control database shows no partner, so a backup would "
            "be empty; none was made. Check that CLOUDPRUNE_CONTROL_URL names the right database"
        )


def purpose_of(backup_id: str, kind: str, owner: str, scope: str) -> str:
    """Return what a part is sealed for: in another's place it does not open."""
    return "|".join(("backup", backup_id, kind, owner, scope))


class _Making:
    """A backup that is being written."""

    def __init__(self, settings: Settings, backup_id: str, folder: Path, say: Say) -> None:
        self.backup_id = backup_id
        self.parts: list[Part] = []
        self._settings = settings
        self._folder = folder
        self._say = say
        self._target = backup_storage(settings)
        self._installation = installation_key(settings.keys)

    def add_rows(self, rows: ControlCopy) -> set[str]:
        """Seal each partner's rows apart; return whose there are, the installation's among them."""
        sorted_by_owner: dict[str, list[str]] = {"": []}
        for owner, line in rows.lines():
            sorted_by_owner.setdefault(owner, []).append(line)
        for owner, lines in sorted_by_owner.items():
            kind = "control" if owner else "installation"
            target = self._new_file()
            with sealed_part(target, self._key(owner), self._purpose(kind, owner)) as writer:
                for line in lines:
                    writer.write(line.encode() + b"\n")
            self._add(target, kind, owner)
        return set(sorted_by_owner)

    def add_lake(self, partners: list[str]) -> int:
        """Seal each tenant's part of the lake, while nobody lands there; return how many files."""
        lake, count = Storage(self._settings.lake), 0
        for partner_id in partners:
            prefix = f"partner_id={partner_id}"
            folders = {found.path.split("/")[1] for found in lake.list_files(prefix)}
            for folder in sorted(folders):
                tenant_id = folder.partition("=")[2]
                self._say(f"{partner_id}/{tenant_id}")
                lock = tenant_lock(self._settings, partner_id, tenant_id)
                with exclusive(lock, f"lands data of {tenant_id}", self._say):
                    count += self._add_tenant(lake, partner_id, tenant_id)
        return count

    def add_keys(self, passphrase: str) -> str:
        """Seal each partner's keys apart, all by a passphrase; return its salt."""
        salt = new_salt(passphrase)
        key = passphrase_key(passphrase, salt)
        for owner, keys in keys_by_owner(self._settings.keys).items():
            target = self._new_file()
            seal_keys(target, keys, key, self._purpose("keys", owner))
            self._add(target, "keys", owner)
        return salt

    def commit(self, manifest: Manifest) -> None:
        """Write the manifest, which makes it a backup."""
        written = self._folder / MANIFEST
        written.write_text(manifest.signed(self._installation).model_dump_json(indent=1))
        self._target.commit(written, f"{self.backup_id}/{MANIFEST}")

    def _add_tenant(self, lake: Storage, partner_id: str, tenant_id: str) -> int:
        prefix = f"partner_id={partner_id}/tenant_id={tenant_id}"
        target, spool, count = self._new_file(), self._folder / "spool", 0
        purpose = self._purpose("lake", partner_id, tenant_id)
        with (
            sealed_part(target, self._key(partner_id), purpose) as writer,
            tar_writer(writer) as archive,
        ):
            for found in lake.list_files(prefix):
                local = lake.fetch(found.path, spool)
                archive.add(local, arcname=found.path, recursive=False)
                count += 1
                if not lake.is_local:
                    local.unlink()
        self._add(target, "lake", partner_id, tenant_id)
        return count

    def _new_file(self) -> Path:
        return self._folder / f"{secrets.token_hex(8)}.sealed"

    def _key(self, owner: str) -> bytes:
        return backup_key(self._settings.keys, owner, make=True) if owner else self._installation

    def _purpose(self, kind: str, owner: str, scope: str = "") -> str:
        return purpose_of(self.backup_id, kind, *self._digests(owner, scope))

    def _digests(self, owner: str, scope: str) -> tuple[str, str]:
        whose = partner_digest(self._installation, owner) if owner else ""
        tenant = Subject(SubjectKind.TENANT, owner, scope)
        return whose, subject_digest(self._installation, tenant) if scope else ""

    def _add(self, written: Path, kind: str, owner: str, scope: str = "") -> None:
        whose, which = self._digests(owner, scope)
        self.parts.append(part_of(written, kind=kind, owner=whose, scope=which))
        self._target.commit(written, f"{self.backup_id}/{written.name}")
