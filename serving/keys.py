"""Partners' encryption keys: one file each, made on first use, removed by erasure.

A key is 256 random bits as 64 hexadecimal characters. DuckDB takes that text as it is, in
`attach … (encryption_key '…')`, and derives the AES-256 key from it.
"""

import os
import re
import secrets
import tempfile
from pathlib import Path

from serving.errors import InvalidPartnerError, KeyUnreadableError

_KEY_BYTES = 32
_KEY = re.compile(r"[0-9a-f]{64}")
_PARTNER = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


def partner_key(keys_root: Path, partner_id: str) -> str:
    """Return the partner's key, making it on first use.

    Args:
        keys_root: Folder of the keys; made with mode 0700 when absent.
        partner_id: Whose key.

    Returns:
        64 hexadecimal characters; safe inside a quoted SQL literal.

    Raises:
        InvalidPartnerError: The name is not safe as a path segment.
        KeyUnreadableError: The file is there but holds no key, or may not be read.
    """
    path = key_path(keys_root, partner_id)
    if not path.exists():
        _create_key(path)
    return _read_key(path, partner_id)


def existing_key(keys_root: Path, partner_id: str) -> str:
    """Return the partner's key; a reader never makes one.

    Raises:
        InvalidPartnerError: The name is not safe as a path segment.
        KeyUnreadableError: There is no key, or the file holds none.
    """
    return _read_key(key_path(keys_root, partner_id), partner_id)


def key_path(keys_root: Path, partner_id: str) -> Path:
    """Return where the partner's key lies."""
    return keys_root / f"{checked_partner(partner_id)}.key"


def checked_partner(partner_id: str) -> str:
    """Return the partner if its name is safe as one path segment.

    Raises:
        InvalidPartnerError: It is empty, too long, or holds anything but a-z, 0-9, `_` and `-`.
    """
    if not _PARTNER.fullmatch(partner_id):
        raise InvalidPartnerError(
            f"partner name {partner_id!r} cannot be used: take 1 to 63 characters of a-z, 0-9, "
            "'_' and '-', starting with a letter or digit, such as 'acme-retail'"
        )
    return partner_id


def _create_key(path: Path) -> None:
    """Write a new key beside and link it into place: the first writer wins, nobody sees half."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        os.link(beside, path)
    except FileExistsError:
        return
    finally:
        Path(beside).unlink()
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read_key(path: Path, partner_id: str) -> str:
    try:
        key = path.read_text(encoding="ascii").strip()
    except FileNotFoundError as error:
        raise KeyUnreadableError(f"partner {partner_id} has no key at {path}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise KeyUnreadableError(
            f"the key of partner {partner_id} at {path} cannot be read: {error}"
        ) from error
    if not _KEY.fullmatch(key):
        raise KeyUnreadableError(
            f"{path} holds no key: expected 64 hexadecimal characters; restore it from a backup, "
            "or remove it together with the partner's work and serving folders and build again"
        )
    return key
