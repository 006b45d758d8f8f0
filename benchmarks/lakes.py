"""A larger lake from a small one: every resource stands for many."""

from pathlib import Path

import duckdb

from control.directory import Directory
from pipeline.settings import Settings

_SELECTS = {
    "cost_lines": "source.* replace (resource_id || '-' || copy as resource_id)",
    "bill_totals": "distinct source.* replace ("
    "cast(provider_total * {factor} as decimal(38, 20)) as provider_total, "
    "line_count * {factor} as line_count)",
    "loads": "distinct source.* replace ("
    "row_count * {factor} as row_count, partition_version || '-{factor}x' as partition_version)",
    "rejected": "distinct source.*",
}


def multiply(source: Path, target: Path, partner_id: str, factor: int) -> None:
    """Let one home hold another's bills of a partner with `factor` times the resources and lines.

    Partitions keep their names. What was written since its source landed stays, so that after a
    new day only the partitions that it changed are written again.
    """
    with Directory(Settings(home=target).control) as directory:
        directory.ensure_partner(partner_id)
    landed, lake = Path(Settings(home=source).lake), Path(Settings(home=target).lake)
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        for path in sorted(landed.glob(f"partner_id={partner_id}/**/data.parquet")):
            table = path.parents[2].name
            written = lake / path.relative_to(landed)
            if written.exists() and written.stat().st_mtime_ns > path.stat().st_mtime_ns:
                continue
            written.parent.mkdir(parents=True, exist_ok=True)
            columns = _SELECTS[table].format(factor=factor)
            connection.execute(
                f"""
                copy (
                    select {columns}
                    from read_parquet('{path}', hive_partitioning = false) as source,
                        range({factor}) as copies(copy)
                ) to '{written}' (format parquet, compression zstd)
                """
            )
