"""Seals parts of a backup on their way out, and opens them on their way back."""

import hashlib
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from control.sealed import SealedReader, SealedWriter, SealError
from ingestion.storage import Storage
from pipeline.backup.errors import BackupError
from pipeline.backup.manifest import Part

_BLOCK = 1 << 20


@contextmanager
def sealed_part(target: Path, key: bytes, purpose: str) -> Iterator[SealedWriter]:
    """Yield what seals into a new file; the file is whole when the block ends without an error."""
    with target.open("wb") as file:
        writer = SealedWriter(file, key, purpose)
        yield writer
        writer.finish()


def part_of(path: Path, *, kind: str, owner: str, scope: str = "") -> Part:
    """Return what the manifest says of a sealed file."""
    return Part(
        name=path.name,
        kind=kind,
        owner=owner,
        scope=scope,
        size=path.stat().st_size,
        sha256=_digest(path),
    )


@contextmanager
def fetched(storage: Storage, backup_id: str, part: Part, spool: Path) -> Iterator[Path]:
    """Yield a part as a local file that is what the manifest says.

    Raises:
        BackupError: It is not there, or is another than was written.
    """
    path = f"{backup_id}/{part.name}"
    if not storage.has(path):
        raise BackupError(f"the backup {backup_id} is not whole: {part.name} is missing")
    local = storage.fetch(path, spool)
    try:
        if local.stat().st_size != part.size or _digest(local) != part.sha256:
            raise BackupError(
                f"the backup {backup_id} is damaged: {part.name} is not what was written; take "
                "another backup"
            )
        yield local
    finally:
        if not storage.is_local:
            local.unlink()


@contextmanager
def opened_part(local: Path, key: bytes, purpose: str) -> Iterator[SealedReader]:
    """Yield what is inside a sealed file.

    Raises:
        BackupError: It does not open with the key.
    """
    try:
        with local.open("rb") as file:
            yield SealedReader(file, key, purpose)
    except SealError as error:
        raise BackupError(f"{local.name} cannot be opened: {error}") from error


def check_opens(local: Path, key: bytes, purpose: str) -> None:
    """Read a sealed file to its end.

    Raises:
        BackupError: It does not open with the key.
    """
    with opened_part(local, key, purpose) as reader:
        while reader.read(_BLOCK):
            pass


@contextmanager
def tar_writer(writer: SealedWriter) -> Iterator[tarfile.TarFile]:
    """Yield an archive that is written as it grows."""
    with tarfile.open(fileobj=cast(BinaryIO, writer), mode="w|") as archive:
        yield archive


@contextmanager
def tar_reader(reader: SealedReader) -> Iterator[tarfile.TarFile]:
    """Yield an archive that is read from its beginning to its end."""
    with tarfile.open(fileobj=cast(BinaryIO, reader), mode="r|") as archive:
        yield archive


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
