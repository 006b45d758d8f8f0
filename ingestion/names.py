"""Names that become path segments: partners, tenants and connections."""

import hashlib
import re

from ingestion.errors import InvalidNameError

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_CONNECTION_LENGTH = 48


def checked_name(name: str, *, what: str) -> str:
    """Return the name if it is safe as one path segment.

    Raises:
        InvalidNameError: It is empty, too long, or holds anything but a-z, 0-9, `_` and `-`.
    """
    if not _NAME.fullmatch(name):
        raise InvalidNameError(
            f"{what} name {name!r} cannot be used: take 1 to 63 characters of a-z, 0-9, '_' and "
            "'-', starting with a letter or digit, such as 'acme-retail'"
        )
    return name


def slug(text: str) -> str:
    """Return the text as a name, for folders whose names people chose freely."""
    return re.sub(r"[^a-z0-9_-]+", "-", text.lower()).strip("-_")[:63].rstrip("-_")


def connection_name(provider: str, scope: str) -> str:
    """Return the connection id of a billing scope: `aws-123456789012`.

    Scopes that are long or hold other characters (Azure resource paths) are shortened to their
    last part and end in a digest, so that two scopes never share an id.
    """
    readable = slug(scope.rstrip("/").rpartition("/")[2])[:_CONNECTION_LENGTH].rstrip("-_")
    if readable == scope:
        return f"{provider}-{readable}"
    digest = hashlib.sha256(scope.encode()).hexdigest()[:8]
    return f"{provider}-{readable}-{digest}"
