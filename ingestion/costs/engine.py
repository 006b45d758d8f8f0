"""The DuckDB connection that reads exports: limits, lookup tables and the macros mappings use."""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.csv as pa_csv

_LOOKUPS = ("aws_services", "azure_services", "regions")
_MACROS = """
create macro aws_resource_id(id) as
    if(id like 'arn:aws%:ec2:%', regexp_extract(id, '[^/:]+$'), id);
create macro azure_resource_id(id) as
    if(id like '%/%', '/' || trim(lower(id), '/'), lower(id));
create macro azure_known(value) as
    if(lower(value) in (
        'unassigned', 'not applicable', 'others', '-2', '00000000-0000-0000-0000-000000000000'
    ), null, value);
create macro price_times_quantity(price, rate, quantity) as
    try_cast(
        try_cast(quantity as decimal(20, 12)) * if(
            coalesce(rate, 1) = 1,
            try_cast(price as decimal(18, 8)),
            try_cast(
                try_cast(price as decimal(18, 8)) * try_cast(rate as decimal(18, 8))
                as decimal(18, 8)
            )
        )
        as decimal(38, 20)
    );
create table region_names as
    select provider, region_id, any_value(region_name) as region_name
    from regions group by all;
"""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one reading connection may take.

    Attributes:
        memory: DuckDB's memory limit, in its own notation.
        threads: Number of threads.
    """

    memory: str = "2GB"
    threads: int = 2


def connect(spool: Path, limits: Limits) -> duckdb.DuckDBPyConnection:
    """Open a private in-memory database that spills into the spool folder."""
    con = duckdb.connect(
        config={
            "memory_limit": limits.memory,
            "threads": limits.threads,
            "temp_directory": str(spool / "spill"),
            "temp_file_encryption": True,
            "preserve_insertion_order": False,
            "python_enable_replacements": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    con.execute("set TimeZone = 'UTC'")
    con.execute("set enable_progress_bar = true")
    con.execute("set enable_progress_bar_print = false")
    for name in _LOOKUPS:
        con.register(f"{name}_csv", _lookup(name))
        con.execute(f"create table {name} as from {name}_csv")
        con.unregister(f"{name}_csv")
    con.execute(_MACROS)
    return con


def _lookup(name: str) -> pa.Table:
    source = files(__package__).joinpath("reference", f"{name}.csv")
    return pa_csv.read_csv(pa.BufferReader(source.read_bytes()))


def quoted(value: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"
