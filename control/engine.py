"""How the control database is opened: SQLite fit for several processes, PostgreSQL as it is."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from control.errors import ControlUnavailableError
from control.scoping import tell_the_database

_BUSY_SECONDS = 60
_WRITES = "control_writes"


def open_engine(address: str) -> Engine:
    """Return an engine on the address, making SQLite's folder if it is absent.

    Raises:
        ControlUnavailableError: The address is none, or its folder cannot be made.
    """
    try:
        url = make_url(address)
        if url.get_backend_name() == "sqlite":
            return _open_sqlite(url)
        engine = create_engine(url, pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError) as error:
        raise ControlUnavailableError(
            f"{address!r} is no database address: take sqlite:////path/control.db or "
            "postgresql://host/name"
        ) from error
    except ModuleNotFoundError as error:
        raise ControlUnavailableError(f"the database's driver is missing: {error}") from error
    tell_the_database(engine)
    return engine


def writing(engine: Engine) -> Engine:
    """Return the engine with transactions that write.

    SQLite then takes its one write lock at the start, where waiting for it is possible.
    """
    return engine.execution_options(**{_WRITES: True})


def sqlite_path(engine: Engine) -> Path | None:
    """Return the file of a SQLite database, None for any other."""
    database = engine.url.database
    is_sqlite = engine.url.get_backend_name() == "sqlite"
    return Path(database) if is_sqlite and database else None


def _open_sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise ControlUnavailableError("the control database needs a file: sqlite:////path/file.db")
    try:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ControlUnavailableError(
            f"the folder of the control database cannot be made: {error}"
        ) from error
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": _BUSY_SECONDS})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    """Leave transactions to `_begin`: the driver's own would not cover schema changes."""
    connection.isolation_level = None
    connection.execute("pragma foreign_keys = on")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("begin immediate" if writes else "begin")
