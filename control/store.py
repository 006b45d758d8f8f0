"""Reads and writes rows of the control database, on SQLite and PostgreSQL alike."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Engine, Table, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DatabaseError, IntegrityError

from control.engine import writing
from control.errors import ControlUnavailableError, UnknownParentError
from control.models import Base, PartnerRow

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_Record = TypeVar("_Record", bound="DataclassInstance")


def read(
    engine: Engine, row: type[Base], record: type[_Record], *conditions: ColumnElement[bool]
) -> tuple[_Record, ...]:
    """Return the rows that meet all conditions, as records, ordered by their key."""
    table = table_of(row)
    columns = [table.c[field.name] for field in fields(record)]
    query = select(*columns).where(*conditions).order_by(*table.primary_key)
    with translated(engine), engine.begin() as transaction:
        return tuple(record(*values) for values in transaction.execute(query))


@contextmanager
def writes(engine: Engine, *, parent: str = "") -> Iterator[Connection]:
    """Yield a transaction that writes; a broken foreign key is told as the missing parent."""
    try:
        with translated(engine), writing(engine).begin() as transaction:
            yield transaction
    except IntegrityError as error:
        raise UnknownParentError(f"{parent} does not exist") from error


def hold_partner(transaction: Connection, partner_id: str, *, is_closed: bool = False) -> bool:
    """Let those who look before they change a partner's rows go one after the other.

    To be called before the look. SQLite lets one write at a time anyway.

    Args:
        transaction: A transaction that writes.
        partner_id: Whose rows.
        is_closed: Whether nobody may add a row that points to the partner meanwhile.

    Returns:
        Whether the partner exists, and thereby until the transaction ends.
    """
    row = select(PartnerRow.partner_id).where(PartnerRow.partner_id == partner_id)
    held = transaction.execute(row.with_for_update(key_share=not is_closed))
    return held.first() is not None


def put(
    transaction: Connection,
    row: type[Base],
    values: Mapping[str, Any],
    *,
    kept: Collection[str] | None = None,
) -> int:
    """Insert a row, or replace the one of the same key; return how many rows were written.

    Args:
        transaction: A transaction that writes.
        row: Its table.
        values: A value per column.
        kept: Columns that keep the value of a row that exists; None keeps all of them.
    """
    table = table_of(row)
    dialect = sqlite if transaction.dialect.name == "sqlite" else postgresql
    insert = dialect.insert(table).values(**values)
    key = [column.name for column in table.primary_key]
    replaced = () if kept is None else [name for name in values if name not in {*key, *kept}]
    if replaced:
        changes = {name: insert.excluded[name] for name in replaced}
        written = insert.on_conflict_do_update(index_elements=key, set_=changes)
    else:
        written = insert.on_conflict_do_nothing(index_elements=key)
    return transaction.execute(written).rowcount


@contextmanager
def translated(engine: Engine) -> Iterator[None]:
    """Tell the database's own failures as a sentence; broken keys pass as they are."""
    try:
        yield
    except IntegrityError:
        raise
    except DatabaseError as error:
        address = engine.url.render_as_string(hide_password=True)
        raise ControlUnavailableError(
            f"the control database {address} cannot be used: {error.orig}"
        ) from error


def table_of(row: type[Base]) -> Table:
    """Return the table of a model."""
    table = inspect(row).local_table
    if not isinstance(table, Table):
        raise TypeError(f"{row.__name__} is no table")
    return table
