"""A cost export to `cost_lines`, against bare DuckDB copies to Parquet in the same run.

The design asks for "a bare DuckDB copy of the same file to Parquet with the same columns", which
can be read in three ways. All are measured; the strictest has the target:

- **columns read** (the target): the columns of the file that the mapping reads, as they are: 25 to
  45 texts and numbers, whose types DuckDB guesses. We read the same bytes, but write the 73 columns
  of `cost_lines`, with exact decimals.
- **whole file**: every column of the file, as anyone would convert it; a file with many columns
  that we do not read flatters us here.
- **lines again**: the landed lines, read and written as they are: equal output, nothing parsed.

All write zstd at level 1 with the memory and threads that we have. Figures are ratios of wall time;
the details have processor time beside it, which other work on the machine disturbs less.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb

from benchmarks.measure import Measured, Result, measure
from benchmarks.volume import write_export
from ingestion.costs.fields import Column, Columns
from ingestion.costs.formats.registry import recognise
from pipeline.ingest import ingest_costs
from pipeline.settings import Settings

TARGET_RATIO = 1.6
TARGET_MIB = 3 * 1024
_EXPORTS = tuple((kind, end) for kind in ("cur", "focus", "azure") for end in ("csv", "parquet"))
_MEMORY, _THREADS = "2GB", 2


def run(rows: int, folder: Path) -> Iterator[Result]:
    """Yield the results of each format: three comparisons and the memory."""
    for kind, container in _EXPORTS:
        path = write_export(kind, container, rows, folder / "exports")
        home, target = folder / "home", folder / "bare.parquet"
        shutil.rmtree(home, ignore_errors=True)
        of_columns = measure(_copy_columns, path, target)
        ours = measure(_ingest, path, home)
        of_file = measure(_copy, _source(path), "*", target)
        (landed,) = home.rglob("cost_lines/*/*/data.parquet")
        of_lines = measure(_copy, _source(landed), "*", target)
        shutil.rmtree(home)
        target.unlink()
        name = f"{rows:,} lines, {kind.upper()} {container}"
        for words, bare, limit in (
            ("bare copy of the columns read", of_columns, TARGET_RATIO),
            ("bare copy of the whole file", of_file, None),
            ("bare copy of the landed lines", of_lines, None),
        ):
            yield _compared(name, words, ours, bare, limit)
        yield Result(
            f"memory of that, {kind.upper()} {container}",
            f"{TARGET_MIB:,} MiB",
            ours.peak_mib / TARGET_MIB,
            1.0,
            {"peak_mib": ours.peak_mib},
        )


def _compared(
    name: str, words: str, ours: Measured, bare: Measured, target: float | None
) -> Result:
    detail = {
        "seconds": ours.seconds,
        "bare_seconds": bare.seconds,
        "cpu_ratio": ours.cpu_seconds / bare.cpu_seconds,
        "cpu_seconds": ours.cpu_seconds,
        "bare_cpu_seconds": bare.cpu_seconds,
        "peak_mib": ours.peak_mib,
        "bare_peak_mib": bare.peak_mib,
    }
    return Result(f"ingest {name}", words, ours.seconds / bare.seconds, target, detail)


def _ingest(path: Path, home: Path) -> None:
    settings = Settings(home=home, work_memory=_MEMORY, work_threads=_THREADS)
    report = ingest_costs(settings, "bench", "bench", str(path), makes_tenant=True)
    if report.exit_status:
        raise RuntimeError("; ".join(outcome.message for outcome in report.outcomes))


def _source(path: Path) -> str:
    if path.suffix == ".csv":
        return f"read_csv('{path}')"
    return f"read_parquet('{path}', hive_partitioning = false)"


def _copy_columns(path: Path, target: Path) -> None:
    source = _source(path)
    with duckdb.connect() as connection:
        columns = ", ".join(f'"{name}"' for name in _read_columns(connection, source))
    _copy(source, columns, target)


def _copy(source: str, columns: str, target: Path) -> None:
    config = {
        "memory_limit": _MEMORY,
        "threads": str(_THREADS),
        "preserve_insertion_order": "false",
        "temp_directory": str(target.parent / "spill"),
    }
    with duckdb.connect(config=dict(config)) as connection:
        connection.execute("set enable_progress_bar = false")
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
