"""Sessions of readers who may see some tenants alone: no statement reaches the others."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.settings import Settings
from serving.errors import NotPublishedError, QueryError
from serving.generations import KEPT_GENERATIONS, limited_folder, remove_old
from serving.limited import SHARED_MARTS, limited_copy
from serving.protocol import Opening
from serving.session import Session, open_session
from tests.integration.serving.conftest import OURS

pytestmark = pytest.mark.integration

SEEN, HIDDEN = "acme", ("globex", "initech")
REACHING = [
    "select * from fct_cost_lines where tenant_id = 'globex'",
    "select * from marts.main.fct_cost_lines where tenant_id <> 'acme'",
    "select * from marts.fct_cost_daily where tenant_id <> 'acme'",
    "select * from main.fct_findings where tenant_id <> 'acme'",
    "select * from fct_cost_lines where tenant_id = 'acme' or 1 = 1 except "
    "select * from fct_cost_lines where tenant_id = 'acme'",
    "select * from dim_account where (select true) and tenant_id != 'acme'",
    "with t as (from dim_tag) from t where tenant_id not in ('acme')",
    "select tenant_id from dim_resource group by all having tenant_id > 'b'",
    "select * from fct_cost_lines where tenant_id = any (select 'globex')",
    "select * from fct_cost_lines semi join (select 'globex' as tenant_id) using (tenant_id)",
]
BEYOND = [
    "select * from whole.main.fct_cost_lines",
    'select * from "{folder}/gen-1.duckdb"',
    "attach '{folder}/gen-1.duckdb' as whole",
    "select * from duckdb_databases()",
    "select * from duckdb_views()",
    "select * from query('from fct_cost_lines')",
    "create view fct_cost_daily as select 1",
]


@pytest.fixture(scope="module")
def limited(published: Settings) -> Iterator[Session]:
    with open_session(published.serving, published.keys, OURS, tenants=[SEEN]) as opened:
        yield opened


@pytest.mark.parametrize("sql", REACHING)
def test_no_statement_reaches_another_tenant(sql: str, limited: Session) -> None:
    assert limited.query(sql).num_rows == 0


@pytest.mark.parametrize("sql", BEYOND)
def test_the_whole_generation_is_out_of_reach(
    sql: str, limited: Session, published: Settings
) -> None:
    with pytest.raises(QueryError):
        limited.query(sql.format(folder=published.serving / OURS))


def test_no_mart_holds_a_byte_of_another_tenant(limited: Session, published: Settings) -> None:
    with open_session(published.serving, published.keys, OURS) as whole:
        known = {name: whole.query(f"from {name}").to_pandas().to_csv() for name in whole.tables}

    assert any(name in text for text in known.values() for name in HIDDEN)
    for mart in limited.tables:
        text = limited.query(f"from {mart}").to_pandas().to_csv()
        assert not any(name in text for name in HIDDEN), mart


def test_what_may_be_seen_is_whole(limited: Session, published: Settings) -> None:
    with open_session(published.serving, published.keys, OURS) as whole:
        for mart in set(limited.tables) - SHARED_MARTS:
            asked = f"select count(*) as n from {mart} where tenant_id = '{SEEN}'"
            assert limited.query(asked).equals(whole.query(asked)), mart
        assert set(limited.tables) == set(whole.tables)
        assert limited.descriptions == whole.descriptions


@pytest.mark.parametrize("sql", ["explain analyze from fct_cost_lines", "summarize fct_cost_lines"])
def test_plans_and_summaries_count_no_other_tenants_rows(
    sql: str, limited: Session, published: Settings
) -> None:
    with open_session(published.serving, published.keys, OURS) as whole:
        (row,) = whole.query("select count(*) as n from fct_cost_lines").to_pylist()

    told = limited.query(sql).to_pandas().to_csv()

    assert not any(form in told for form in (str(row["n"]), f"{row['n']:,}", *HIDDEN))


def test_an_error_tells_nothing_of_another_tenant(limited: Session) -> None:
    with pytest.raises(QueryError) as caught:
        limited.query("select cast(tenant_id || resource_id as int) from fct_cost_lines")

    assert not any(name in str(caught.value) for name in HIDDEN)


@pytest.mark.parametrize("tenants", [[], ["nobody"], ["'; drop table x; --"]])
def test_who_may_see_no_tenant_sees_nothing(tenants: list[str], published: Settings) -> None:
    with open_session(published.serving, published.keys, OURS, tenants=tenants) as nothing:
        assert nothing.query("from fct_cost_lines").num_rows == 0
        assert nothing.query("from fct_findings").num_rows == 0


def test_the_copy_is_made_once_per_set_of_tenants(published: Settings) -> None:
    folder = published.serving / OURS / "limited"
    first = open_session(published.serving, published.keys, OURS, tenants=["globex", "acme"])
    before = {path: path.stat().st_mtime_ns for path in folder.glob("*.duckdb")}

    again = open_session(published.serving, published.keys, OURS, tenants=["acme", "globex"])

    first.close()
    again.close()
    assert {path: path.stat().st_mtime_ns for path in folder.glob("*.duckdb")} == before


def test_the_copy_is_encrypted_and_private(limited: Session, published: Settings) -> None:
    folder = published.serving / OURS / "limited"

    assert limited.query("from dim_account").num_rows
    assert folder.stat().st_mode & 0o077 == 0
    assert all(b"acme" not in path.read_bytes() for path in folder.glob("*.duckdb"))


def test_a_copy_left_half_made_is_made_again(published: Settings) -> None:
    folder = published.serving / OURS / "limited"
    folder.mkdir(exist_ok=True)
    half = folder / f".left-{time.time_ns()}.duckdb.tmp"
    half.write_bytes(b"half")

    with open_session(published.serving, published.keys, OURS, tenants=["initech"]) as opened:
        assert opened.query("from fct_cost_lines").num_rows

    assert not half.exists()


def test_copies_go_with_their_generation(tmp_path: Path) -> None:

    for number in range(1, KEPT_GENERATIONS + 2):
        (tmp_path / f"gen-{number}.duckdb").touch()
    limited_folder(tmp_path).mkdir()
    gone, kept = (limited_folder(tmp_path) / f"gen-{number}-abc.duckdb" for number in (1, 2))
    gone.touch()
    kept.touch()

    remove_old(tmp_path)

    assert (gone.exists(), kept.exists()) == (False, True)


def test_a_generation_that_is_gone_is_told(published: Settings) -> None:

    path = published.serving / OURS / "gen-999.duckdb"
    opening = Opening(path, "0" * 64, 1 << 28, 1 << 20, 1, 1.0, 1.0)

    with pytest.raises(NotPublishedError):
        limited_copy(opening, frozenset({"acme"}))
