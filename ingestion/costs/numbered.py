"""Files without a manifest that are parts of one delivery by their numbers."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb

from ingestion.costs.engine import file_literal
from ingestion.errors import UnreadableFileError
from ingestion.storage import StoredFile

_NUMBERED = re.compile(
    r"(?P<stem>.+)-(?P<number>[1-9]\d{0,3})(?P<ending>\.csv\.gz|(\.csv)?\.zip|(\.snappy)?\.parquet)"
)
_PART = re.compile(
    r"([-_.]?part[-_]?(?P<part>\d+)(?P<rest>[-_].*)?|[-_](?P<number>\d{5}))$", re.IGNORECASE
)
_EXTENSIONS = re.compile(r"(\.(csv|txt|gz|snappy|zstd|parquet|zip))+$", re.IGNORECASE)
_LARGEST_SHARE = 0.5
_CHARGE = (
    "charge_period_start, sub_account_id, resource_id, x_usage_type, x_operation, x_charge_type, "
    "charge_description, sku_price_id, commitment_discount_id"
)


def joined_parts(files: Iterable[StoredFile]) -> Iterator[tuple[StoredFile, ...]]:
    """Group files: the numbered parts of one file together, each other file alone.

    Parts may differ in how they are packed, and in what follows their number. Where a number stands
    twice, files of different ends are different deliveries.
    """
    loose = list(files)
    numbered = _numbered_from_one(loose)
    yield from numbered
    together = {found.path for group in numbered for found in group}
    groups: dict[str, list[tuple[StoredFile, str, str]]] = defaultdict(list)
    for found in loose:
        if found.path in together:
            continue
        extensions = _EXTENSIONS.search(found.name)
        tail = extensions.group() if extensions else ""
        stem = found.name.removesuffix(tail)
        part = _PART.search(stem)
        if not part:
            yield (found,)
            continue
        number = part["part"] or part["number"]
        end = f"{part['rest'] or ''}{tail}"
        groups[f"{found.folder}/{_PART.sub('', stem)}"].append((found, number, end))
    for group in groups.values():
        is_one = len({number for _, number, _ in group}) == len(group)
        deliveries: dict[str, list[StoredFile]] = defaultdict(list)
        for found, _, end in group:
            deliveries["" if is_one else end].append(found)
        yield from map(tuple, deliveries.values())


def _numbered_from_one(files: Iterable[StoredFile]) -> list[tuple[StoredFile, ...]]:
    """Return groups of files of one name that are numbered from one to how many there are.

    AWS names the parts of a report so: `may-1.csv.gz`, `may-2.csv.gz`. Reports are delivered
    compressed: a plain `may-1.csv` is somebody's own name.
    """
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
