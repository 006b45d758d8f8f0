"""Encrypts streams of any length: AES-256-GCM in chunks, each bound to its place and its purpose.

A stream is `magic + salt + chunks`. Its key is derived from the owner's with HKDF-SHA256 over the
random salt, so that no nonce is used twice under one key; a chunk's nonce is its number and whether
it is the last, as in STREAM (Hoang, Reyhanitabar, Rogaway, Vizár: "Online Authenticated-Encryption
and its Nonce-Reuse Misuse-Resistance", 2015). A chunk that is changed, moved, left out or cut off,
or a stream that was sealed for something else, does not open.
"""

import io
import secrets
from typing import TYPE_CHECKING, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

_MAGIC = b"CPSEAL1\n"
_SALT_BYTES = 32
_TAG_BYTES = 16
_CHUNK = 1 << 20


class SealError(Exception):
    """A sealed stream cannot be opened: damaged, cut off, or sealed with another key."""


class SealedWriter(io.RawIOBase):
    """Takes a stream and writes it sealed; whole only once it is closed without an error.

    Args:
        target: Where the sealed bytes go; it stays open.
        key: The owner's 32 bytes.
        purpose: What is sealed for whom; opening must say the same.
    """

    def __init__(self, target: BinaryIO, key: bytes, purpose: str) -> None:
        super().__init__()
        salt = secrets.token_bytes(_SALT_BYTES)
        self._target = target
        self._cipher = _cipher(key, salt, purpose)
        self._purpose = purpose.encode()
        self._pending = bytearray()
        self._number = 0
        target.write(_MAGIC + salt)

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def write(self, data: "ReadableBuffer") -> int:
        """Seal what fills a chunk and hold the rest."""
        added = bytes(data)
        self._pending += added
        while len(self._pending) > _CHUNK:
            self._seal(bytes(self._pending[:_CHUNK]), is_last=False)
            del self._pending[:_CHUNK]
        return len(added)

    def finish(self) -> None:
        """Seal the end; without it the stream does not open."""
        self._seal(bytes(self._pending), is_last=True)
        self._pending.clear()

    def _seal(self, chunk: bytes, *, is_last: bool) -> None:
        nonce = _nonce(self._number, is_last=is_last)
        self._target.write(self._cipher.encrypt(nonce, chunk, self._purpose))
        self._number += 1


class SealedReader(io.RawIOBase):
    """Reads what `SealedWriter` wrote, never giving out a byte that is not authentic.

    Args:
        source: The sealed bytes, from their beginning.
        key: The owner's 32 bytes.
        purpose: What was sealed for whom.

    Raises:
        SealError: It is no sealed stream.
    """

    def __init__(self, source: BinaryIO, key: bytes, purpose: str) -> None:
        super().__init__()
        header = source.read(len(_MAGIC) + _SALT_BYTES)
        if len(header) < len(_MAGIC) + _SALT_BYTES or not header.startswith(_MAGIC):
            raise SealError("this is no sealed file")
        self._source = source
        self._cipher = _cipher(key, header[len(_MAGIC) :], purpose)
        self._purpose = purpose.encode()
        self._ahead = source.read(_CHUNK + _TAG_BYTES)
        self._open = b""
        self._number = 0
        self._is_over = False

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Fill a buffer with what was sealed.

        Raises:
            SealError: The next chunk is not what was written.
        """
        view = memoryview(buffer)
        while not self._open and not self._is_over:
            self._open = self._next()
        given = self._open[: len(view)]
        view[: len(given)] = given
        self._open = self._open[len(given) :]
        return len(given)

    def _next(self) -> bytes:
        chunk, self._ahead = self._ahead, self._source.read(_CHUNK + _TAG_BYTES)
        self._is_over = not self._ahead
        nonce = _nonce(self._number, is_last=self._is_over)
        self._number += 1
        try:
            return self._cipher.decrypt(nonce, chunk, self._purpose)
        except (InvalidTag, ValueError) as error:
            raise SealError("a sealed file is damaged, cut off, or of another key") from error


def _cipher(key: bytes, salt: bytes, purpose: str) -> AESGCM:
    derived = HKDF(SHA256(), 32, salt=salt, info=f"cloudprune {purpose}".encode())
    return AESGCM(derived.derive(key))


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if is_last else b"\0")
