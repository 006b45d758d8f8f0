"""What a session and its worker process say to each other.

First an `Opening`, answered by `READY`; then any number of `Query`, each answered by any number of
`BATCH` and one of `DONE`, `FAILED`, `REFUSED` and `UNKNOWN`. An answer is one byte followed by its
payload; nothing that the worker sends is unpickled.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

READY, BATCH, DONE, FAILED, REFUSED, UNKNOWN = b"+", b"B", b"D", b"F", b"R", b"U"
KILL_AFTER_S = 2.0  # an interrupted query has this long to notice
Params = dict[str, Any] | list[Any] | None


@dataclass(frozen=True)
class Opening:
    """What a worker opens and what it may use.

    Attributes:
        path: The generation's file.
        key: Its key.
        memory_bytes: What DuckDB may hold; functions get as much again, and half a GiB.
        result_bytes: Largest result.
        threads: Threads of one query.
        timeout_s: Longest query, seconds.
        idle_s: Seconds without a query after which the process ends.
    """

    path: Path
    key: str
    memory_bytes: int
    result_bytes: int
    threads: int
    timeout_s: float
    idle_s: float


@dataclass(frozen=True)
class Query:
    """One statement and its parameters, by name or by position."""

    sql: str
    params: Params
