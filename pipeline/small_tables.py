"""Small tables that the pipeline itself lands: written beside, then renamed, if they differ."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.lake import TenantLake


def land_small(lake: TenantLake, table: str, content: pa.Table, *partition: str) -> bool:
    """Make a partition hold this content; say whether a file was written.

    Its staging folder is its own: that of `TenantLake.staging` is emptied by whoever lands a
    tenant's bills or scans, at any moment.
    """
    landed = lake.open(table, *partition)
    if landed is not None and landed.read().equals(content):
        return False
    storage = lake.storage
    base = storage.local_path(f".staging/{lake.partner_id}") if storage.is_local else None
    if base is not None:
        base.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="small.", dir=base) as folder:
        written = Path(folder) / "data.parquet"
        pq.write_table(content, written)
        lake.replace(written, table, *partition)
    return True
