"""The process behind a session: opens the file, locks itself in, and answers one query at a time.

It is a process of its own because DuckDB's memory limit does not cover the strings and lists that
functions make, and some functions do not notice an interrupt: only the operating system can bound
them. It starts without environment, and once the file is open can neither grow a file nor take
more memory than its limit.
"""

import json
import os
import resource
import sys
import threading
from multiprocessing.connection import Connection
from pathlib import Path

import duckdb
import pyarrow as pa

from serving.copying import TARGET_SCHEMA
from serving.encryption import attach_encrypted, load_encryption
from serving.errors import QueryRefusedError, UnknownNameError
from serving.guard import Guard
from serving.marts import list_marts
from serving.protocol import (
    BATCH,
    DONE,
    FAILED,
    KILL_AFTER_S,
    READY,
    REFUSED,
    UNKNOWN,
    Opening,
    Query,
)
from serving.wording import is_unknown_column, sentence

CATALOG = "marts"

_BATCH_ROWS = 50_000
_UNTRACKED_MEMORY = 512 << 20


def open_locked(opening: Opening) -> duckdb.DuckDBPyConnection:
    """Return a fresh DuckDB that reads one file and can be taught nothing else.

    Raises:
        duckdb.Error: The file is gone, damaged, or encrypted with another key.
    """
    connection = duckdb.connect(
        config={
            "threads": opening.threads,
            "memory_limit": f"{opening.memory_bytes // 1024}KiB",
            "temp_directory": "",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
            "allow_persistent_secrets": False,
            "python_enable_replacements": False,
        }
    )
    load_encryption(connection)
    attach_encrypted(connection, opening.path, alias=CATALOG, key=opening.key, read_only=True)
    connection.execute(f"use {CATALOG}")
    connection.execute("set timezone = 'UTC'")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


class Worker:
    """Answers queries on one locked connection.

    Args:
        pipe: The end of the talk.
        opening: What to open.
    """

    def __init__(self, pipe: Connection, opening: Opening) -> None:
        self._pipe = pipe
        self._opening = opening
        self._connection = open_locked(opening)
        marts = list_marts(self._connection, catalog=CATALOG, schema=TARGET_SCHEMA)
        self._guard = Guard(self._connection, frozenset(mart.name for mart in marts))
        self._ready = [[mart.name, mart.description, mart.columns] for mart in marts]

    def run(self) -> None:
        """Answer until the other end hangs up or has nothing to ask for long."""
        _lock_process(self._opening.memory_bytes)
        self._send(READY, json.dumps(self._ready).encode())
        while self._pipe.poll(self._opening.idle_s):
            self._answer(self._pipe.recv())

    def _answer(self, query: Query) -> None:
        try:
            self._stream(query)
        except QueryRefusedError as error:
            self._send(REFUSED, str(error).encode())
        except UnknownNameError as error:
            self._send(UNKNOWN, str(error).encode())
        except duckdb.InterruptException:
            self._send(FAILED, _too_slow(self._opening.timeout_s).encode())
        except duckdb.Error as error:
            kind = UNKNOWN if is_unknown_column(error) else FAILED
            self._send(kind, sentence(error).encode())
            if isinstance(error, (duckdb.FatalException, duckdb.InternalException)):
                os._exit(1)
        except MemoryError:
            self._send(FAILED, sentence(duckdb.OutOfMemoryException()).encode())
        else:
            self._send(DONE)

    def _stream(self, query: Query) -> None:
        watchdogs = [
            threading.Timer(self._opening.timeout_s, self._connection.interrupt),
            threading.Timer(self._opening.timeout_s + KILL_AFTER_S, os._exit, (1,)),
        ]
        for watchdog in watchdogs:
            watchdog.daemon = True
            watchdog.start()
        try:
            self._send_batches(query)
        finally:
            for watchdog in watchdogs:
                watchdog.cancel()

    def _send_batches(self, query: Query) -> None:
        checked = self._guard.checked(query.sql)
        self._connection.execute(checked, query.params)
        reader = self._connection.to_arrow_reader(_BATCH_ROWS)
        self._send(BATCH, _packed(reader.schema, []))
        sent = 0
        for batch in reader:
            sent += batch.nbytes
            if sent > self._opening.result_bytes:
                raise QueryRefusedError(_too_large(self._opening.result_bytes))
            self._send(BATCH, _packed(reader.schema, [batch]))

    def _send(self, kind: bytes, payload: bytes = b"") -> None:
        self._pipe.send_bytes(kind + payload)


def _packed(schema: pa.Schema, batches: list[pa.RecordBatch]) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as stream:
        for batch in batches:
            stream.write_batch(batch)
    packed: bytes = sink.getvalue().to_pybytes()
    return packed


def _too_slow(timeout_s: float) -> str:
    return (
        f"the query was stopped after {timeout_s:g} seconds: read fewer days, or aggregate before "
        "joining"
    )


def _too_large(result_bytes: int) -> str:
    return (
        f"the result is larger than {result_bytes >> 20:,} MiB: add a limit, name fewer columns, "
        "or aggregate"
    )


def _lock_process(memory_bytes: int) -> None:
    """Let the process grow no file, dump no memory, and take no more memory than its share.

    Only Linux bounds the memory; elsewhere DuckDB's own limit is all there is.
    """
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + 2 * memory_bytes + _UNTRACKED_MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def main() -> None:
    """Serve the pipe whose descriptor is the first argument."""
    with Connection(int(sys.argv[1])) as pipe:
        opening = pipe.recv()
        try:
            worker = Worker(pipe, opening)
        except duckdb.Error as error:
            pipe.send_bytes(FAILED + str(error).encode())
            return
        worker.run()


if __name__ == "__main__":
    main()
