"""Files numbered from one, as AWS names the parts of a report: `may-1.csv.gz`, `may-2.csv.gz`.

Reports are delivered compressed: a plain `may-1.csv` is somebody's own name.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import duckdb

from ingestion.costs.engine import file_literal
from ingestion.errors import UnreadableFileError
from ingestion.storage import StoredFile

_NUMBERED = re.compile(
    r"(?P<stem>.+)-(?P<number>[1-9]\d{0,3})(?P<ending>\.csv\.gz|(\.csv)?\.zip|(\.snappy)?\.parquet)"
)
_LARGEST_SHARE = 0.5
_CHARGE = (
    "charge_period_start, sub_account_id, resource_id, x_usage_type, x_operation, x_charge_type, "
    "charge_description, sku_price_id, commitment_discount_id"
)


def numbered_parts(files: Iterable[StoredFile]) -> list[tuple[StoredFile, ...]]:
    """Return the files of one name that are numbered from one to how many there are, as groups."""
    groups: dict[tuple[str, str], dict[int, StoredFile]] = defaultdict(dict)
    for found in files:
        match = _NUMBERED.fullmatch(found.path)
        if match:
            groups[match["stem"], match["ending"]][int(match["number"])] = found
    return [
        tuple(group[number] for number in sorted(group))
        for group in groups.values()
        if len(group) > 1 and set(group) == set(range(1, len(group) + 1))
    ]


def check_parts(con: duckdb.DuckDBPyConnection, name: str, path: Path) -> None:
    """Refuse files that hold each other's charges: deliveries one after the other.

    Args:
        con: Connection that staged them.
        name: What messages call them.
        path: Their lines.

    Raises:
        UnreadableFileError: They are no parts.
    """
    row = con.execute(f"""
        with charges as (
            select {_CHARGE}, count(*) as line_count, count(distinct x_source_file) as file_count
            from read_parquet({file_literal(path)}, hive_partitioning = false)
            where x_source_cost <> 0
            group by all
        )
        select coalesce(sum(line_count) filter (file_count > 1), 0), coalesce(sum(line_count), 0)
        from charges
    """).fetchone()
    repeated, total = row or (0, 0)
    if total and repeated > _LARGEST_SHARE * total:
        raise UnreadableFileError(
            f"{name} and the files numbered or packed with it hold the same charges, so they are "
            "no parts of one delivery: give each a file of its own, named by its day; nothing of "
            "them was taken"
        )
