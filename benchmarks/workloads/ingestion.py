"""A cost export to `cost_lines`, against a bare DuckDB copy of the same file and columns."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb

from benchmarks.measure import Result, measure
from benchmarks.volume import write_export
from ingestion.costs.fields import Column, Columns
from ingestion.costs.formats.registry import recognise
from pipeline.ingest import ingest_costs
from pipeline.settings import Settings

TARGET_RATIO = 1.6
TARGET_MIB = 3 * 1024
_EXPORTS = (("cur", "csv"), ("cur", "parquet"), ("focus", "csv"), ("focus", "parquet"))
_MEMORY, _THREADS = "2GB", 2


def run(rows: int, folder: Path) -> Iterator[Result]:
    """Yield a result per format."""
    for kind, container in _EXPORTS:
        path = write_export(kind, container, rows, folder / "exports")
        bare = measure(_bare_copy, path, folder / "bare.parquet")
        home = folder / "home"
        shutil.rmtree(home, ignore_errors=True)
        ours = measure(_ingest, path, home)
        shutil.rmtree(home)
        yield Result(
            f"ingest {rows:,} lines, {kind.upper()} {container}",
            "bare copy of the same columns",
            ours.seconds / bare.seconds,
            TARGET_RATIO,
            {
                "seconds": ours.seconds,
                "bare_seconds": bare.seconds,
                "peak_mib": ours.peak_mib,
                "bare_peak_mib": bare.peak_mib,
            },
        )
        yield Result(
            f"memory of that, {kind.upper()} {container}",
            f"{TARGET_MIB:,} MiB",
            ours.peak_mib / TARGET_MIB,
            1.0,
            {"peak_mib": ours.peak_mib},
        )


def _ingest(path: Path, home: Path) -> None:
    settings = Settings(home=home, work_memory=_MEMORY, work_threads=_THREADS)
    report = ingest_costs(settings, "bench", "bench", str(path))
    if report.exit_status:
        raise RuntimeError("; ".join(outcome.message for outcome in report.outcomes))


def _bare_copy(path: Path, target: Path) -> None:
    config = {
        "memory_limit": _MEMORY,
        "threads": str(_THREADS),
        "preserve_insertion_order": "false",
        "temp_directory": str(target.parent / "spill"),
    }
    with duckdb.connect(config=dict(config)) as connection:
        connection.execute("set enable_progress_bar = false")
        source = f"read_{'csv' if path.suffix == '.csv' else 'parquet'}('{path}')"
        columns = ", ".join(f'"{name}"' for name in _read_columns(connection, source))
        connection.execute(
            f"copy (select {columns} from {source}) to '{target}' "
            "(format parquet, compression zstd, compression_level 1)"
        )


def _read_columns(connection: duckdb.DuckDBPyConnection, source: str) -> list[str]:
    """Return the source's columns that the mapping reads, tags included."""
    described = connection.execute(f"describe select * from {source}").fetchall()
    columns = Columns(Column(row[0], row[0], row[1]) for row in described)
    family = recognise("benchmark", columns)
    read = {column.name for field in family.fields for column in columns.find(field.keys)}
    return [
        column.name for column in columns.all if column.name in read or "tag" in column.name.lower()
    ]
