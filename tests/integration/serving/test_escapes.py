"""Ways out of a session: to files, other databases, settings, the network, and exhaustion.

Each is refused or fails, nothing of another partner or of this machine shows, nothing is written,
and the session answers the next query.
"""

import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from pipeline.settings import Settings
from serving.errors import (
    InvalidPartnerError,
    KeyUnreadableError,
    NotPublishedError,
    QueryError,
)
from serving.session import Session, open_session
from tests.integration.serving.conftest import OURS, THEIRS

pytestmark = pytest.mark.integration

FILES = [
    "select * from read_csv('/etc/passwd')",
    "select * from read_csv_auto('/etc/passwd', header = false)",
    "select * from read_text('/etc/passwd')",
    "select * from read_blob('/etc/hostname')",
    "select * from read_json('{home}/serving/southwind/CURRENT.json')",
    "select * from read_json_objects('{home}/serving/southwind/CURRENT.json')",
    "select * from read_parquet('{home}/lake/**/*.parquet')",
    "select * from parquet_scan('{home}/lake/**/*.parquet')",
    "select * from parquet_metadata('{home}/lake/**/*.parquet')",
    "select * from parquet_schema('{home}/lake/**/*.parquet')",
    "select * from glob('{home}/**')",
    "select * from glob('/*')",
    "select * from '/etc/passwd'",
    "select * from '{home}/lake/partner_id=southwind/tenant_id=t/loads/data.parquet'",
    'select * from "{home}/serving/southwind/gen-1.duckdb"',
    "from sniff_csv('/etc/passwd')",
    "select (select content from read_text('/etc/passwd'))",
    "with x as (from read_text('/etc/passwd')) select * from x",
    "select * from fct_cost_daily where exists (from read_text('/etc/passwd'))",
    "explain analyze select * from read_text('/etc/passwd')",
    "describe select * from read_csv('/etc/passwd')",
    "summarize (from read_csv('/etc/passwd'))",
    "pivot (from read_csv('/etc/passwd')) on column0 in ('a') using count(*)",
]
WRITING = [
    "copy fct_cost_daily to '{home}/stolen.csv'",
    "copy (select 1) to '/tmp/stolen.parquet' (format parquet)",
    "copy fct_cost_daily from '/etc/passwd'",
    "export database '{home}/stolen'",
    "import database '{home}/stolen'",
    "create table stolen as select 1",
    "create temp table stolen as select 1",
    "create view stolen as select 1",
    "create macro stolen() as 1",
    "create type stolen as enum ('a')",
    "create schema stolen",
    "insert into fct_cost_daily select * from fct_cost_daily",
    "update fct_cost_daily set billed_cost = 0",
    "delete from fct_cost_daily",
    "drop table fct_cost_daily",
    "alter table fct_cost_daily rename to stolen",
    "truncate fct_cost_daily",
    "vacuum",
    "checkpoint",
    "begin transaction",
    "comment on table fct_cost_daily is 'mine'",
]
ATTACHING = [
    "attach '{home}/serving/southwind/gen-1.duckdb' as theirs",
    "attach ':memory:' as mine",
    "attach '{home}/serving/southwind/gen-1.duckdb' as theirs (encryption_key 'x', read_only)",
    "attach 'postgres:host=127.0.0.1' as theirs",
    "detach marts",
    "use memory",
    "select * from theirs.marts.fct_cost_daily",
    "select * from system.information_schema.tables",
    "select * from temp.information_schema.tables",
    "select * from memory.main.x",
    "select * from duckdb_databases()",
    "select * from pragma_database_list",
    "pragma database_list",
]
SETTINGS = [
    "set enable_external_access = true",
    "set lock_configuration = false",
    "set memory_limit = '100GB'",
    "set threads = 64",
    "set file_search_path = '/etc'",
    "set allowed_directories = ['/']",
    "set temp_directory = '/tmp'",
    "set home_directory = '/root'",
    "set custom_extension_repository = 'http://127.0.0.1'",
    "set variable x = 1",
    "reset enable_external_access",
    "pragma enable_profiling",
    "pragma disable_verification",
    "select * from duckdb_settings()",
    "select current_setting('home_directory')",
    "select getvariable('x')",
    "call enable_logging()",
    "call dbgen(sf = 1)",
]
EXTENSIONS_AND_SECRETS = [
    "install httpfs",
    "install spatial from community",
    "load httpfs",
    "load '/tmp/evil.duckdb_extension'",
    "force install httpfs from 'http://127.0.0.1'",
    "update extensions",
    "select * from duckdb_extensions()",
    "create secret s (type s3, key_id 'a', secret 'b')",
    "create persistent secret s (type s3)",
    "drop secret s",
    "select * from duckdb_secrets()",
    "select * from which_secret('s3://x', 's3')",
    "select getenv('HOME')",
    "select getenv('CLOUDPRUNE_HOME')",
]
NETWORK = [
    "select * from read_csv('http://127.0.0.1:9/x.csv')",
    "select * from read_parquet('s3://bucket/x.parquet')",
    "select * from read_parquet('azure://container/x.parquet')",
    "select * from 'https://127.0.0.1/x.parquet'",
    "select * from postgres_scan('host=127.0.0.1', 'public', 't')",
    "select * from sqlite_scan('{home}/control.db', 'partners')",
    "select * from mysql_query('x', 'select 1')",
    "select inet_client_addr()",
]
AROUND_THE_GUARD = [
    "select 1; select 2",
    "select 1; copy (select 1) to '/tmp/stolen.csv'",
    "/* select */ copy (select 1) to '/tmp/stolen.csv'",
    "select * from query('copy (select 1) to ''/tmp/stolen.csv''')",
    "select * from query_table(['fct_cost_daily'])",
    "prepare p as select * from read_text('/etc/passwd')",
    "execute p",
    "select json_execute_serialized_sql(json_serialize_sql('select 1'))",
    "select * from json_execute_serialized_sql('{{}}')",
    "with duckdb_tables as (select 1) select * from duckdb_tables",
    "select nextval('s')",
    "select write_log('x')",
    "values (getenv('HOME'))",
    "select list_transform([1], x -> getenv('HOME'))",
    "select * from fct_cost_daily order by getenv('HOME')",
    "select sum(billed_cost) filter (where getenv('HOME') = '/') from fct_cost_daily",
    "from fct_cost_daily select columns(x -> getenv('HOME') = '/')",
    "",
    "   -- nothing\n",
    ";",
    "selec 1",
]
ALL = {
    "files": FILES,
    "writing": WRITING,
    "attaching": ATTACHING,
    "settings": SETTINGS,
    "extensions": EXTENSIONS_AND_SECRETS,
    "network": NETWORK,
    "guard": AROUND_THE_GUARD,
}


@pytest.mark.parametrize(
    "sql", [sql for group in ALL.values() for sql in group], ids=lambda sql: sql[:60] or "empty"
)
def test_no_way_out(sql: str, session: Session, published: Settings) -> None:
    home = published.home
    before = sorted(path for path in home.rglob("*"))

    with pytest.raises(QueryError) as caught:
        session.query(sql.format(home=home))

    told = str(caught.value)
    assert "Traceback" not in told
    assert "root:" not in told
    assert sorted(path for path in home.rglob("*")) == before
    assert not Path("/tmp/stolen.csv").exists()  # noqa: S108
    assert not Path("/tmp/stolen.parquet").exists()  # noqa: S108
    assert session.query("select 1 as one").to_pylist() == [{"one": 1}]


EXHAUSTING = [
    "select count(*) from range(100000000000) a, range(100000) b",
    "select sum(a.billed_cost) from fct_cost_lines a, fct_cost_lines b, fct_cost_lines c",
    "select string_agg(repeat('x', 1000000), '') from range(100000)",
    "select list(i) from range(10000000000) t(i)",
    "select repeat('x', 4000000000)",
    "select array_agg(repeat('x', 1000)) over () from range(10000000)",
    "with recursive r(n) as (select 1 union all select n + 1 from r) select max(n) from r",
    "select * from range(1000000000)",
    "select a.*, b.* from fct_cost_lines a cross join fct_cost_lines b",
    "select regexp_matches(repeat('a', 100000), '(a*)*(a*)*b') from range(1000000)",
    "select " + "(" * 5000 + "1" + ")" * 5000,
    "select 1 " + "+ 1 " * 60000,
]


@pytest.mark.parametrize("sql", EXHAUSTING, ids=lambda sql: sql[:60])
def test_exhaustion_ends_the_query_and_not_the_session(sql: str, session: Session) -> None:
    with suppress(QueryError):
        assert session.query(sql).nbytes < 20_000_000

    assert session.query("select 1 as one").to_pylist() == [{"one": 1}]


def test_another_partners_name_is_no_way_in(published: Settings) -> None:
    for name in ("../southwind", f"{OURS}/../{THEIRS}", "", ".", "SOUTHWIND", "a\x00b"):
        with pytest.raises((InvalidPartnerError, NotPublishedError)):
            open_session(published.serving, published.keys, name)


def test_another_partners_file_does_not_open_with_our_key(
    published: Settings, tmp_path: Path
) -> None:
    serving, keys = tmp_path / "serving", tmp_path / "keys"
    shutil.copytree(published.serving / THEIRS, serving / OURS)
    shutil.copytree(published.keys, keys)

    with pytest.raises(KeyUnreadableError):
        open_session(serving, keys, OURS)


def test_the_file_at_rest_shows_nothing(published: Settings) -> None:
    (path,) = (published.serving / OURS).glob("gen-*.duckdb")

    content = path.read_bytes()

    assert b"acme" not in content
    assert b"111122223333" not in content
    assert oct((published.keys / f"{OURS}.key").stat().st_mode & 0o777) == "0o600"
