"""Chance that repeats: every draw is named, so that one draw never shifts another."""

import hashlib
import zlib
from functools import lru_cache
from random import Random
from uuid import UUID


def dice(*names: object) -> Random:
    """Return a generator of its own for the named draw."""
    return Random(_joined(names))  # noqa: S311 - simulated data, not secrets


def noise(*names: object) -> float:
    """Return a number in [0, 1) for the names; much faster than a generator."""
    return zlib.crc32(_joined(names).encode()) / 2**32


def digest(*names: object, length: int = 17) -> str:
    """Return lower-case hexadecimal text for the names, at most 64 characters."""
    return hashlib.sha256(_joined(names).encode()).hexdigest()[:length]


@lru_cache(maxsize=20_000)
def guid(*names: object) -> str:
    """Return a version 4 identifier for the names."""
    return str(UUID(hex=digest(*names, length=32), version=4))


def _joined(names: tuple[object, ...]) -> str:
    return "/".join(map(str, names))
