"""Writes one delivery as a local Parquet file in the form of `cost_lines`, and measures it."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from ingestion.costs.containers import Container, check_gzip
from ingestion.costs.deliveries import Delivery
from ingestion.costs.engine import file_literal, quoted
from ingestion.costs.formats.model import Family
from ingestion.costs.numbered import check_parts
from ingestion.costs.opening import open_delivery
from ingestion.costs.relation import cost_lines_sql, fields_sql
from ingestion.costs.tables import SourceTable
from ingestion.errors import IncompleteDeliveryError, UnreadableFileError
from ingestion.storage import Storage

Say = Callable[[str], None]
_POLL_SECONDS = 0.5
_SCOPE_OF_A_LINE = """
    case
        when x_provider = 'azure' then lower(coalesce(billing_account_id, sub_account_id, {other}))
        else coalesce(billing_account_id, sub_account_id, {other})
    end
"""
NO_SCOPE = "unknown"
LARGEST_TOTAL = Decimal(10) ** 18
COPY_OPTIONS = "format parquet, compression zstd, compression_level 1"

# Amortized cost spreads what actual cost shows when it is bought; only there a covered line costs.
_IS_AMORTIZED = """
select count(*) > 0 from (
    select 1 from fields
    where charge_type like 'Unused%'
        or (
            charge_type = 'Usage' and cost <> 0
            and (pricing_model in ('Reservation', 'SavingsPlan') or reservation_id is not null)
        )
    limit 1
)
"""


@dataclass(frozen=True, slots=True)
class Part:
    """What a staged delivery holds of one billing scope, month and currency."""

    provider: str
    scope: str
    billing_period: str | None
    currency: str
    row_count: int
    rejected_row_count: int
    noted_row_count: int
    total: Decimal
    uncommitted_total: Decimal
    first_date: date | None
    last_date: date | None
    is_final: bool


@dataclass(frozen=True, slots=True)
class Staged:
    """One delivery on the lake's disk, mapped and measured, not yet visible to anyone.

    Attributes:
        path: Parquet file in the form of `cost_lines`, rejected lines included.
        family: Family of the export.
        format: Recognised variant.
        dataset: focus, cur, azure_actual or azure_amortized.
        tables: The tables it was read from.
        constants: SQL constants its mapping was given.
        parts: Its scopes, months and currencies.
        remarks: What a reader should know, in sentences.
        scope_sql: SQL of a line's billing scope.
    """

    path: Path
    family: Family
    format: str
    dataset: str
    tables: tuple[SourceTable, ...]
    constants: dict[str, str]
    parts: tuple[Part, ...]
    remarks: tuple[str, ...]
    scope_sql: str


def stage(
    con: duckdb.DuckDBPyConnection, source: Storage, delivery: Delivery, spool: Path, say: Say
) -> Staged:
    """Read, map and measure one delivery.

    Raises:
        IngestionError: Nothing of it can be taken; the message says why and what to do.
    """
    family, tables = open_delivery(con, source, delivery, spool)
    manifest = delivery.manifest
    constants: dict[str, str] = {}
    dataset = family.name
    path = spool / "staged.parquet"
    with ThreadPoolExecutor(1) as pool:
        checks = pool.submit(_check_whole, tables)
        try:
            if family.name == "azure":
                dataset = (manifest and manifest.dataset) or _azure_dataset(con, family, tables)
                constants = {"is_amortized": str(dataset == "azure_amortized").lower()}
            sql = cost_lines_sql(con, family, tables, constants)
            with _progress(con, delivery.name, say):
                con.execute(f"copy ({sql}) to {quoted(str(path))} ({COPY_OPTIONS})")
        except duckdb.Error:
            checks.result()
            raise
        checks.result()
    if len(tables) > 1 and not manifest:
        check_parts(con, delivery.name, path)
    stated = manifest.scope if manifest and manifest.provider == "azure" else None
    scope_sql = quoted(stated) if stated else _SCOPE_OF_A_LINE.format(other=quoted(NO_SCOPE))
    parts = _parts(con, path, scope_sql)
    scopes = {part.scope for part in parts}
    if NO_SCOPE in scopes and len(scopes) > 1:
        scope_sql = _SCOPE_OF_A_LINE.format(other=_scope_of_nameless(parts))
        parts = _parts(con, path, scope_sql)
    _check_totals(delivery.name, parts)
    return Staged(
        path=path,
        family=family,
        format=family.variant(tables[0].columns),
        dataset=dataset,
        tables=tables,
        constants=constants,
        parts=parts,
        remarks=tuple(family.remarks(tables[0].columns)),
        scope_sql=scope_sql,
    )


def billing_periods(
    con: duckdb.DuckDBPyConnection, source: Storage, delivery: Delivery, spool: Path
) -> tuple[str, ...]:
    """Return the months of a delivery without landing it.

    Raises:
        IngestionError: Nothing of it can be read.
    """
    if delivery.billing_period:
        return (delivery.billing_period,)
    family, tables = open_delivery(con, source, delivery, spool)
    sql = cost_lines_sql(con, family, tables, {"is_amortized": "true"})
    rows = con.execute(
        f"select distinct strftime(billing_period_start, '%Y-%m') as month from ({sql}) "
        "where month is not null order by month"
    ).fetchall()
    return tuple(row[0] for row in rows)


def _azure_dataset(
    con: duckdb.DuckDBPyConnection, family: Family, tables: Sequence[SourceTable]
) -> str:
    fields = fields_sql(family, tables, {"is_amortized": "true"})
    row = con.execute(f"with fields as ({fields}) {_IS_AMORTIZED}").fetchone()
    return "azure_amortized" if row and row[0] else "azure_actual"


def _check_whole(tables: Sequence[SourceTable]) -> None:
    for table in tables:
        if table.container is Container.GZIP:
            check_gzip(table.local, table.name)


def _parts(con: duckdb.DuckDBPyConnection, path: Path, scope_sql: str) -> tuple[Part, ...]:
    rows = con.execute(f"""
        select
            x_provider,
            {scope_sql} as scope,
            strftime(billing_period_start, '%Y-%m') as billing_period,
            billing_currency,
            count(*),
            count(*) filter (coalesce(x_note like 'rejected: %', false)),
            count(*) filter (coalesce(x_note not like 'rejected: %', false)),
            coalesce(sum(x_source_cost), 0),
            coalesce(sum(x_source_cost) filter (commitment_discount_type is null), 0),
            cast(min(charge_period_start) as date),
            cast(max(charge_period_start) as date),
            bool_and(invoice_id is not null)
        from read_parquet({file_literal(path)}, hive_partitioning = false)
        group by all
        order by all
    """).fetchall()
    return tuple(Part(*row) for row in rows)


def _scope_of_nameless(parts: Sequence[Part]) -> str:
    """Return SQL of the scope of lines that name nobody: the delivery's first, by name.

    A tax or a purchase without an account is of the bill that it stands in; each delivery of that
    bill must take it to the same place.
    """
    first: dict[str, str] = {}
    for part in sorted(parts, key=lambda part: part.scope):
        if part.scope != NO_SCOPE:
            first.setdefault(part.provider, part.scope)
    cases = [f"when {quoted(name)} then {quoted(scope)}" for name, scope in first.items()]
    return f"case x_provider {' '.join([*cases, 'else'])} {quoted(NO_SCOPE)} end"


def _check_totals(name: str, parts: Sequence[Part]) -> None:
    """Refuse amounts of which each is possible, but whose sum no figure of ours holds."""
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for part in parts:
        totals[part.currency] += part.total
    for currency, total in totals.items():
        if abs(total) >= LARGEST_TOTAL:
            raise UnreadableFileError(
                f"{name}: its costs add up to {total:.3E} {currency}, more than any bill: the "
                "column of costs is damaged; export it again, nothing of it was taken"
            )


@contextmanager
def _progress(con: duckdb.DuckDBPyConnection, name: str, say: Say) -> Iterator[None]:
    """Say every while how far the running statement is."""
    done = threading.Event()

    def watch() -> None:
        started = time.monotonic()
        while not done.wait(_POLL_SECONDS):
            share = con.query_progress()
            if share > 0 and time.monotonic() - started > 2:
                say(f"reading {name}: {share:.0f} %")

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def check_row_count(delivery: Delivery, landed: int, rejected: int) -> None:
    """Compare with the number of lines that the manifest states.

    Raises:
        IncompleteDeliveryError: They differ.
    """
    stated = delivery.manifest.row_count if delivery.manifest else None
    if stated is not None and stated != landed + rejected:
        raise IncompleteDeliveryError(
            f"{delivery.name} states {stated:,} lines, its files hold {landed + rejected:,}; "
            "copy the whole delivery again, nothing of it was taken"
        )
