"""The installation's keys inside a backup: only where a passphrase was given, and sealed by it.

Each partner's keys are a part of their own, which its erasure removes from every backup.
"""

import json
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from control.keyring import kept_keys
from pipeline.backup.errors import BackupError
from pipeline.backup.sealing import opened_part, sealed_part

_SALT_BYTES = 16
_SHORTEST = 12
_SCRYPT = {"length": 32, "n": 2**17, "r": 8, "p": 1}
"""OWASP's first choice of parameters for scrypt."""


def new_salt(passphrase: str) -> str:
    """Return the salt of a backup's passphrase, in hexadecimal.

    Raises:
        BackupError: The passphrase is too short to protect every key there is.
    """
    if len(passphrase) < _SHORTEST:
        raise BackupError(
            f"the passphrase protects every key there is: give {_SHORTEST} characters or more"
        )
    return secrets.token_bytes(_SALT_BYTES).hex()


def passphrase_key(passphrase: str, salt: str) -> bytes:
    """Return the key of 32 bytes that a passphrase makes; this takes long on purpose."""
    return Scrypt(salt=bytes.fromhex(salt), **_SCRYPT).derive(passphrase.encode())


def keys_by_owner(keys_root: Path) -> dict[str, dict[str, str]]:
    """Return each partner's keys by name of their file; the installation's own are nobody's."""
    found: dict[str, dict[str, str]] = {}
    for name, key in kept_keys(keys_root).items():
        owner = "" if name.startswith("_") else name.partition(".")[0]
        found.setdefault(owner, {})[name] = key
    return found


def seal_keys(target: Path, keys: dict[str, str], key: bytes, purpose: str) -> None:
    """Write keys into a new file that a passphrase's key opens."""
    with sealed_part(target, key, purpose) as writer:
        writer.write(json.dumps(keys).encode())


def open_keys(local: Path, key: bytes, purpose: str) -> dict[str, str]:
    """Return the keys that a passphrase's key opens, by name of their file.

    Raises:
        BackupError: It is of another passphrase.
    """
    try:
        with opened_part(local, key, purpose) as reader:
            found: dict[str, str] = json.loads(reader.readall())
    except BackupError as error:
        raise BackupError("the passphrase does not open the keys of this backup") from error
    return found
