"""Starts a session's worker process, asks it, and ends it."""

import json
import os
import subprocess
import sys
import weakref
from collections.abc import Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

import pyarrow as pa

from serving.errors import (
    KeyUnreadableError,
    NotPublishedError,
    QueryError,
    QueryRefusedError,
    UnknownNameError,
)
from serving.marts import Mart, MartColumn
from serving.protocol import (
    BATCH,
    DONE,
    KILL_AFTER_S,
    READY,
    REFUSED,
    UNKNOWN,
    Opening,
    Params,
    Query,
)

_ROOT = Path(__file__).parents[1]
_START_S = 60.0
_FAILURES = {REFUSED: QueryRefusedError, UNKNOWN: UnknownNameError}
_PASSED_ON = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


class WorkerProcess:
    """One worker on one generation.

    Args:
        opening: What it opens and may use.

    Raises:
        NotPublishedError: The file is gone; read the pointer again.
        KeyUnreadableError: The file does not open with the key.
    """

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self._pipe, theirs = Pipe()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-s", "-m", "serving.worker", str(theirs.fileno())],
                cwd=_ROOT,
                env=_environment(),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        self.end = weakref.finalize(self, _end, self._process, self._pipe)
        try:
            self.marts = self._greet()
        except BaseException:
            self.end()
            raise

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked; an idle worker ends by itself."""
        return self.end.alive and self._process.poll() is None

    def ask(self, sql: str, params: Params) -> pa.Table:
        """Return the rows of one statement.

        Raises:
            QueryRefusedError: A reader may not run it.
            QueryError: It failed, or the worker had to be ended.
        """
        try:
            self._pipe.send(Query(sql, params))
            return _table(self._answers())
        except QueryError:
            raise
        except (EOFError, OSError) as error:
            self.end()
            raise QueryError(
                "the query took more memory or time than a session may use: read fewer days or "
                "columns, or aggregate before joining"
            ) from error
        except BaseException:
            self.end()
            raise

    def _greet(self) -> tuple[Mart, ...]:
        self._pipe.send(self._opening)
        kind, payload = self._receive(_START_S)
        if kind == READY:
            return tuple(
                Mart(name, description, tuple(MartColumn(*column) for column in columns))
                for name, description, columns in json.loads(payload)
            )
        if not self._opening.path.exists():
            raise NotPublishedError(f"{self._opening.path} is gone: open a new session")
        raise KeyUnreadableError(
            f"{self._opening.path} cannot be read with its partner's key: restore the key, or "
            "publish again"
        )

    def _answers(self) -> Iterator[pa.Table]:
        wait_s = self._opening.timeout_s + 2 * KILL_AFTER_S
        while True:
            kind, payload = self._receive(wait_s)
            if kind == DONE:
                return
            if kind != BATCH:
                raise _FAILURES.get(kind, QueryError)(payload.decode())
            with pa.ipc.open_stream(payload) as stream:
                yield stream.read_all()

    def _receive(self, wait_s: float) -> tuple[bytes, bytes]:
        if not self._pipe.poll(wait_s):
            raise EOFError
        answer = self._pipe.recv_bytes()
        return answer[:1], answer[1:]


def _table(batches: Iterator[pa.Table]) -> pa.Table:
    return pa.concat_tables(batches)


def _environment() -> dict[str, str]:
    """Return an environment that holds nothing of ours, for a query that could read it."""
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {"LANG": "C.UTF-8", "HOME": "/nonexistent", "MALLOC_ARENA_MAX": "2", **kept}


def _end(process: "subprocess.Popen[bytes]", pipe: Connection) -> None:
    pipe.close()
    process.kill()
    process.wait()
