"""The lake: one Parquet file per partition, replaced as a whole."""

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir

import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.names import checked_name
from ingestion.storage import Storage

_STAGING = ".staging"
_BY_PERIOD = ("connection_id", "billing_period")
_BY_SNAPSHOT = ("connection_id", "snapshot_date")
_PARTITION_COLUMNS: dict[str, tuple[str, ...]] = {
    "cost_lines": _BY_PERIOD,
    "loads": _BY_PERIOD,
    "bill_totals": _BY_PERIOD,
    "rejected": _BY_PERIOD,
    "utilization_daily": ("connection_id", "usage_date"),
    "rule_thresholds": (),
    "rule_exemptions": (),
    "finding_observations": ("observed_date",),
}


def partition_columns(table: str) -> tuple[str, ...]:
    """Return the columns that partition a table of a tenant; inventory by connection and day."""
    return _PARTITION_COLUMNS.get(table, _BY_SNAPSHOT)


class TenantLake:
    """The part of the lake that holds one tenant; nothing outside it can be reached."""

    def __init__(self, root: str, partner_id: str, tenant_id: str) -> None:
        self.partner_id = checked_name(partner_id, what="partner")
        self.tenant_id = checked_name(tenant_id, what="tenant")
        self.storage = Storage(root)
        self._prefix = f"partner_id={partner_id}/tenant_id={tenant_id}"

    def path(self, table: str, *partition: str) -> str:
        """Return where a partition's file lies, below the lake's root.

        Args:
            table: Name of the table.
            partition: A value per partition column of the table, in their order.

        Raises:
            ValueError: The table is partitioned by another number of columns.
        """
        keys = partition_columns(table)
        named = (f"{key}={value}" for key, value in zip(keys, partition, strict=True))
        return "/".join((self._prefix, table, *named, "data.parquet"))

    def replace(self, written: Path, table: str, *partition: str) -> None:
        """Make a finished local file the partition."""
        self.storage.commit(written, self.path(table, *partition))

    def remove(self, table: str, *partition: str) -> None:
        """Remove a partition, if it is there."""
        self.storage.delete(self.path(table, *partition))

    def fetch(self, table: str, *partition: str, spool: Path) -> Path | None:
        """Return a partition as a local file, or None if there is none."""
        path = self.path(table, *partition)
        return self.storage.fetch(path, spool) if self.storage.has(path) else None

    def partitions(self, table: str, *leading: str) -> list[tuple[str, ...]]:
        """Return the partitions of a table, in order; of some leading values alone where given."""
        keys = partition_columns(table)
        named = [f"{key}={value}" for key, value in zip(keys, leading, strict=False)]
        found = self.storage.list_files("/".join((self._prefix, table, *named)))
        return [_values(file.path, keys) for file in found if file.path.endswith(".parquet")]

    def open(self, table: str, *partition: str) -> pq.ParquetFile | None:
        """Return one partition's file, opened; None if there is none."""
        path = self.path(table, *partition)
        if self.storage.is_local:
            local = self.storage.local_path(path)
            return pq.ParquetFile(local) if local.is_file() else None
        content = self.storage.read(path)
        return None if content is None else pq.ParquetFile(pa.BufferReader(content))

    def read(self, table: str) -> pa.Table | None:
        """Return a small table whole, with its partition columns; None if nothing landed yet."""
        pieces = []
        for partition in self.partitions(table):
            opened = self.open(table, *partition)
            if opened is None:
                continue
            piece = opened.read()
            for name, value in zip(partition_columns(table), partition, strict=True):
                piece = piece.append_column(name, pa.array([value] * len(piece), pa.string()))
            pieces.append(piece)
        return pa.concat_tables(pieces) if pieces else None

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """Give a private folder on the lake's own disk, removed afterwards.

        What a killed run left behind is removed by the next one of the same tenant.
        """
        base = self.storage.local_path("") if self.storage.is_local else Path(gettempdir())
        own = base / _STAGING / self.partner_id / self.tenant_id
        shutil.rmtree(own, ignore_errors=True)
        folder = own / uuid.uuid4().hex
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _values(path: str, keys: tuple[str, ...]) -> tuple[str, ...]:
    named = dict(part.split("=", 1) for part in path.split("/") if "=" in part)
    return tuple(named[key] for key in keys)
