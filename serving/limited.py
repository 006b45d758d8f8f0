"""Copies of a generation that hold some tenants alone, for readers who may see no others.

A filter in front of the whole file would have to hold against every statement, plan and error
message; a file that lacks the other tenants has nothing to hold back.
"""

import hashlib
import json
from pathlib import Path

import duckdb
from filelock import FileLock

from serving.copying import TARGET_SCHEMA, TENANT_COLUMN, write_copy
from serving.encryption import attach_encrypted, load_encryption
from serving.errors import KeyUnreadableError, NotPublishedError
from serving.generations import limited_folder
from serving.marts import Mart, list_marts
from serving.protocol import Opening

SHARED_MARTS = frozenset({"dim_rule"})
"""Marts that say the same of every tenant. Others without a tenant are left out."""

_SOURCE = "whole"


def limited_copy(opening: Opening, tenants: frozenset[str]) -> Path:
    """Return a file with the rows of these tenants alone, made unless it is there.

    Args:
        opening: How the whole generation is opened, and what copying may use.
        tenants: Whose rows it holds; none of them for nobody's.

    Raises:
        NotPublishedError: The generation was removed.
        KeyUnreadableError: It does not open with the key.
    """
    folder = limited_folder(opening.path.parent)
    folder.mkdir(exist_ok=True, mode=0o700)
    path = folder / f"{opening.path.stem}-{_digest(tenants)}.duckdb"
    if path.exists():
        return path
    with FileLock(folder / ".limit.lock"):
        for left in folder.glob(".*.tmp*"):
            left.unlink(missing_ok=True)
        if not path.exists():
            _copy(opening, path, tenants)
    return path


def _copy(opening: Opening, path: Path, tenants: frozenset[str]) -> None:
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{opening.memory_bytes // 1024}KiB",
        "threads": opening.threads,
        "temp_directory": "",
    }
    with duckdb.connect(config=config) as connection:
        load_encryption(connection)
        try:
            attach_encrypted(
                connection, opening.path, alias=_SOURCE, key=opening.key, read_only=True
            )
        except duckdb.Error as error:
            if not opening.path.exists():
                raise NotPublishedError(f"{opening.path} is gone: open a new session") from error
            raise KeyUnreadableError(
                f"{opening.path} cannot be read with its partner's key: restore the key, or "
                "publish again"
            ) from error
        marts = list_marts(connection, catalog=_SOURCE, schema=TARGET_SCHEMA)
        write_copy(
            connection,
            tuple(mart for mart in marts if _is_copied(mart)),
            path,
            catalog=_SOURCE,
            schema=TARGET_SCHEMA,
            key=opening.key,
            say=lambda _: None,
            tenants=tenants,
        )


def _is_copied(mart: Mart) -> bool:
    has_tenants = any(column.name == TENANT_COLUMN for column in mart.columns)
    return has_tenants or mart.name in SHARED_MARTS


def _digest(tenants: frozenset[str]) -> str:
    return hashlib.sha256(json.dumps(sorted(tenants)).encode()).hexdigest()[:32]
