"""The DuckDB connection that reads exports: limits, lookup tables and the macros mappings use."""

import glob
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
# Narrow decimals by way of a double are compared with the wide one, so that none loses a digit
# either. A product that overflows is an error, unlike a cast: small ones are multiplied narrowly,
# and `try` makes too large ones unknown. A list is searched per value, where `in` would become a
# join of its own per column. A cast takes `05/01/26` for a day of the year 5: only what starts with
# a year of four digits is cast to a time.
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
    when strpos(written, '-') = 5 and (
        strlen(written) = 10
        or written like '%Z'
        or (strlen(written) = 19 and not contains(written, '+'))
    ) then try_cast(written as timestamp)
    when written like '__/__/____' then try_strptime(written, '%m/%d/%Y')
    when strpos(written, '-') = 5 or regexp_full_match(written, '\\s*[0-9]{4}[-/].*')
        then cast(try_cast(written as timestamptz) as timestamp)
    when regexp_full_match(written, '\\s*[0-9].*') then try_strptime(
        written, ['%m/%d/%y', '%m/%d/%Y', '%m/%d/%Y %H:%M:%S', '%Y%m%d'])
end;
create macro plausible(moment) as
    if(moment between timestamp '1900-01-01' and timestamp '9999-12-31 23:59:59', moment, null);
create macro currency_code(written) as case
    when regexp_full_match(written, '\\s*[A-Za-z]{3}\\s*')
        then upper(if(strlen(written) = 3, written, trim(written)))
end;
create macro currency_problem(code, problems) as
    if(code is null and coalesce(problems, '') not like '% is no currency code%',
        'the line names no currency', null);
create macro aws_resource_id(id) as
    if(id like 'arn:aws%:ec2:%', regexp_extract(id, '[^/:]+$'), id);
create macro azure_resource_id(id) as case
    when id not like '%/%' or (id like '/%' and id not like '//%' and id not like '%/')
        then lower(id)
    else '/' || trim(lower(id), '/')
end;
create macro azure_subscription_id(id) as
    if(starts_with(lower(id), '/subscriptions/'), split_part(lower(id), '/', 3), lower(id));
create macro azure_provider_path(id) as string_split(split_part(lower(id), '/providers/', 2), '/');
create macro azure_arm_type(id, provider_path) as case
    when len(provider_path) > 2 and provider_path[1] <> '' and provider_path[2] <> ''
        then provider_path[1] || '/' || provider_path[2]
    when lower(id) like '%/providers/%'
        then nullif(regexp_extract(lower(id), '/providers/([^/]+/[^/]+)/', 1), '')
end;
create macro azure_known(value) as
    if(list_contains([
        'unassigned', 'not applicable', 'others', '-2', '00000000-0000-0000-0000-000000000000'
    ], lower(value)), null, value);
create macro price_of(amount) as if(
    cast(try_cast(cast(amount as double) as decimal(18, 8)) as decimal(38, 20)) = amount,
    try_cast(cast(amount as double) as decimal(18, 8)),
    try_cast(amount as decimal(18, 8))
);
create macro quantity_of(amount) as if(
    cast(try_cast(cast(amount as double) as decimal(20, 12)) as decimal(38, 20)) = amount,
    try_cast(cast(amount as double) as decimal(20, 12)),
    try_cast(amount as decimal(20, 12))
);
create macro price_times_rate(price, rate) as case
    when rate is null then price_of(price)
    when price between -50 and 50 and rate between -1.9 and 1.9
        then cast(price_of(price) * price_of(rate) as decimal(18, 8))
    else try_cast(cast(price_of(price) as decimal(20, 8)) * price_of(rate) as decimal(18, 8))
end;
create macro price_times_quantity(price, rate, quantity) as
    try(quantity_of(quantity) * price_times_rate(price, rate));
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


def file_literal(path: Path) -> str:
    """Return one local file as an SQL literal: its own `[*?` are no pattern."""
    return quoted(glob.escape(str(path)))


def quoted(value: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"
