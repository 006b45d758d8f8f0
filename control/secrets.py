"""Secrets of connections, outside the database: what a store of them does, and one in files.

Nothing but a scan or a test reads a secret back; no page and no command shows one. A secret that is
empty stands for an application that signs in without one.

A file is `nonce + ciphertext` of AES-256-GCM under the partner's secrets key: 256 random bits in a
file of its own, made on first use and removed by erasure. Whose secret it is, is authenticated with
it, so that a file put in another's place does not open.
"""

import os
import secrets
import tempfile
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from control.errors import SecretUnreadableError

_KEY_BYTES = 32
_NONCE_BYTES = 12


class SecretStore(Protocol):
    """Keeps one secret per connection."""

    def put(self, partner_id: str, tenant_id: str, connection_id: str, secret: str) -> None:
        """Keep a connection's secret, instead of what was kept before."""

    def get(self, partner_id: str, tenant_id: str, connection_id: str) -> str:
        """Return a connection's secret.

        Raises:
            SecretUnreadableError: There is none, or it cannot be read.
        """

    def remove(self, partner_id: str, tenant_id: str, connection_id: str) -> None:
        """Forget a connection's secret, if there is one."""


class FileSecretStore:
    """The secrets of all partners, one encrypted file each.

    Args:
        secrets_root: Folder of the encrypted files; made with mode 0700.
        keys_root: Folder of the keys, where the partners' other keys are.
    """

    def __init__(self, secrets_root: Path, keys_root: Path) -> None:
        self._secrets_root = secrets_root
        self._keys_root = keys_root

    def put(self, partner_id: str, tenant_id: str, connection_id: str, secret: str) -> None:
        """Keep a connection's secret, instead of what was kept before."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        owner = _owner(partner_id, tenant_id, connection_id)
        cipher = AESGCM(self._key(partner_id, make=True))
        sealed = nonce + cipher.encrypt(nonce, secret.encode(), owner)
        beside = _written_beside(self._path(partner_id, tenant_id, connection_id), sealed)
        beside.replace(self._path(partner_id, tenant_id, connection_id))

    def get(self, partner_id: str, tenant_id: str, connection_id: str) -> str:
        """Return a connection's secret.

        Raises:
            SecretUnreadableError: There is none, or it is not this connection's, or is damaged.
        """
        path = self._path(partner_id, tenant_id, connection_id)
        try:
            sealed = path.read_bytes()
            cipher = AESGCM(self._key(partner_id, make=False))
            nonce, text = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
            owner = _owner(partner_id, tenant_id, connection_id)
            return cipher.decrypt(nonce, text, owner).decode()
        except (OSError, InvalidTag, ValueError) as error:
            raise SecretUnreadableError(
                f"the secret of connection {connection_id} of {partner_id}/{tenant_id} cannot be "
                f"read ({type(error).__name__}); give it again: cloudprune connect azure"
            ) from error

    def remove(self, partner_id: str, tenant_id: str, connection_id: str) -> None:
        """Forget a connection's secret, if there is one."""
        self._path(partner_id, tenant_id, connection_id).unlink(missing_ok=True)

    def _path(self, partner_id: str, tenant_id: str, connection_id: str) -> Path:
        return self._secrets_root / partner_id / tenant_id / f"{connection_id}.sealed"

    def _key(self, partner_id: str, *, make: bool) -> bytes:
        path = self._keys_root / f"{partner_id}.secrets-key"
        if make and not path.exists():
            beside = _written_beside(path, secrets.token_hex(_KEY_BYTES).encode())
            try:
                os.link(beside, path)  # the first writer wins, nobody sees half
            except FileExistsError:
                pass
            finally:
                beside.unlink()
        return bytes.fromhex(path.read_text(encoding="ascii"))


def _owner(partner_id: str, tenant_id: str, connection_id: str) -> bytes:
    return f"{partner_id}/{tenant_id}/{connection_id}".encode()


def _written_beside(path: Path, content: bytes) -> Path:
    """Write a file that nobody else may read next to where it belongs."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return Path(beside)
