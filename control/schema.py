"""Brings the control database to the schema of this version, up and down."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from filelock import FileLock
from sqlalchemy import Connection, Engine, text

from control.engine import sqlite_path, writing
from control.errors import ControlUnavailableError
from control.scoping import EVERYONE, scope

_ADVISORY_LOCK = 7_204_125


def upgrade(engine: Engine, revision: str | None = None) -> None:
    """Bring the database to the newest revision, whoever else does the same at this moment.

    Args:
        engine: The database.
        revision: Stop at this one; None for the newest.

    Raises:
        ControlUnavailableError: A newer version of the program has written it, or its role is one
            that row-level security does not hold for.
    """
    if sqlite_path(engine) is None:
        _require_row_security(engine)
    if revision is not None and revision not in _known():
        raise ControlUnavailableError(_too_new(revision))
    if _is_newest(engine):
        return
    with _alone(engine) as connection:
        command.upgrade(_config(connection), revision or "head")


def downgrade(engine: Engine, revision: str) -> None:
    """Bring the database back to an earlier revision, or to `base`: no tables at all."""
    with _alone(engine) as connection:
        command.downgrade(_config(connection), revision)


def _require_row_security(engine: Engine) -> None:
    """Refuse a role that every policy is silently ignored for (PostgreSQL, "Row Security")."""
    with engine.connect() as connection:
        found = connection.execute(
            text(
                "select rolname from pg_roles "
                "where rolname = current_user and (rolsuper or rolbypassrls)"
            )
        )
        role = found.scalar_one_or_none()
    if role is not None:
        raise ControlUnavailableError(
            f"PostgreSQL keeps no partners apart for the role {role}: it is a superuser, or "
            "bypasses row-level security. Make a role that is neither, let it own the database and "
            "its tables (create role cloudprune login; alter database … owner to cloudprune; alter "
            "table … owner to cloudprune), and name it in CLOUDPRUNE_CONTROL_URL"
        )


def _is_newest(engine: Engine) -> bool:
    scripts = ScriptDirectory.from_config(_config(None))
    with engine.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
    if revision is not None and revision not in _known():
        raise ControlUnavailableError(_too_new(revision))
    return revision == scripts.get_current_head()


def _known() -> set[str]:
    scripts = ScriptDirectory.from_config(_config(None))
    return {script.revision for script in scripts.walk_revisions()}


def _too_new(revision: str) -> str:
    return (
        f"the control database is at revision {revision}, which this version does not know: it was "
        "written by a newer version; upgrade CloudPrune"
    )


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """Yield a writing transaction that no other process migrates beside."""
    path = sqlite_path(engine)
    if path is None:
        with scope(EVERYONE), engine.begin() as connection:
            connection.execute(text(f"select pg_advisory_xact_lock({_ADVISORY_LOCK})"))
            yield connection
        return
    with FileLock(path.with_name(f".{path.name}.migrate.lock")):
        _let_readers_and_a_writer_coexist(engine)
        with writing(engine).begin() as connection:
            yield connection


def _let_readers_and_a_writer_coexist(engine: Engine) -> None:
    """Switch SQLite to its write-ahead log; it stays so, and cannot be done in a transaction."""
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("pragma journal_mode = wal")
    finally:
        connection.close()


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config
