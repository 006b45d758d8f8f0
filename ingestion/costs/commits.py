"""Writes a partition's four tables: lines, bill totals, rejected lines and loads."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.costs.ledger import Ledger, Load, load_row
from ingestion.costs.partitions import Partition
from ingestion.costs.rejects import RejectedLine
from ingestion.costs.schema import TABLES, arrow_schema
from ingestion.lake import TenantLake


class PartitionWriter:
    """Replaces partitions of one tenant's lake; the loads come last and make it valid."""

    def __init__(self, lake: TenantLake, ledger: Ledger) -> None:
        self._lake = lake
        self._ledger = ledger

    def commit(
        self,
        load: Load,
        replaced: Sequence[Load],
        covered: Sequence[tuple[str, str]],
        lines: Path,
        partition: Partition,
        rejected: Sequence[RejectedLine],
        spool: Path,
    ) -> None:
        """Replace the partition: totals and rejected lines, then the lines, then the load.

        Until the last step the former loads of all partitions concerned say that they are being
        replaced: whoever is killed in between leaves nothing that looks as if it were whole.

        Args:
            load: The new load.
            replaced: Loads whose lines leave the partition.
            covered: Partitions of other connections whose charges it supplies; they keep loads
                alone.
            lines: Local file of all its lines.
            partition: What the new load has of it.
            rejected: The new load's lines that did not land whole.
            spool: Private folder on the lake's disk.
        """
        before = self._ledger.of(*load.partition)
        for each in (load.partition, *covered):
            if self._ledger.of(*each):
                self.write_loads(self._ledger.interrupted_by(load, each), spool)
        kept = {old.load_id for old in self._ledger.current(*load.partition)}
        kept -= {load.load_id, *(old.load_id for old in replaced)}
        totals = [
            {
                "load_id": load.load_id,
                "dataset": load.dataset,
                "billing_currency": currency,
                "provider_total": total,
                "uncommitted_total": partition.uncommitted_totals[currency],
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
        self._replace_rows("bill_totals", load, kept, totals, spool)
        self._replace_rows("rejected", load, kept, refused, spool)
        self._lake.replace(lines, "cost_lines", *load.partition)
        for each in covered:
            self.write_loads(self._ledger.cleared(*each), spool)
        self.write_loads(self._ledger.put(load, replaced, before), spool)
        for each in covered:
            for table in ("cost_lines", "bill_totals", "rejected"):
                self._lake.remove(table, *each)

    def _replace_rows(
        self, table: str, load: Load, kept: set[str], rows: Iterable[dict[str, Any]], spool: Path
    ) -> None:
        """Replace a table's rows but those of the loads to keep; what a kill left goes, too."""
        existing = self._lake.fetch(table, *load.partition, spool=spool)
        former = pq.read_table(existing, partitioning=None).to_pylist() if existing else []
        former = [row for row in former if row["load_id"] in kept]
        self._write(table, load.partition, [*former, *rows], spool)

    def write_loads(self, loads: Sequence[Load], spool: Path) -> None:
        """Write and remember all loads of a partition."""
        self._write("loads", loads[0].partition, [dict(load_row(load)) for load in loads], spool)
        self._ledger.remember(loads)

    def _write(
        self, table: str, partition: tuple[str, str], rows: Sequence[dict[str, Any]], spool: Path
    ) -> None:
        written = spool / f"{table}.parquet"
        schema = arrow_schema(TABLES[table])
        pq.write_table(pa.Table.from_pylist(list(rows), schema=schema), written)
        self._lake.replace(written, table, *partition)
