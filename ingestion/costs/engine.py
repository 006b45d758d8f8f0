"""The DuckDB connection that reads exports: limits, lookup tables and the macros mappings use."""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.csv as pa_csv

_LOOKUPS = ("aws_services", "azure_services", "regions")
# Both ways to read an amount avoid 128-bit parsing, which takes fifty times as long: a double of up
# to 15 digits is the nearest one to exactly one decimal of so many digits, which is what its writer
# meant; and a text of few decimals is read as a narrow decimal, which loses no digit of it.
_MACROS = """
create macro decimal_of_double(number, written) as case
    when abs(number) < 1e9 and cast(try_cast(number as decimal(18, 6)) as double) = number
        then cast(cast(number as decimal(18, 6)) as decimal(38, 20))
    when abs(number) < 1e5 and cast(try_cast(number as decimal(18, 10)) as double) = number
        then cast(cast(number as decimal(18, 10)) as decimal(38, 20))
    else try_cast(written as decimal(38, 20))
end;
create macro wide(narrow, written) as
    coalesce(cast(narrow as decimal(38, 20)), try_cast(written as decimal(38, 20)));
create macro decimal_of_text(written) as case
    when contains(written, '_') then null
    when contains(written, 'e') or contains(written, 'E') then case
        when strlen(written) <= 16 then decimal_of_double(try_cast(written as double), written)
        else try_cast(written as decimal(38, 20))
    end
    when strlen(written) - strpos(written, '.') <= 10
        then wide(try_cast(written as decimal(18, 10)), written)
    when strlen(written) - strpos(written, '.') <= 14
        then wide(try_cast(written as decimal(18, 14)), written)
    when strlen(written) - strpos(written, '.') <= 17
        then wide(try_cast(written as decimal(18, 17)), written)
    else try_cast(written as decimal(38, 20))
end;
create macro instant_of_text(written) as case
    when written like '%Z' or (strlen(written) = 19 and not contains(written, '+'))
        then try_cast(written as timestamp)
    else coalesce(
        cast(try_cast(written as timestamptz) as timestamp),
        try_strptime(written, ['%m/%d/%Y', '%m/%d/%y', '%Y%m%d'])
    )
end;
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
