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


class TenantLake:
    """The part of the lake that holds one tenant; nothing outside it can be reached."""

    def __init__(self, root: str, partner_id: str, tenant_id: str) -> None:
        self.partner_id = checked_name(partner_id, what="partner")
        self.tenant_id = checked_name(tenant_id, what="tenant")
        self.storage = Storage(root)
        self._prefix = f"partner_id={partner_id}/tenant_id={tenant_id}"

    def path(self, table: str, connection_id: str, billing_period: str) -> str:
        """Return where a partition's file lies, below the lake's root."""
        partition = f"connection_id={connection_id}/billing_period={billing_period}"
        return f"{self._prefix}/{table}/{partition}/data.parquet"

    def replace(self, written: Path, table: str, connection_id: str, billing_period: str) -> None:
        """Make a finished local file the partition."""
        self.storage.commit(written, self.path(table, connection_id, billing_period))

    def remove(self, table: str, connection_id: str, billing_period: str) -> None:
        """Remove a partition."""
        self.storage.delete(self.path(table, connection_id, billing_period))

    def fetch(
        self, table: str, connection_id: str, billing_period: str, spool: Path
    ) -> Path | None:
        """Return a partition as a local file, or None if there is none."""
        path = self.path(table, connection_id, billing_period)
        if not self.storage.is_local and self.storage.read(path) is None:
            return None
        local = self.storage.fetch(path, spool)
        return local if local.is_file() else None

    def read(self, table: str) -> pa.Table | None:
        """Return a small table whole, with its partition columns; None if nothing landed yet."""
        pieces = []
        for found in self.storage.list_files(f"{self._prefix}/{table}"):
            keys = dict(part.split("=", 1) for part in found.path.split("/") if "=" in part)
            content = self.storage.read(found.path)
            if not found.path.endswith(".parquet") or content is None:
                continue
            piece = pq.ParquetFile(pa.BufferReader(content)).read()
            for name in ("connection_id", "billing_period"):
                piece = piece.append_column(name, pa.array([keys[name]] * len(piece), pa.string()))
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
