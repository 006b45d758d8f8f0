"""One partner's warehouse file: opening it, and what is remembered in it about its builds.

The file is encrypted, private to the build and disposable: without it everything is built again.
Schema `state` holds small tables: `verified_partitions`, the partition versions that a build
processed with every test passed; `verified_scans`, the version of what the rules read besides the
bills; `builds`, one row with the digest of the dbt project that fills the file, and whether the
last build was complete.

Statements hold their values as literals: given parameters, DuckDB imports pandas, which costs a
build half a second.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingestion.names import checked_name
from pipeline.lake_access import lake_pattern, prepare, quoted
from pipeline.settings import Settings
from serving.keys import partner_key

Partition = tuple[str, str, str]
"""Tenant, connection and billing period."""

_LOADS = "tenant_id=*/loads/connection_id=*/billing_period=*/data.parquet"
_SCANS = {
    "scan_scopes": (
        "connection_id=*/snapshot_date=*/",
        "distinct tenant_id, connection_id, snapshot_date, scan_id, status, resource_count",
    ),
    "rule_thresholds": ("", "*"),
    "rule_exemptions": ("", "*"),
}
_VACUUM_TASKS = "2"
"""Groups of rows that a checkpoint compacts per table, in `profiles.yml`, too. Without a limit each
partition that is replaced rewrites its neighbours, which costs more than the partition: measured on
20 million lines, 11.5 s of processor time after a new day, and 2.1 s with this limit. What a
checkpoint leaves, the next ones compact; groups without rows are dropped at once, without limit."""

_STATE = """
    create schema if not exists warehouse.state;
    create table if not exists warehouse.state.verified_partitions (
        tenant_id varchar, connection_id varchar, billing_period varchar, load_version varchar
    );
    create table if not exists warehouse.state.verified_scans (version varchar);
    create table if not exists warehouse.state.builds (
        project_digest varchar, is_complete boolean
    );
"""


@dataclass(frozen=True, slots=True)
class Warehouse:
    """Where one partner's warehouse lies and what it takes to open it.

    Tenants whose processing is restricted are left out, as if nothing of theirs had landed.
    """

    path: Path
    key: str
    temp: Path
    lake: str
    partner_id: str
    memory: str
    threads: int
    left_out: tuple[str, ...] = ()

    @classmethod
    def of(cls, settings: Settings, partner_id: str) -> "Warehouse":
        """Return a partner's warehouse, whether or not the file exists yet.

        Raises:
            InvalidNameError: The partner's name cannot be a path segment.
            KeyUnreadableError: The partner's key is damaged.
        """
        folder = settings.work(checked_name(partner_id, what="partner"))
        folder.mkdir(parents=True, exist_ok=True)
        return cls(
            path=folder / "warehouse.duckdb",
            key=partner_key(settings.keys, partner_id),
            temp=folder / "temp",
            lake=settings.lake,
            partner_id=partner_id,
            memory=settings.work_memory,
            threads=settings.work_threads,
        )

    @contextmanager
    def connect(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open the file as database `warehouse`, with access to the lake.

        Raises:
            duckdb.Error: The file is damaged, has another key, or another process holds it.
        """
        options: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": self.memory,
            "threads": str(self.threads),
            "temp_directory": str(self.temp),
            "temp_file_encryption": "true",
            "max_vacuum_tasks": _VACUUM_TASKS,
        }
        with duckdb.connect(config=options) as connection:
            prepare(connection, self.lake)
            connection.execute(
                f"attach {quoted(str(self.path))} as warehouse (encryption_key {quoted(self.key)})"
            )
            connection.execute(_STATE)
            yield connection

    def remove(self) -> None:
        """Delete the file, so that everything is built again."""
        self.path.unlink(missing_ok=True)
        self.path.with_name(f"{self.path.name}.wal").unlink(missing_ok=True)

    @property
    def _is_kept(self) -> str:
        """The condition on a row's tenant."""
        names = ", ".join(quoted(tenant_id) for tenant_id in sorted(self.left_out))
        return f"tenant_id not in ({names})" if names else "true"

    def landed_versions(self, connection: duckdb.DuckDBPyConnection) -> dict[Partition, str]:
        """Return the version of every partition the lake holds."""
        files = quoted(f"{lake_pattern(self.lake)}/partner_id={self.partner_id}/{_LOADS}")
        if not connection.execute(f"select 1 from glob({files}) limit 1").fetchone():
            return {}
        return _by_partition(
            connection.execute(
                "select tenant_id, connection_id, billing_period, max(partition_version) "
                f"from read_parquet({files}, hive_partitioning = true, hive_types_autocast = false)"
                f" where is_current and {self._is_kept} group by all"
            )
        )

    def scans_version(self, connection: duckdb.DuckDBPyConnection) -> str:
        """Return a digest of the scans that landed, and of the rules' thresholds and exemptions."""
        digests = []
        for table, (partitions, columns) in _SCANS.items():
            tenants = f"{lake_pattern(self.lake)}/partner_id={self.partner_id}/tenant_id=*"
            files = quoted(f"{tenants}/{table}/{partitions}data.parquet")
            if not connection.execute(f"select 1 from glob({files}) limit 1").fetchone():
                continue
            row = connection.execute(
                "select md5(string_agg(line, chr(10) order by line)) from ("
                f"select cast(found as varchar) as line from (select {columns} from read_parquet("
                f"{files}, hive_partitioning = true, hive_types_autocast = false) "
                f"where {self._is_kept}) as found)"
            ).fetchone()
            digests.append(f"{table}={row[0] if row else ''}")
        return " ".join(digests)


def verified_versions(connection: duckdb.DuckDBPyConnection) -> dict[Partition, str]:
    """Return the partition versions that a complete build has processed and tested."""
    return _by_partition(connection.execute("from warehouse.state.verified_partitions"))


def is_complete(connection: duckdb.DuckDBPyConnection) -> bool:
    """Say whether the last build ended with every test passed."""
    try:
        row = connection.execute("select is_complete from warehouse.state.builds").fetchone()
    except duckdb.CatalogException:  # killed before it wrote anything
        return False
    return row == (True,)


def is_built_by(connection: duckdb.DuckDBPyConnection, project_digest: str) -> bool:
    """Say whether the file's models, as far as they are built, come from this dbt project."""
    row = connection.execute("select project_digest from warehouse.state.builds").fetchone()
    return row == (project_digest,)


def record_start(connection: duckdb.DuckDBPyConnection, project_digest: str) -> None:
    """Remember that a build begins: until it is complete the marts may be of mixed versions."""
    with _transaction(connection):
        connection.execute("delete from warehouse.state.builds")
        connection.execute(
            f"insert into warehouse.state.builds values ({quoted(project_digest)}, false)"
        )


def verified_scans(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the version of scans and rule settings that a complete build has processed."""
    row = connection.execute("from warehouse.state.verified_scans").fetchone()
    return str(row[0]) if row else ""


def built_versions(connection: duckdb.DuckDBPyConnection) -> dict[Partition, str]:
    """Return the partition versions that the last run of the models took."""
    return _by_partition(
        connection.execute(
            "select tenant_id, connection_id, billing_period, load_version "
            "from warehouse.intermediate.int_partitions"
        )
    )


def record_partitions(
    connection: duckdb.DuckDBPyConnection, versions: Mapping[Partition, str]
) -> None:
    """Remember that the marts hold, tested, these versions of partitions."""
    with _transaction(connection):
        _write_partitions(connection, versions)


def record_success(
    connection: duckdb.DuckDBPyConnection, versions: Mapping[Partition, str], scans_version: str
) -> None:
    """Remember that the marts hold, tested, all that had landed."""
    with _transaction(connection):
        connection.execute("delete from warehouse.state.verified_scans")
        connection.execute(
            f"insert into warehouse.state.verified_scans values ({quoted(scans_version)})"
        )
        _write_partitions(connection, versions)
        connection.execute("update warehouse.state.builds set is_complete = true")


def _write_partitions(
    connection: duckdb.DuckDBPyConnection, versions: Mapping[Partition, str]
) -> None:
    connection.execute("delete from warehouse.state.verified_partitions")
    rows = [
        f"({', '.join(map(quoted, (*partition, version)))})"
        for partition, version in versions.items()
    ]
    if rows:
        connection.execute(
            f"insert into warehouse.state.verified_partitions values {', '.join(rows)}"
        )


@contextmanager
def _transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    connection.execute("begin")
    try:
        yield
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")


def _by_partition(result: duckdb.DuckDBPyConnection) -> dict[Partition, str]:
    return {(row[0], row[1], row[2]): row[3] for row in result.fetchall()}
