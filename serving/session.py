"""Opens locked, read-only sessions on a partner's serving file: the only way to read it."""

import re
import threading
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa

from serving.errors import NotPublishedError, QueryError
from serving.generations import Generation, partner_folder, read_generation, read_served
from serving.keys import existing_key
from serving.limited import limited_copy
from serving.marts import MartColumn
from serving.process import WorkerProcess
from serving.protocol import Opening, Params

_MEMORY = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]i?B)", re.IGNORECASE)
_UNITS = {"k": 1, "m": 2, "g": 3, "t": 4}
_OPEN_ATTEMPTS = 5


class Session:
    """Queries on one generation of one partner's marts.

    One statement runs at a time; threads may share a session and take turns.

    Attributes:
        partner_id: Whose marts.
        generation: Number of the generation, fixed when the session was opened.
        published_at: When that was published, UTC.
        tables: Columns of each mart.
        descriptions: Description of each mart, empty where none was written.
    """

    def __init__(
        self, partner_id: str, current: Generation, opening: Opening, worker: WorkerProcess
    ) -> None:
        self.partner_id = partner_id
        self.generation = current.generation
        self.published_at: datetime = current.published_at
        self.tables: dict[str, tuple[MartColumn, ...]] = {
            mart.name: mart.columns for mart in worker.marts
        }
        self.descriptions = {mart.name: mart.description for mart in worker.marts}
        self._opening = opening
        self._worker = worker
        self._turn = threading.Lock()
        self._is_closed = False

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def query(self, sql: str, params: Params = None) -> pa.Table:
        """Return the rows of one query.

        Marts are named without a schema. Amounts come as decimals, instants in UTC.

        Args:
            sql: One `select`, `with`, `from`, `values`, `describe`, `show`, `summarize` or
                `explain`.
            params: Values of `$name` by name, or of `?` by position.

        Raises:
            QueryRefusedError: A reader may not run that.
            QueryError: It is wrong, or needs more time, memory or rows than a session has.
            NotPublishedError: The generation was removed while the session was idle.
        """
        with self._turn:
            if self._is_closed:
                raise QueryError("the session is closed: open a new one")
            if not self._worker.is_alive:
                self._worker.end()
                self._worker = WorkerProcess(self._opening)
            return self._worker.ask(sql, params)

    @property
    def is_kept(self) -> bool:
        """Whether the file is still there: an open session outlives it, and an erasure."""
        return self._opening.path.exists()

    def close(self) -> None:
        """End the session and what it still runs."""
        self._is_closed = True
        self._worker.end()


def open_session(
    serving_root: Path,
    keys_root: Path,
    partner_id: str,
    *,
    generation: int | None = None,
    tenants: Collection[str] | None = None,
    memory: str = "1GB",
    threads: int = 2,
    timeout_s: float = 30.0,
    result: str = "512MB",
    idle_s: float = 600.0,
) -> Session:
    """Open the current generation of a partner's marts, or another that is still kept.

    Args:
        serving_root: Folder of the serving files.
        keys_root: Folder of the keys.
        partner_id: Whose marts.
        generation: Which publication; None for the current one.
        tenants: The tenants that may be seen, of which the session's file then holds nothing
            else; None for all. The first such session on a generation makes the file.
        memory: What DuckDB may hold, in its notation.
        threads: Threads of one query.
        timeout_s: Longest query, seconds.
        result: Largest result, in the notation of `memory`.
        idle_s: Seconds without a query after which the session gives its memory back.

    Raises:
        InvalidPartnerError: The name is not safe as a path segment.
        NotPublishedError: Nothing was published yet.
        KeyUnreadableError: The key is gone or is not the file's.
    """
    folder = partner_folder(serving_root, partner_id)
    for attempts_left in reversed(range(_OPEN_ATTEMPTS)):
        published = _published(folder, partner_id, generation)
        opening = Opening(
            path=folder / published.file,
            key=existing_key(keys_root, partner_id),
            memory_bytes=byte_count(memory),
            result_bytes=byte_count(result),
            threads=threads,
            timeout_s=timeout_s,
            idle_s=idle_s,
        )
        try:
            if tenants is not None:
                opening = replace(opening, path=limited_copy(opening, frozenset(tenants)))
            return Session(partner_id, published, opening, WorkerProcess(opening))
        except NotPublishedError:  # removed between the pointer's reading and the file's
            if not attempts_left:
                raise
    raise AssertionError("the last attempt returns or raises")


def _published(folder: Path, partner_id: str, generation: int | None) -> Generation:
    if generation is None:
        published = read_served(folder)
        if published is None:
            raise NotPublishedError(
                f"nothing is published for partner {partner_id} yet: run `cloudprune publish "
                f"--partner {partner_id}`"
            )
        return published
    published = read_generation(folder, generation)
    if published is None:
        raise NotPublishedError(f"generation {generation} of partner {partner_id} is not kept")
    return published


def byte_count(size: str) -> int:
    """Return a size in DuckDB's notation as bytes: `1GB` is 10^9, `1GiB` is 2^30.

    Raises:
        ValueError: It is no such size.
    """
    match = _MEMORY.fullmatch(size.strip())
    if not match:
        raise ValueError(f"{size!r} is no size: write it like 512MB or 2GiB")
    base = 1024 if "i" in match[2].lower() else 1000
    return int(float(match[1]) * base ** _UNITS[match[2][0].lower()])
