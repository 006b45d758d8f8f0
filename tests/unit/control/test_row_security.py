"""Behind every query's own condition, PostgreSQL itself keeps partners apart."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

from control.directory import Directory
from control.errors import ControlUnavailableError
from control.models import Base
from control.scoping import EVERYONE, scope
from tests.postgres import Postgres


@pytest.fixture
def engine(postgres: Postgres) -> Iterator[Engine]:
    with Directory(postgres.new_database()) as directory:
        for partner in ("acme", "globex"):
            directory.ensure_tenant(partner, "retail")
        yield directory._engine


def tenants(engine: Engine, partner_id: str) -> list[str]:
    with scope(partner_id), engine.begin() as transaction:
        rows = transaction.execute(text("select partner_id from tenants order by 1"))
        return [row[0] for row in rows]


def test_a_query_without_a_condition_sees_one_partner(engine: Engine) -> None:
    assert tenants(engine, "acme") == ["acme"]
    assert tenants(engine, EVERYONE) == ["acme", "globex"]
    assert tenants(engine, "") == []


def test_nothing_is_written_to_another_partner(engine: Engine) -> None:
    with scope("acme"), engine.begin() as transaction:
        changed = transaction.execute(text("update tenants set created_at = now()"))
        assert changed.rowcount == 1
    insert = text("insert into tenants values ('globex', 'stolen', now())")
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        scope("acme"),
        engine.begin() as transaction,
    ):
        transaction.execute(insert)


def test_every_table_is_secured_against_its_owner_too(engine: Engine) -> None:
    with engine.begin() as transaction:
        rows = transaction.execute(
            text(
                "select relname from pg_class where relkind = 'r' and relrowsecurity "
                "and relforcerowsecurity"
            )
        )
        assert {row[0] for row in rows} == set(Base.metadata.tables)


def test_a_role_that_no_policy_holds_for_is_refused(engine: Engine, postgres: Postgres) -> None:
    address = engine.url.render_as_string(hide_password=False)

    with pytest.raises(ControlUnavailableError, match="keeps no partners apart for the role"):
        Directory(postgres.as_superuser(address))


def test_a_scope_ends_with_its_transaction(engine: Engine) -> None:
    for partner_id in ("acme", "globex", "acme"):
        assert tenants(engine, partner_id) == [partner_id]
    assert tenants(engine, "") == []
