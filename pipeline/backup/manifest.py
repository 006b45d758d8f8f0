"""What a backup says of itself: its parts, whose they are in digests, and that nobody changed it.

A backup is a folder `<backup id>/` with a file per part and `manifest.json`, which is written last.
No name stands in it: an owner is a digest under the installation's key.
"""

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from ingestion.storage import Storage
from pipeline.backup.errors import BackupError
from pipeline.settings import Settings

MANIFEST = "manifest.json"
TOMBSTONES = "tombstones"
BACKUP_ID = re.compile(r"(\d{8}T\d{6}Z)-[0-9a-f]{6}")


class Part(BaseModel):
    """One file of a backup.

    Attributes:
        name: Its name in the folder.
        kind: control, lake, installation or keys.
        owner: Digest of its partner; empty for the installation's own.
        scope: Digest of its tenant; empty for all else.
        size: Bytes, sealed.
        sha256: Digest of the sealed bytes.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    kind: str
    owner: str
    scope: str
    size: int
    sha256: str


class Manifest(BaseModel):
    """What a backup holds.

    Attributes:
        backup_id: Its identity, which begins with its time.
        created_at: When it was begun, UTC.
        revision: Schema of its control database.
        key_salt: Salt of the passphrase that opens its keys; empty where none are in it.
        parts: Its files.
        mac: Code under the installation's key over all of this.
    """

    model_config = ConfigDict(frozen=True)

    backup_id: str
    created_at: datetime
    revision: str
    key_salt: str
    parts: tuple[Part, ...]
    mac: str = ""

    def signed(self, key: bytes) -> "Manifest":
        """Return it with its code."""
        return self.model_copy(update={"mac": self._code(key)})

    def is_genuine(self, key: bytes) -> bool:
        """Whether it is as it was written."""
        return hmac.compare_digest(self.mac, self._code(key))

    def _code(self, key: bytes) -> str:
        said = self.model_copy(update={"mac": ""}).model_dump_json()
        return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()


def new_backup_id(now: datetime) -> str:
    """Return an identity that sorts by time."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def backup_storage(settings: Settings) -> Storage:
    """Return where backups lie."""
    return Storage(settings.backups)


def staging_beside(storage: Storage, settings: Settings) -> Path:
    """Return a folder for unfinished files: on the store's own disk, where renaming commits."""
    home = settings.home.resolve() / ".staging"
    folder = storage.local_path(".staging/files") if storage.is_local else home
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def backups(storage: Storage) -> Iterator[Manifest]:
    """Yield the backups that are whole, the oldest first.

    Raises:
        BackupError: A manifest cannot be read.
    """
    for found in storage.list_files():
        if found.name == MANIFEST and found.path.count("/") == 1:
            yield read_manifest(storage, found.folder)


def read_manifest(storage: Storage, backup_id: str) -> Manifest:
    """Return what a backup says of itself.

    Raises:
        BackupError: There is no such backup, or its manifest cannot be read.
    """
    is_id = BACKUP_ID.fullmatch(backup_id)
    content = storage.read(f"{backup_id}/{MANIFEST}") if is_id else None
    if content is None:
        raise BackupError(f"there is no backup {backup_id} in {storage.root}")
    try:
        return Manifest.model_validate(json.loads(content))
    except (ValueError, ValidationError) as error:
        raise BackupError(f"the manifest of backup {backup_id} cannot be read") from error
