"""The keys that sign our own tokens: made once, rotated, and never replaced unseen.

Azure reads their public halves at the issuer's address, and reads them again only now and then. So
a new key is published for a day before it signs, beside the one that signs until then; that one
stays published until the next rotation.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from control.errors import SecretUnreadableError
from control.keyring import FIRST_ISSUER, has_federation_keys, issuer_key_files, put_key

PUBLISHED_BEFORE = timedelta(days=1)
"""How long a new key is published before it signs."""
_KEY_BITS = 3072
_LATER = "_issuer-%Y%m%dT%H%M%SZ.pem"


def key_files(keys_root: Path) -> list[Path]:
    """Return the files of the keys, the oldest first, making the first one on first use.

    No application trusts us before there is a key: where one does and there is none, it was lost.

    Raises:
        SecretUnreadableError: It was.
    """
    if not issuer_key_files(keys_root):
        if has_federation_keys(keys_root):
            raise SecretUnreadableError(
                "the key that signs this installation's tokens is gone, and applications trust it; "
                f"whoever runs the installation puts {FIRST_ISSUER} back from where keys are kept, "
                "or makes another, `cloudprune connect issuer --rotate`, and publishes its files"
            )
        put_key(keys_root, FIRST_ISSUER, _made())
    return issuer_key_files(keys_root)


def published_keys(keys_root: Path) -> list[rsa.RSAPrivateKey]:
    """Return the keys whose public halves Azure is to know, the oldest first.

    Raises:
        SecretUnreadableError: One is damaged, or the key is gone and applications trust it.
    """
    return [_loaded(path) for path in key_files(keys_root)]


def signing_key(keys_root: Path, now: datetime) -> rsa.RSAPrivateKey:
    """Return the key that signs at this moment.

    Raises:
        SecretUnreadableError: It is damaged, or it is gone and applications trust it.
    """
    return _loaded(_signing(key_files(keys_root), now))


def rotate(keys_root: Path, now: datetime) -> datetime:
    """Make another key, and forget those before the one that signs; return from when it signs."""
    known = issuer_key_files(keys_root)
    put_key(keys_root, now.strftime(_LATER) if known else FIRST_ISSUER, _made())
    if not known:
        return now
    for former in known[: known.index(_signing(known, now))]:
        former.unlink()
    return now + PUBLISHED_BEFORE


def _signing(files: list[Path], now: datetime) -> Path:
    """Return the newest that was published for long enough; the oldest where none was."""
    ready = [path for path in files if _made_at(path) + PUBLISHED_BEFORE <= now]
    return ready[-1] if ready else files[0]


def _made_at(path: Path) -> datetime:
    if path.name == FIRST_ISSUER:
        return datetime(1970, 1, 1, tzinfo=UTC)
    return datetime.strptime(path.name, _LATER).replace(tzinfo=UTC)


def _made() -> str:
    made = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
    return made.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode("ascii")


def _loaded(path: Path) -> rsa.RSAPrivateKey:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, TypeError, ValueError) as error:
        raise _unreadable(path, type(error).__name__) from error
    if not isinstance(key, rsa.RSAPrivateKey):
        raise _unreadable(path, "it is none of RSA")
    return key


def _unreadable(path: Path, why: str) -> SecretUnreadableError:
    return SecretUnreadableError(
        f"the key {path.name} cannot be read ({why}); put it back from where keys are kept, or "
        "delete it and make another: cloudprune connect issuer --rotate"
    )
