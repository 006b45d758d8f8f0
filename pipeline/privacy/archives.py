"""Archives that wait to be fetched: sealed with the partner's key, for a week.

Nothing here reaches the lake or the clouds: the dashboard opens archives through this module.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, cast

from control.errors import PrivacyRequestError
from control.keyring import backup_key
from control.sealed import SealedReader, SealedWriter, SealError
from pipeline.settings import Settings

KEPT = timedelta(days=7)
_ENDING = ".zip.sealed"


@contextmanager
def new_archive(settings: Settings, partner_id: str, request_id: str) -> Iterator[BinaryIO]:
    """Yield what takes an archive's bytes; it is there once the block ends without an error."""
    path = _path(settings, partner_id, request_id)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = backup_key(settings.keys, partner_id, make=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        try:
            writer = SealedWriter(cast(BinaryIO, file), key, _purpose(partner_id, request_id))
            yield cast(BinaryIO, writer)
            writer.finish()
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        finally:
            Path(file.name).unlink(missing_ok=True)


def has_archive(settings: Settings, partner_id: str, request_id: str) -> bool:
    """Whether an archive can still be fetched."""
    return _path(settings, partner_id, request_id).is_file()


def read_archive(settings: Settings, partner_id: str, request_id: str) -> bytes:
    """Return an archive.

    Raises:
        PrivacyRequestError: It is not there any more, or cannot be opened.
        SecretUnreadableError: The partner's key is gone.
    """
    try:
        with _path(settings, partner_id, request_id).open("rb") as file:
            key = backup_key(settings.keys, partner_id)
            return SealedReader(file, key, _purpose(partner_id, request_id)).readall()
    except FileNotFoundError as error:
        raise PrivacyRequestError(
            "this archive is not kept any more, it was for a week; ask for another one"
        ) from error
    except SealError as error:
        raise PrivacyRequestError(f"the archive cannot be opened: {error}") from error


def cut_archives(settings: Settings, now: datetime) -> int:
    """Delete archives that lay for a week, and unfinished ones; return how many."""
    count = 0
    for path in settings.archives.glob("*/*"):
        age = now.timestamp() - path.stat().st_mtime
        if age > KEPT.total_seconds():
            path.unlink(missing_ok=True)
            count += 1
    return count


def _path(settings: Settings, partner_id: str, request_id: str) -> Path:
    if not request_id.isalnum():
        raise PrivacyRequestError("that is no request")
    return settings.archives / partner_id / f"{request_id}{_ENDING}"


def _purpose(partner_id: str, request_id: str) -> str:
    return f"archive|{partner_id}|{request_id}"
