"""Keys of this installation, and each partner's key for backups and archives.

They lie beside the partners' other keys, one file each of 64 hexadecimal characters. A partner's
is removed by its erasure: what was sealed with it is then unreadable wherever a copy lies.
"""

import os
import secrets
import tempfile
from fnmatch import fnmatch
from pathlib import Path

from control.errors import SecretUnreadableError

_KEY_BYTES = 32
INSTALLATION = "_installation.key"
FIRST_ISSUER = "_issuer.pem"
"""The first key that signed our own tokens; such files are not of hexadecimal characters."""
_LATER_ISSUERS = "_issuer-*.pem"
_PARTNER = "{}.backup-key"
_FEDERATION = "{}.federation-key"


def installation_key(keys_root: Path) -> bytes:
    """Return the key that digests names in tombstones, making it on first use.

    Raises:
        SecretUnreadableError: The file holds no key.
    """
    return _key(keys_root / INSTALLATION, make=True)


def backup_key(keys_root: Path, partner_id: str, *, make: bool = False) -> bytes:
    """Return the key that seals a partner's backups and archives.

    Raises:
        SecretUnreadableError: There is none, or the file holds none.
    """
    return _key(keys_root / _PARTNER.format(partner_id), make=make)


def federation_key(keys_root: Path, partner_id: str, *, make: bool) -> bytes:
    """Return the key that makes a partner's names in our tokens known to it alone.

    Raises:
        SecretUnreadableError: There is none, or the file holds none.
    """
    return _key(keys_root / _FEDERATION.format(partner_id), make=make)


def has_federation_keys(keys_root: Path) -> bool:
    """Whether any partner has a name in our tokens, which applications may trust."""
    return any(keys_root.glob(_FEDERATION.format("*")))


def issuer_key_files(keys_root: Path) -> list[Path]:
    """Return the keys that sign our own tokens, or did, or will: the oldest first."""
    return [*keys_root.glob(FIRST_ISSUER), *sorted(keys_root.glob(_LATER_ISSUERS))]


def is_issuer_key(name: str) -> bool:
    """Whether a key file is one of those."""
    return name == FIRST_ISSUER or fnmatch(name, _LATER_ISSUERS)


def partner_key_files(keys_root: Path, partner_id: str) -> list[Path]:
    """Return every key file of a partner: no name holds a dot, so no other's begins like it."""
    return sorted(keys_root.glob(f"{partner_id}.*")) + sorted(keys_root.glob(f".{partner_id}.*"))


def kept_keys(keys_root: Path) -> dict[str, str]:
    """Return all key files of the installation, by name."""
    files = sorted(keys_root.glob("[!.]*")) if keys_root.is_dir() else []
    return {path.name: path.read_text(encoding="ascii").strip() for path in files}


def put_key(keys_root: Path, name: str, key: str) -> None:
    """Write a key file unless there is one of the name; whoever is first wins."""
    path = keys_root / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, beside = tempfile.mkstemp(prefix=f".{name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        os.link(beside, path)
    except FileExistsError:
        return
    finally:
        Path(beside).unlink()


def _key(path: Path, *, make: bool) -> bytes:
    if make and not path.exists():
        put_key(path.parent, path.name, secrets.token_hex(_KEY_BYTES))
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise SecretUnreadableError(
            f"the key {path.name} cannot be read ({type(error).__name__}); put it back from where "
            "keys are kept"
        ) from error
    if len(key) != _KEY_BYTES:
        raise SecretUnreadableError(f"the key {path.name} is not one of {_KEY_BYTES} bytes")
    return key
