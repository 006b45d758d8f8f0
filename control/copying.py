"""Copies rows of the control database out and in, on SQLite and PostgreSQL alike.

Values become JSON: instants and days as ISO 8601. Rows of an older schema are read into a SQLite
database of that schema, which is upgraded, and from there into the database in one transaction.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from alembic.migration import MigrationContext
from sqlalchemy import Connection, Date, DateTime, Engine, MetaData, Table, insert, select
from sqlalchemy.exc import IntegrityError

from control.engine import open_engine, sqlite_path, writing
from control.errors import ControlUnavailableError
from control.models import Base
from control.privacy_records import Tombstone
from control.schema import upgrade
from control.scoping import EVERYONE, scope
from control.store import translated
from control.tombstones import put_tombstone

Rows = Iterable[tuple[str, dict[str, Any]]]
_AT_ONCE = 500


class ControlCopy:
    """One control database as rows.

    Args:
        url: Its address; the schema is upgraded, unless another revision is named.
        revision: Schema to make an empty database of; None for the newest.
    """

    def __init__(self, url: str, revision: str | None = None) -> None:
        self.engine: Engine = open_engine(url)
        with translated(self.engine):
            upgrade(self.engine, revision)

    @classmethod
    def empty(cls, path: Path, revision: str | None = None) -> "ControlCopy":
        """Return a new SQLite database."""
        return cls(f"sqlite:///{path}", revision)

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()

    @property
    def revision(self) -> str:
        """Revision of the schema."""
        with self.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision() or ""

    def lines(self) -> Iterator[tuple[str, str]]:
        """Yield `partner, line` for every row, those pointed at before those that point.

        All are of one moment. Rows of no partner that exists come with an empty one.
        """
        engine = self.engine
        if sqlite_path(engine) is None:  # SQLite's transactions see one moment as they are
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with _of_everyone(engine) as connection:
            tables = Base.metadata.sorted_tables
            partners = Base.metadata.tables["partners"]
            known = set(connection.execute(select(partners.c.partner_id)).scalars())
            for table in tables:
                for row in connection.execute(select(table)).mappings():
                    values = {name: _plain(value) for name, value in row.items()}
                    owner = row["partner_id"] if row["partner_id"] in known else ""
                    yield owner, json.dumps([table.name, values])

    def values(self, name: str) -> list[dict[str, Any]]:
        """Return the rows of a table, of every partner, with values as they are kept."""
        with _of_everyone(self.engine) as connection:
            found = connection.execute(select(Base.metadata.tables[name])).mappings()
            return [dict(row) for row in found]

    def insert_lines(self, lines: Iterable[str]) -> None:
        """Add rows that `lines` gave, of whatever schema this database has; all or none."""
        metadata = MetaData()
        metadata.reflect(self.engine)
        with _of_everyone(writing(self.engine)) as transaction:
            _insert(transaction, metadata.tables, (json.loads(line) for line in lines))

    def add_tombstones(self, stones: Iterable[Tombstone]) -> None:
        """Add tombstones that are not among the rows."""
        with _of_everyone(writing(self.engine)) as transaction:
            for stone in stones:
                put_tombstone(transaction, stone)

    def upgrade(self) -> None:
        """Bring the schema to the newest revision."""
        upgrade(self.engine)

    def check_replaceable_by(self, other: "ControlCopy") -> None:
        """Check that `replace_by` would succeed; everything stays as it is.

        Raises:
            ControlUnavailableError: The rows cannot be written.
        """
        try:
            with _of_everyone(writing(self.engine)) as transaction:
                _replace(transaction, other)
                transaction.rollback()
        except IntegrityError as error:
            raise ControlUnavailableError(
                f"the rows cannot be put into the control database: {error.orig}"
            ) from error

    def replace_by(self, other: "ControlCopy") -> None:
        """Take over all rows of another database in one transaction; both have one schema."""
        with _of_everyone(writing(self.engine)) as transaction:
            _replace(transaction, other)


@contextmanager
def _of_everyone(engine: Engine) -> Iterator[Connection]:
    """Yield a transaction on the rows of every partner.

    The database is told as it begins: a generator that yields inside would hand the scope on.
    """
    with translated(engine), engine.connect() as connection:
        with scope(EVERYONE):
            begun = connection.begin()
        with begun:
            yield connection


def _replace(transaction: Connection, other: ControlCopy) -> None:
    for table in reversed(Base.metadata.sorted_tables):
        transaction.execute(table.delete())
    rows = (json.loads(line) for _, line in other.lines())
    _insert(transaction, Base.metadata.tables, rows)


def _insert(transaction: Connection, tables: Mapping[str, Table], rows: Rows) -> None:
    pending: list[dict[str, Any]] = []
    current = ""
    for name, values in rows:
        if pending and (name != current or len(pending) >= _AT_ONCE):
            transaction.execute(insert(tables[current]), pending)
            pending = []
        current = name
        pending.append(
            {column: _typed(tables[name], column, value) for column, value in values.items()}
        )
    if pending:
        transaction.execute(insert(tables[current]), pending)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _typed(table: Table, column: str, value: Any) -> Any:
    if value is None:
        return None
    kind = getattr(table.c[column].type, "impl", table.c[column].type)
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value
