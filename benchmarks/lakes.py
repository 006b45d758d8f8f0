"""A larger lake from a small one: every resource stands for many."""

from pathlib import Path

import duckdb

_SELECTS = {
    "cost_lines": "source.* replace (resource_id || '-' || copy as resource_id)",
    "bill_totals": "distinct source.* replace ("
    "cast(provider_total * {factor} as decimal(38, 20)) as provider_total, "
    "line_count * {factor} as line_count)",
    "loads": "distinct source.* replace ("
    "row_count * {factor} as row_count, partition_version || '-{factor}x' as partition_version)",
    "rejected": "distinct source.*",
}


def multiply(source: Path, target: Path, factor: int) -> None:
    """Write a lake with `factor` times the resources and lines; partitions keep their names.

    What was written since its source landed stays, so that after a new day only the partitions
    that it changed are written again.
    """
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        for path in sorted(source.rglob("data.parquet")):
            table = path.parents[2].name
            written = target / path.relative_to(source)
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
