"""Lands a staged delivery: decides per partition, composes, and replaces it as a whole."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.costs import composition, overlap
from ingestion.costs.deliveries import Delivery
from ingestion.costs.ledger import Ledger, Load, load_row
from ingestion.costs.rejects import RejectedLine
from ingestion.costs.report import Kind, Outcome
from ingestion.costs.schema import TABLES, arrow_schema
from ingestion.costs.staging import Part, Staged
from ingestion.errors import RefusedDeliveryError
from ingestion.lake import TenantLake
from ingestion.names import connection_name, slug
from ingestion.storage import Storage

_NO_MONTH = "unknown"
_EA_CLOSES_AFTER = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Partition:
    """What a staged delivery holds of one connection and month."""

    connection_id: str
    billing_period: str
    provider: str
    scope: str
    parts: tuple[Part, ...]

    @property
    def row_count(self) -> int:
        """Lines that land."""
        return sum(part.row_count - part.rejected_row_count for part in self.parts)

    @property
    def totals(self) -> dict[str, Decimal]:
        """Provider's cost per currency, rejected lines included."""
        totals: dict[str, Decimal] = defaultdict(Decimal)
        for part in self.parts:
            totals[part.currency] += part.total
        return dict(totals)


class Landing:
    """Lands deliveries of one source in one tenant."""

    def __init__(
        self, lake: TenantLake, source: Storage, ledger: Ledger, *, take_over: bool = False
    ) -> None:
        self._lake = lake
        self._source = source
        self._ledger = ledger
        self._take_over = take_over

    def land(
        self,
        con: duckdb.DuckDBPyConnection,
        delivery: Delivery,
        staged: Staged,
        rejected: Sequence[RejectedLine],
        spool: Path,
        *,
        broken_count: int,
        billing_period: str | None,
    ) -> Iterator[Outcome]:
        """Land each partition of a delivery, and yield what became of it.

        Args:
            con: Connection that staged it.
            delivery: The delivery.
            staged: Its mapped lines.
            rejected: Its lines that did not land whole.
            spool: Private folder on the lake's disk.
            broken_count: Lines whose form is broken; they count to the largest partition.
            billing_period: Land this month alone, or None for all.
        """
        partitions = _partitions(delivery, staged)
        for number, partition in enumerate(partitions):
            if billing_period and partition.billing_period != billing_period:
                continue
            if partition.billing_period == _NO_MONTH:
                words = f"{delivery.name}: no line names a billing period; export it again"
                yield Outcome(Kind.FAILED, delivery.name, words)
                continue
            condition = partition_filter(staged, partition)
            lines = composition.select(staged.path, condition)
            own = _own_rejects(rejected, partition, is_first=number == 0)
            load = self._load(delivery, staged, partition, len(partitions))
            load = replace(
                load, rejected_row_count=load.rejected_row_count + (0 if number else broken_count)
            )
            try:
                load = self._own_connection(con, load, lines, spool)
                yield self._land(con, staged, partition, load, own, spool)
            except RefusedDeliveryError as error:
                yield _outcome(Kind.REFUSED, partition, load, str(error))

    def land_empty(
        self, con: duckdb.DuckDBPyConnection, delivery: Delivery, staged: Staged, spool: Path
    ) -> Outcome:
        """Land a delivery without lines: its month is emptied if its manifest names the month."""
        manifest = delivery.manifest
        known = self._ledger.connection_of_export(manifest.export_name) if manifest else None
        scope = (manifest and manifest.scope) or (known and known.scope)
        if not manifest or not manifest.billing_period or not scope:
            return Outcome(
                Kind.SKIPPED,
                delivery.name,
                f"{delivery.name} has a header and no records; nothing was replaced",
            )
        connection_id = connection_name(manifest.provider, scope)
        partition = Partition(connection_id, manifest.billing_period, manifest.provider, scope, ())
        load = self._load(delivery, staged, partition, 1)
        try:
            return self._land(con, staged, partition, load, [], spool)
        except RefusedDeliveryError as error:
            return _outcome(Kind.REFUSED, partition, load, str(error))

    def _own_connection(
        self, con: duckdb.DuckDBPyConnection, load: Load, lines: str, spool: Path
    ) -> Load:
        """Find the connection of files without a manifest by the accounts they bill.

        A file that bills every account of a connection is another delivery of it, even where the
        billing account has a new id. A file of one account that shares none with what landed was
        exported on its own, and gets a connection of its own.

        Raises:
            RefusedDeliveryError: It holds several accounts, none of which landed before.
        """
        if load.export_name:
            return load
        ours = overlap.accounts(con, lines)
        if self._ledger.current(*load.partition):
            theirs = self._accounts(con, load.connection_id, load.billing_period, spool)
            account = overlap.further_account(load, ours, theirs)
            if account is None:
                return load
            digest = hashlib.sha256(account.encode()).hexdigest()[:8]
            return replace(load, connection_id=f"{load.connection_id[:54]}-{digest}")
        billed = [
            sibling
            for sibling in self._ledger.siblings(load)
            if not any(
                old.export_name or old.load_id == load.load_id
                for old in self._ledger.current(sibling, load.billing_period)
            )
            and self._accounts(con, sibling, load.billing_period, spool) <= ours
        ]
        return replace(load, connection_id=billed[0]) if len(billed) == 1 else load

    def _accounts(
        self, con: duckdb.DuckDBPyConnection, connection_id: str, billing_period: str, spool: Path
    ) -> set[str]:
        existing = self._lake.fetch("cost_lines", connection_id, billing_period, spool=spool)
        return overlap.accounts(con, composition.select(existing)) if existing else set()

    def _land(
        self,
        con: duckdb.DuckDBPyConnection,
        staged: Staged,
        partition: Partition,
        load: Load,
        rejected: Sequence[RejectedLine],
        spool: Path,
    ) -> Outcome:
        known = self._ledger.of(*load.partition)
        match = next((old for old in known if old.load_id == load.load_id), None)
        if match:
            kind = Kind.UNCHANGED if match.is_current else Kind.SUPERSEDED
            return _outcome(kind, partition, load, f"{load.source_uri} was decided on before")
        current = self._ledger.current(*load.partition)
        rival = next((old for old in current if old.dataset == load.dataset), None)
        if rival and load.is_older_than(rival) and not self._take_over:
            self._write_loads(self._ledger.put_superseded(load), spool)
            words = f"{load.source_uri} is older than {rival.source_uri}, which landed; kept that"
            return _outcome(Kind.SUPERSEDED, partition, load, words)
        replaced = [old for old in current if load.replaces(old)]
        if not self._take_over:
            overlap.check_owner(load, current)
            overlap.check_cumulative(load, rival)
        lines = composition.compose(
            con,
            self._lake,
            staged,
            partition_filter(staged, partition),
            load,
            kept=[old.dataset for old in current if old not in replaced],
            spool=spool,
        )
        overlap.check_siblings(con, self._lake, lines, load, self._ledger.siblings(load), spool)
        self._commit(load, replaced, lines, partition, rejected, spool)
        words = "; ".join([f"{load.source_uri} landed", *staged.remarks])
        return _outcome(Kind.LANDED, partition, load, words)

    def _commit(
        self,
        load: Load,
        replaced: Sequence[Load],
        lines: Path,
        partition: Partition,
        rejected: Sequence[RejectedLine],
        spool: Path,
    ) -> None:
        gone = {old.load_id for old in replaced}
        totals = [
            {
                "load_id": load.load_id,
                "dataset": load.dataset,
                "billing_currency": currency,
                "provider_total": total,
                "line_count": sum(p.row_count for p in partition.parts if p.currency == currency),
            }
            for currency, total in partition.totals.items()
        ]
        refused = [
            {
                "load_id": load.load_id,
                "dataset": load.dataset,
                "source_file": line.source_file,
                "line_number": line.line_number,
                "column_name": line.column_name,
                "reason": line.reason,
                "is_row_rejected": line.is_row_rejected,
                "billing_currency": line.currency,
                "source_cost": line.cost,
                "source_line": line.source_line,
            }
            for line in rejected
        ]
        self._replace_rows("bill_totals", load, gone, totals, spool)
        self._replace_rows("rejected", load, gone, refused, spool)
        self._lake.replace(lines, "cost_lines", *load.partition)
        self._write_loads(self._ledger.put(load, replaced), spool)

    def _replace_rows(
        self, table: str, load: Load, gone: set[str], rows: Iterable[dict[str, Any]], spool: Path
    ) -> None:
        existing = self._lake.fetch(table, *load.partition, spool=spool)
        kept = pq.read_table(existing, partitioning=None).to_pylist() if existing else []
        kept = [row for row in kept if row["load_id"] not in gone | {load.load_id}]
        self._write(table, load.partition, [*kept, *rows], spool)

    def _write_loads(self, loads: Sequence[Load], spool: Path) -> None:
        self._write("loads", loads[0].partition, [dict(load_row(load)) for load in loads], spool)
        self._ledger.remember(loads)

    def _write(
        self, table: str, partition: tuple[str, str], rows: Sequence[dict[str, Any]], spool: Path
    ) -> None:
        written = spool / f"{table}.parquet"
        schema = arrow_schema(TABLES[table])
        pq.write_table(pa.Table.from_pylist(list(rows), schema=schema), written)
        self._lake.replace(written, table, *partition)

    def _load(
        self,
        delivery: Delivery,
        staged: Staged,
        partition: Partition,
        partition_count: int,
    ) -> Load:
        manifest = delivery.manifest
        first = [part.first_date for part in partition.parts if part.first_date]
        last = [part.last_date for part in partition.parts if part.last_date]
        return Load(
            connection_id=partition.connection_id,
            billing_period=partition.billing_period,
            load_id=delivery.load_id,
            provider=partition.provider,
            scope=partition.scope,
            dataset=staged.dataset,
            format=staged.format,
            export_name=manifest.export_name if manifest else "",
            delivery_id=manifest.delivery_id if manifest else delivery.load_id,
            source_uri=self._source.uri(delivery.name),
            delivered_at=delivery.delivered_at,
            loaded_at=datetime.now(UTC),
            watermark_date=max(last, default=None),
            is_final=_is_final(partition, staged.format, delivery.delivered_at),
            row_count=partition.row_count,
            rejected_row_count=sum(part.rejected_row_count for part in partition.parts),
            noted_row_count=sum(part.noted_row_count for part in partition.parts),
            byte_count=delivery.byte_count,
            partition_count=partition_count,
            is_time_stated=bool(manifest and manifest.submitted_at),
            first_date=min(first, default=None),
        )


def _is_final(partition: Partition, form: str, delivered_at: datetime) -> bool:
    """Return whether the month is invoiced.

    Enterprise agreements' lines name no invoice: their month is closed on its fifth day after
    (Microsoft, Understand Cost Management data).
    """
    last = max((part.last_date for part in partition.parts if part.last_date), default=None)
    if form == "azure_ea" and last:
        month_end = (last.replace(day=1) + timedelta(days=31)).replace(day=1)
        return delivered_at.date() >= month_end + _EA_CLOSES_AFTER
    return bool(partition.parts) and all(part.is_final for part in partition.parts)


def partition_filter(staged: Staged, partition: Partition) -> str | None:
    """Return the SQL condition of a partition's lines in the staged file, None for all of them."""
    has_rejects = any(part.rejected_row_count for part in staged.parts)
    conditions = ["x_note is null or x_note not like 'rejected: %'"] if has_rejects else []
    keys = {(part.provider, part.scope, part.billing_period) for part in staged.parts}
    if len(keys) > 1:
        conditions += [
            staged.scope_sql + " = '" + partition.scope.replace("'", "''") + "'",
            f"strftime(billing_period_start, '%Y-%m') = '{partition.billing_period}'",
            f"x_provider = '{partition.provider}'",
        ]
    return " and ".join(f"({condition})" for condition in conditions) or None


def _partitions(delivery: Delivery, staged: Staged) -> list[Partition]:
    """Group the parts by connection and month; lines that name no month count to the latest."""
    latest = delivery.billing_period or max(
        (part.billing_period for part in staged.parts if part.billing_period), default=_NO_MONTH
    )
    groups: dict[tuple[str, str, str], list[Part]] = defaultdict(list)
    for part in staged.parts:
        groups[part.provider, part.scope, part.billing_period or latest].append(part)
    found = []
    for (provider, scope, period), parts in groups.items():
        name = connection_name(provider, scope)
        if scope == "unknown":
            name = f"{provider}-{slug(delivery.files[0].name.partition('.')[0])}"[:63]
        found.append(Partition(name, period, provider, scope, tuple(parts)))
    return sorted(found, key=lambda partition: partition.row_count, reverse=True)


def _own_rejects(
    rejected: Sequence[RejectedLine], partition: Partition, *, is_first: bool
) -> list[RejectedLine]:
    own = (partition.scope, partition.billing_period)
    return [
        line
        for line in rejected
        if (line.scope, line.billing_period) == own
        or (
            line.billing_period is None
            and (line.scope == partition.scope if line.scope else is_first)
        )
    ]


def _outcome(kind: Kind, partition: Partition, load: Load, message: str) -> Outcome:
    return Outcome(
        kind=kind,
        source=load.source_uri,
        message=message,
        connection_id=load.connection_id,
        billing_period=partition.billing_period,
        dataset=load.dataset,
        format=load.format,
        load_id=load.load_id,
        row_count=load.row_count,
        rejected_row_count=load.rejected_row_count if kind is Kind.LANDED else 0,
        noted_row_count=load.noted_row_count,
        byte_count=load.byte_count,
        totals=partition.totals,
        watermark_date=load.watermark_date,
        provider=load.provider,
        scope=load.scope,
        delivered_at=load.delivered_at,
    )
