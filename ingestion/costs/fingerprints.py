"""Tells one delivery from another by the content of its files."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from ingestion.costs.manifests import Manifest
from ingestion.costs.reading import reading
from ingestion.storage import Storage, StoredFile

_SAMPLE = 4 * 1024 * 1024
_COMPRESSED = (".gz", ".zip", ".parquet")


def load_id(source: Storage, files: Sequence[StoredFile], manifest: Manifest | None) -> str:
    """Return what is the same for a delivery and a copy of it, and for no other.

    Raises:
        UnreadableFileError: The disk does not give one of its files.
    """
    digest = hashlib.sha256()
    if manifest:
        digest.update(f"{manifest.provider}:{manifest.delivery_id}".encode())
    for found in sorted(files, key=lambda file: file.path):
        digest.update(f"|{found.name}:{found.size}:".encode())
        with reading(found.path):
            digest.update(_fingerprint(source, found))
    return digest.hexdigest()[:32]


def _fingerprint(source: Storage, found: StoredFile) -> bytes:
    """Return what changes when a file does: its etag, or a digest of its content.

    Of large plain text, which is read at the speed of the disk anyway, the ends and the time of the
    last change count.
    """
    if found.etag:
        return found.etag.encode()
    path = source.local_path(found.path)
    return _content_digest(path, found.size, found.modified, path.stat().st_ctime_ns)


@lru_cache(maxsize=4096)
def _content_digest(path: Path, size: int, modified: datetime, _changed_ns: int) -> bytes:
    """Return a digest of a local file; remembered, as whoever watches a folder asks every minute.

    The time of its last change in the file system, which no copy can keep, makes it another.
    """
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        if size > 2 * _SAMPLE and not path.name.lower().endswith(_COMPRESSED):
            digest.update(modified.isoformat().encode())
            digest.update(handle.read(_SAMPLE))
            handle.seek(-_SAMPLE, 2)
        while chunk := handle.read(_SAMPLE):
            digest.update(chunk)
    return digest.digest()
