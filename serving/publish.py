"""Publishes a partner's marts as the next generation of its serving file."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from filelock import FileLock

from serving.copying import content_digest, write_copy
from serving.encryption import attach_encrypted, load_encryption
from serving.errors import PublishError
from serving.generations import (
    Generation,
    generation_file,
    next_number,
    partner_folder,
    point_to,
    read_served,
    remove_leftovers,
    remove_old,
    sync_folder,
)
from serving.keys import partner_key
from serving.marts import list_marts

logger = logging.getLogger(__name__)

_SOURCE = "warehouse"
_LAYOUT = 1  # count up when the same marts would give another serving file


@dataclass(frozen=True)
class Warehouse:
    """Where the marts come from, and what copying them may use.

    Attributes:
        path: The partner's encrypted warehouse.
        schema: The schema whose tables are published.
        scratch: Folder for spilled data, encrypted there.
        memory: Memory limit in DuckDB's notation.
        threads: Threads of the copy.
        is_whole: Whether the open warehouse, database `warehouse`, holds all that its last build
            was to make.
    """

    path: Path
    schema: str
    scratch: Path
    memory: str
    threads: int
    is_whole: Callable[[duckdb.DuckDBPyConnection], bool]


@dataclass(frozen=True)
class PublishReport:
    """What is served after a publication.

    Attributes:
        generation: Number of the current generation.
        path: Its file.
        tables: Rows per table.
        skipped: Nothing had changed, so the generation is the one from before.
    """

    generation: int
    path: Path
    tables: dict[str, int]
    skipped: bool


def publish_warehouse(
    warehouse: Warehouse,
    *,
    serving_root: Path,
    keys_root: Path,
    partner_id: str,
    say: Callable[[str], None],
) -> PublishReport:
    """Publish a partner's marts, unless the current generation already holds them.

    It may be killed at any instant: until the pointer is replaced readers get the old generation,
    and the next publication clears what was left.

    Raises:
        PublishError: There is no warehouse, it is being built, its last build did not end, or it
            holds no marts.
        KeyUnreadableError: The partner's key is damaged.
    """
    folder = partner_folder(serving_root, partner_id)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    stamp = _stamp(warehouse.path, partner_id)
    key = partner_key(keys_root, partner_id)
    with FileLock(folder / ".publish.lock"):
        remove_leftovers(folder)
        current = read_served(folder)
        if current and current.warehouse_stamp == stamp:
            return _report(folder, current, skipped=True)
        with _opened(warehouse, key, partner_id) as connection:
            if not warehouse.is_whole(connection):
                raise PublishError(
                    f"the last build of partner {partner_id} did not end, so its marts may be of "
                    "different moments; what is served stays as it was. Build again: "
                    f"cloudprune build --partner {partner_id}"
                )
            return _publish_opened(connection, warehouse, folder, key, stamp, say)


def _publish_opened(
    connection: duckdb.DuckDBPyConnection,
    warehouse: Warehouse,
    folder: Path,
    key: str,
    stamp: str,
    say: Callable[[str], None],
) -> PublishReport:
    marts = list_marts(connection, catalog=_SOURCE, schema=warehouse.schema)
    if not marts:
        raise PublishError(
            f"{warehouse.path} holds no table in schema {warehouse.schema}: the build did not "
            "finish; build again"
        )
    digest = content_digest(connection, marts, catalog=_SOURCE, schema=warehouse.schema)
    current = read_served(folder)
    if current and current.content_digest == digest:
        unchanged = current.model_copy(update={"warehouse_stamp": stamp})
        point_to(folder, unchanged)
        return _report(folder, unchanged, skipped=True)
    number = next_number(folder)
    path = folder / generation_file(number)
    rows = write_copy(
        connection, marts, path, catalog=_SOURCE, schema=warehouse.schema, key=key, say=say
    )
    sync_folder(folder)
    generation = Generation(
        generation=number,
        file=path.name,
        published_at=datetime.now(UTC),
        tables=rows,
        content_digest=digest,
        warehouse_stamp=stamp,
    )
    point_to(folder, generation)
    remove_old(folder)
    logger.info("marts published generation=%d tables=%d folder=%s", number, len(rows), folder)
    return _report(folder, generation, skipped=False)


def _report(folder: Path, generation: Generation, *, skipped: bool) -> PublishReport:
    path = folder / generation.file
    return PublishReport(generation.generation, path, dict(generation.tables), skipped=skipped)


def _stamp(path: Path, partner_id: str) -> str:
    """Return an identity of the warehouse that every write to it changes."""
    try:
        states = [path.stat()]
    except FileNotFoundError as error:
        raise PublishError(
            f"partner {partner_id} has no warehouse yet: run `cloudprune build --partner "
            f"{partner_id}` first"
        ) from error
    log = path.with_name(f"{path.name}.wal")
    if log.exists():
        states.append(log.stat())
    marks = [f"{state.st_ino}:{state.st_size}:{state.st_mtime_ns}" for state in states]
    return "/".join([str(_LAYOUT), *marks])


@contextmanager
def _opened(warehouse: Warehouse, key: str, partner_id: str) -> Iterator[duckdb.DuckDBPyConnection]:
    warehouse.scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
    connection = duckdb.connect(
        config={
            "memory_limit": warehouse.memory,
            "threads": warehouse.threads,
            "temp_directory": str(warehouse.scratch),
        }
    )
    try:
        load_encryption(connection)
        connection.execute("set temp_file_encryption = true")
        _attach_warehouse(connection, warehouse.path, key, partner_id)
        yield connection
    finally:
        connection.close()


def _attach_warehouse(
    connection: duckdb.DuckDBPyConnection, path: Path, key: str, partner_id: str
) -> None:
    try:
        attach_encrypted(connection, path, alias=_SOURCE, key=key, read_only=True)
    except duckdb.Error as error:
        if "conflict" in str(error).lower():
            raise PublishError(
                f"the warehouse of partner {partner_id} is being built: publish when it is done"
            ) from error
        raise PublishError(
            f"the warehouse of partner {partner_id} cannot be read with its key: build it anew "
            f"with `cloudprune build --partner {partner_id}` after removing {path}"
        ) from error
