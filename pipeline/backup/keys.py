"""The installation's keys inside a backup: only where a passphrase was given, and sealed by it."""

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


def seal_keys(target: Path, keys_root: Path, passphrase: str, purpose: str) -> str:
    """Write all keys into a new file that the passphrase opens; return the salt of it.

    Raises:
        BackupError: The passphrase is too short to protect every key there is.
    """
    if len(passphrase) < _SHORTEST:
        raise BackupError(
            f"the passphrase protects every key there is: give {_SHORTEST} characters or more"
        )
    salt = secrets.token_bytes(_SALT_BYTES)
    with sealed_part(target, _derived(passphrase, salt), purpose) as writer:
        writer.write(json.dumps(kept_keys(keys_root)).encode())
    return salt.hex()


def open_keys(local: Path, passphrase: str, salt: str, purpose: str) -> dict[str, str]:
    """Return the keys that a passphrase opens, by name of their file.

    Raises:
        BackupError: It is another passphrase.
    """
    try:
        with opened_part(local, _derived(passphrase, bytes.fromhex(salt)), purpose) as reader:
            found: dict[str, str] = json.loads(reader.readall())
    except BackupError as error:
        raise BackupError("the passphrase does not open the keys of this backup") from error
    return found


def _derived(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, **_SCRYPT).derive(passphrase.encode())
