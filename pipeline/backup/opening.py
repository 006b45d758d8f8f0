"""A backup that is to be read: its keys, whose its parts are, and that each of them opens.

Names are not in a backup; an owner is found by the keys that are there. A part that no key opens
belongs to somebody who was erased, or its key was lost, and the tombstones tell which.
"""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from control.keyring import INSTALLATION, kept_keys
from control.models import ErasureTombstoneRow
from control.privacy_records import Tombstone
from control.sealed import SealedReader
from control.tombstones import Erased, partner_digest
from pipeline.backup.creating import purpose_of
from pipeline.backup.erasing import kept_tombstones
from pipeline.backup.errors import BackupError
from pipeline.backup.keys import open_keys, passphrase_key
from pipeline.backup.manifest import Manifest, Part, backup_storage, read_manifest, staging_beside
from pipeline.backup.sealing import check_opens, fetched, opened_part
from pipeline.settings import Settings

Say = Callable[[str], None]
_BACKUP_KEY = ".backup-key"


@dataclass(frozen=True)
class Owned:
    """A part, and the partner whose it is; nobody's is the installation's."""

    part: Part
    partner_id: str
    key: bytes


class OpenBackup:
    """A backup with the keys that open it.

    Args:
        settings: Where backups and keys lie.
        backup_id: Which one.
        passphrase: Opens the keys inside it, where keys of the installation are missing.

    Raises:
        BackupError: There is none, its keys are not here, or somebody changed it.
    """

    def __init__(self, settings: Settings, backup_id: str, passphrase: str = "") -> None:
        self._storage = backup_storage(settings)
        self._staging = staging_beside(self._storage, settings)
        self.manifest: Manifest = read_manifest(self._storage, backup_id)
        self.keys = kept_keys(settings.keys)
        if passphrase:
            self.keys = self._inner_keys(passphrase) | self.keys
        if INSTALLATION not in self.keys:
            raise BackupError(
                f"the keys of backup {backup_id} are not here: put the folder keys back, or give "
                "the passphrase that it was made with"
            )
        self.installation = bytes.fromhex(self.keys[INSTALLATION])
        if not self.manifest.is_genuine(self.installation):
            raise BackupError(
                f"backup {backup_id} was changed, or is of another installation; nothing was "
                "restored"
            )

    def tombstones(self, known: tuple[Tombstone, ...] = ()) -> list[Tombstone]:
        """Return what is known to be erased, here or beside the backups, each once."""
        found = {stone.tombstone_id: stone for stone in kept_tombstones(self._storage)}
        return list((found | {stone.tombstone_id: stone for stone in known}).values())

    def erased_since(self, stones: list[Tombstone]) -> Erased:
        """Return what was erased after the rows of this backup: they tell of earlier erasures.

        No clock says so: an erasure and a backup may run side by side.

        Raises:
            BackupError: The installation's own rows are missing, damaged, or do not open.
        """
        told = set[str]()
        for owned in self.parts("installation", Erased(self.installation, ())):
            for name, values in map(json.loads, self.lines(owned)):
                if name == ErasureTombstoneRow.__tablename__:
                    told.add(values["tombstone_id"])
        return Erased(self.installation, (s for s in stones if s.tombstone_id not in told))

    def parts(self, kind: str, erased: Erased) -> Iterator[Owned]:
        """Yield the parts of a kind that are to come back.

        Raises:
            BackupError: The key of a partner that was not erased is missing.
        """
        owners = self._owners()
        for part in self.manifest.parts:
            if part.kind != kind:
                continue
            if not part.owner:
                yield Owned(part, "", self.installation)
                continue
            if erased.has_partner_digest(part.owner) or erased.has_digest(part.scope):
                continue
            if part.owner not in owners:
                raise BackupError(
                    f"the key of a partner in backup {self.manifest.backup_id} is not here; put "
                    "the folder keys back, or give the passphrase that it was made with"
                )
            partner_id = owners[part.owner]
            key = bytes.fromhex(self.keys[f"{partner_id}{_BACKUP_KEY}"])
            yield Owned(part, partner_id, key)

    def check(self, erased: Erased, say: Say = lambda _: None) -> int:
        """Open every part that is to come back, to its end; return how many.

        Raises:
            BackupError: One is missing, damaged, or does not open.
        """
        count = 0
        for kind in ("installation", "control", "lake"):
            for owned in self.parts(kind, erased):
                say(f"checking {owned.part.name}")
                with self._fetched(owned.part) as local:
                    check_opens(local, owned.key, self._purpose(owned.part))
                count += 1
        return count

    @contextmanager
    def opened(self, owned: Owned) -> Iterator[SealedReader]:
        """Yield what is inside a part.

        Raises:
            BackupError: It is missing, damaged, or does not open.
        """
        with (
            self._fetched(owned.part) as local,
            opened_part(local, owned.key, self._purpose(owned.part)) as reader,
        ):
            yield reader

    def lines(self, owned: Owned) -> Iterator[str]:
        """Yield the lines of a part that holds rows.

        Raises:
            BackupError: It is missing, damaged, or does not open.
        """
        with self.opened(owned) as reader:
            yield from io.TextIOWrapper(io.BufferedReader(reader), encoding="utf-8")

    def _owners(self) -> dict[str, str]:
        names = (name for name in self.keys if name.endswith(_BACKUP_KEY))
        partners = (name.removesuffix(_BACKUP_KEY) for name in names)
        return {partner_digest(self.installation, each): each for each in partners}

    def _inner_keys(self, passphrase: str) -> dict[str, str]:
        """Return the keys in the backup; those of a partner that was erased are in it no more."""
        found: dict[str, str] = {}
        parts = [part for part in self.manifest.parts if part.kind == "keys"]
        if not parts:
            raise BackupError(
                f"backup {self.manifest.backup_id} holds no keys; put the folder keys back"
            )
        key = passphrase_key(passphrase, self.manifest.key_salt)
        for part in parts:
            if self._storage.has(f"{self.manifest.backup_id}/{part.name}"):
                with self._fetched(part) as local:
                    found |= open_keys(local, key, self._purpose(part))
        return found

    @contextmanager
    def _fetched(self, part: Part) -> Iterator[Path]:
        with (
            TemporaryDirectory(dir=self._staging) as spool,
            fetched(self._storage, self.manifest.backup_id, part, Path(spool)) as local,
        ):
            yield local

    def _purpose(self, part: Part) -> str:
        return purpose_of(self.manifest.backup_id, part.kind, part.owner, part.scope)
