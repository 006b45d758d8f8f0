"""Lands a staged delivery: decides per partition, composes, and replaces it as a whole."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from ingestion.costs import composition, overlap
from ingestion.costs.commits import PartitionWriter
from ingestion.costs.decisions import Decisions
from ingestion.costs.deliveries import Delivery
from ingestion.costs.ledger import Load
from ingestion.costs.partitions import (
    NO_MONTH,
    Partition,
    own_rejects,
    partition_filter,
    partitions_of,
)
from ingestion.costs.places import Places
from ingestion.costs.rejects import RejectedLine
from ingestion.costs.report import Kind, Outcome
from ingestion.costs.staging import Staged
from ingestion.errors import RefusedDeliveryError
from ingestion.lake import TenantLake
from ingestion.names import connection_name
from ingestion.storage import Storage


class Landing:
    """Lands deliveries of one source in one tenant."""

    def __init__(
        self,
        lake: TenantLake,
        source: Storage,
        decisions: Decisions,
        is_erased: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._is_erased = is_erased
        self._lake = lake
        self._source = source
        self._decisions = decisions
        self._ledger = decisions.ledger
        self._places = Places(lake, decisions)
        self._writer = PartitionWriter(lake, self._ledger)

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
        partitions = partitions_of(delivery, staged)
        for number, partition in enumerate(partitions):
            if billing_period and partition.billing_period != billing_period:
                continue
            if partition.billing_period == NO_MONTH:
                words = f"{delivery.name}: no line names a billing period; export it again"
                yield Outcome(Kind.FAILED, delivery.name, words)
                continue
            condition = partition_filter(staged, partition)
            lines = composition.select(staged.path, condition)
            own = own_rejects(rejected, partition, is_first=number == 0)
            load = self._load(delivery, staged, partition, len(partitions))
            load = replace(
                load, rejected_row_count=load.rejected_row_count + (0 if number else broken_count)
            )
            try:
                load = self._places.own_connection(con, load, lines, spool)
                if self._is_erased(load.connection_id):
                    yield _left_out(delivery)
                    continue
                yield self._land(con, staged, partition, load, own, spool)
            except RefusedDeliveryError as error:
                yield _outcome(Kind.REFUSED, partition, load, str(error))

    def land_empty(
        self, con: duckdb.DuckDBPyConnection, delivery: Delivery, staged: Staged, spool: Path
    ) -> Outcome:
        """Land a delivery without lines: its month is emptied if its manifest names the month."""
        manifest = delivery.manifest
        place = self._source.uri(delivery.name).partition("BILLING_PERIOD=")[0]
        known = manifest and self._ledger.connection_of_export(manifest.export_name, place)
        scope = (manifest and manifest.scope) or (known and known.scope)
        if not manifest or not manifest.billing_period or not scope:
            return Outcome(
                Kind.SKIPPED,
                delivery.name,
                f"{delivery.name} has a header and no records; nothing was replaced",
            )
        connection_id = connection_name(manifest.provider, scope)
        if self._is_erased(connection_id):
            return _left_out(delivery)
        partition = Partition(connection_id, manifest.billing_period, manifest.provider, scope, ())
        load = self._load(delivery, staged, partition, 1)
        try:
            return self._land(con, staged, partition, load, [], spool)
        except RefusedDeliveryError as error:
            return _outcome(Kind.REFUSED, partition, load, str(error))

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
        if match and self._decisions.stands(match, load.source_uri, load.delivered_at):
            kind = Kind.UNCHANGED if match.is_current else Kind.SUPERSEDED
            return _outcome(kind, partition, load, f"{load.source_uri} was decided on before")
        current = self._ledger.current(*load.partition)
        others = [old for old in current if old.load_id != load.load_id]
        rival = next((old for old in others if old.dataset == load.dataset), None)
        own = composition.select(staged.path, partition_filter(staged, partition))
        if rival and self._decisions.comes_too_late(load, rival):
            return self._keep_out(con, partition, load, rival, own, spool)
        replaced = [old for old in current if load.replaces(old)]
        if not self._decisions.take_over:
            overlap.check_owner(load, current)
            overlap.check_cumulative(load, rival)
            for other in overlap.supplanted(load, [old for old in current if old.is_settled]):
                existing = self._places.lines(load.partition, spool)
                if existing:
                    overlap.check_same_bill(con, load, other, own, existing)
                    overlap.check_covers(con, load, other, own, existing)
                    overlap.check_keeps(con, load, other, own, existing)
        lines = composition.compose(
            con,
            self._lake,
            staged,
            partition_filter(staged, partition),
            load,
            kept=[old.dataset for old in current if old not in replaced],
            spool=spool,
        )
        scopes = {part.scope for part in staged.parts}
        selected = composition.select(lines)
        covered = self._places.covered(con, load, selected, spool, scopes=scopes)
        cleared = [(sibling, load.billing_period) for sibling in covered]
        self._writer.commit(load, replaced, cleared, lines, partition, rejected, spool)
        replaced += [old for held in covered.values() for old in held]
        remarks = (*_replacing(load, replaced), *staged.remarks)
        words = "; ".join([f"{load.source_uri} landed", *remarks])
        return replace(_outcome(Kind.LANDED, partition, load, words), remarks=remarks)

    def _keep_out(
        self,
        con: duckdb.DuckDBPyConnection,
        partition: Partition,
        load: Load,
        rival: Load,
        own: str,
        spool: Path,
    ) -> Outcome:
        """Record a load that comes too late to take another one's place."""
        if not (load.export_name and rival.export_name):
            overlap.check_adds_none(load, rival, self._places.only_in(con, load, own, spool))
        self._writer.write_loads(self._ledger.put_superseded(load), spool)
        is_open = self._decisions.is_open(load, rival)
        words = f"{load.source_uri} is older than {rival.source_uri}, which landed; kept that"
        if is_open:
            words = (
                f"{load.source_uri} was written after {rival.source_uri}, which landed, and "
                f"ends on {load.watermark_date}, that on {rival.watermark_date}; kept that. "
                "If the provider took the later days back, repeat with --take-over"
            )
        outcome = _outcome(Kind.SUPERSEDED, partition, load, words)
        return replace(outcome, is_open=is_open)

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
            is_final=partition.is_final(staged.format, delivery.delivered_at),
            row_count=partition.row_count,
            rejected_row_count=sum(part.rejected_row_count for part in partition.parts),
            noted_row_count=sum(part.noted_row_count for part in partition.parts),
            byte_count=delivery.byte_count,
            partition_count=partition_count,
            is_time_stated=bool(manifest and manifest.submitted_at),
            first_date=min(first, default=None),
        )


def _replacing(load: Load, replaced: Sequence[Load]) -> tuple[str, ...]:
    """Tell of which other files a delivery took the place."""
    others = sorted({old.source_uri for old in replaced} - {load.source_uri})
    return (f"in place of {', '.join(others)}",) if others else ()


def _left_out(delivery: Delivery) -> Outcome:
    """Tell of a delivery of an erased connection, whose name is not written down again."""
    words = (
        "a delivery of a connection that was erased was left out; to have it again, connect it, or "
        "repeat with --take-over"
    )
    return Outcome(Kind.SKIPPED, delivery.name, words)


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
