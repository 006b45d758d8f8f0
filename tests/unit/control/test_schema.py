"""Revisions: up, down, up again, and equal to the models."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import op
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.schema import CreateTable

from control.engine import open_engine, writing
from control.models import Base
from control.schema import downgrade, upgrade
from control.scoping import EVERYONE, scope


@pytest.fixture
def engine(control_url: str) -> Iterator[Engine]:
    opened = open_engine(control_url)
    yield opened
    opened.dispose()


def table_names(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_the_revisions_make_what_the_models_describe(engine: Engine) -> None:
    upgrade(engine)

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_down_leaves_no_table_and_up_again_makes_them_all(engine: Engine) -> None:
    upgrade(engine)
    upgrade(engine)

    downgrade(engine, "base")
    assert table_names(engine) == set()

    upgrade(engine)
    assert table_names(engine) == set(Base.metadata.tables)


def test_rows_survive_the_way_up_and_down(engine: Engine) -> None:
    upgrade(engine)
    downgrade(engine, "0003")
    now = "2026-05-20 00:00:00"
    with scope(EVERYONE), writing(engine).begin() as transaction:
        transaction.exec_driver_sql(f"insert into partners values ('acme', '{now}')")
        transaction.exec_driver_sql(f"insert into tenants values ('acme', 'web', '{now}')")

    upgrade(engine)
    with scope(EVERYONE), engine.begin() as transaction:
        found = transaction.exec_driver_sql("select partner_id, organization_id from partners")
        assert [tuple(row) for row in found] == [("acme", None)]
    downgrade(engine, "0003")

    with scope(EVERYONE), engine.begin() as transaction:
        assert transaction.exec_driver_sql("select tenant_id from tenants").scalar_one() == "web"


def test_a_revision_that_fails_midway_leaves_nothing_behind(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(name: str, *columns: Any, **options: Any) -> None:
        if name == "sources":
            raise KeyboardInterrupt
        made(name, *columns, **options)

    made = op.create_table
    with monkeypatch.context() as patch:
        patch.setattr(op, "create_table", failing)
        with pytest.raises(KeyboardInterrupt):
            upgrade(engine)

    assert table_names(engine) == set()
    upgrade(engine)
    assert table_names(engine) == set(Base.metadata.tables)


def test_sqlite_lets_readers_and_a_writer_coexist(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'control.db'}")
    upgrade(engine)

    with engine.connect() as connection:
        assert connection.exec_driver_sql("pragma journal_mode").scalar_one() == "wal"
        assert connection.exec_driver_sql("pragma foreign_keys").scalar_one() == 1


@pytest.mark.parametrize("name", sorted(Base.metadata.tables))
def test_every_table_below_partners_is_scoped_by_partner(name: str) -> None:
    table = Base.metadata.tables[name]

    assert next(iter(table.primary_key)).name == "partner_id"
    for constraint in table.foreign_key_constraints:
        assert "partner_id" in constraint.column_keys


@pytest.mark.parametrize("name", sorted(Base.metadata.tables))
def test_every_table_can_be_made_on_postgresql(name: str) -> None:
    dialect = PGDialect()  # type: ignore[no-untyped-call]
    statement = str(CreateTable(Base.metadata.tables[name]).compile(dialect=dialect))

    assert "TIMESTAMP WITH TIME ZONE" in statement
