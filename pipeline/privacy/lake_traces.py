"""What the lake holds of a subject: whole prefixes, and rows inside files that others share."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from control.mentions import ERASED, Mentions
from control.privacy_records import Subject, SubjectKind
from ingestion.storage import Storage
from pipeline.observations import TABLE as OBSERVATIONS
from pipeline.privacy.found import Found, found_folder

_NAMING = ("scan_scopes", "rule_exemptions")
"""Tables that say who asked for a scan, or made an exemption."""
_FILES = "lake files"
_CHANGED = "lake files, changed"


def lake_traces(
    lake: Storage, subject: Subject, *, address: str = "", finding_ids: frozenset[str] = frozenset()
) -> list[Found]:
    """Return what is to go from the lake.

    Args:
        lake: The lake.
        subject: Whose data.
        address: Address of a member.
        finding_ids: Findings of a connection.

    Raises:
        SourceError: The lake cannot be read.
    """
    partner = f"partner_id={subject.partner_id}"
    if subject.kind is SubjectKind.MEMBER:
        return [address_traces(lake, subject.partner_id, address)]
    if subject.kind is SubjectKind.PARTNER:
        prefixes = [partner]
    elif subject.kind is SubjectKind.TENANT:
        prefixes = [f"{partner}/tenant_id={subject.tenant_id}"]
    else:
        prefixes = connection_prefixes(lake, subject)
    found = [_prefixes(lake, prefixes)]
    if subject.kind is SubjectKind.CONNECTION:
        found.append(without_findings(lake, subject, finding_ids))
    if lake.is_local:
        found.append(found_folder("unfinished files", _staging(lake, subject)))
    return found


def connection_prefixes(lake: Storage, subject: Subject) -> list[str]:
    """Return a connection's prefix in each table of its tenant."""
    tenant = f"partner_id={subject.partner_id}/tenant_id={subject.tenant_id}"
    own = f"connection_id={subject.subject_id}"
    found = (file.path.split("/") for file in lake.list_files(tenant))
    return sorted({"/".join(p[:4]) for p in found if len(p) > 4 and p[3] == own})


def rewritten(
    lake: Storage, prefix: str, change: Callable[[pa.Table], pa.Table]
) -> Iterator[tuple[str, pa.Table]]:
    """Yield the files below a prefix that a change makes different, with what they become."""
    for found in lake.list_files(prefix):
        content = lake.read(found.path) if found.path.endswith(".parquet") else None
        if content is not None:
            table = pq.ParquetFile(pa.BufferReader(content)).read()
            changed = change(table)
            if not changed.equals(table):
                yield found.path, changed


def write_table(lake: Storage, path: str, table: pa.Table) -> None:
    """Replace one file of the lake."""
    base = lake.local_path(".staging") if lake.is_local else None
    if base is not None:
        base.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="erasure.", dir=base) as folder:
        written = Path(folder) / "data.parquet"
        pq.write_table(table, written)
        lake.commit(written, path)


def _prefixes(lake: Storage, prefixes: list[str]) -> Found:
    count = sum(1 for prefix in prefixes for _ in lake.list_files(prefix))

    def remove() -> None:
        for prefix in prefixes:
            lake.delete_prefix(prefix)

    return Found(_FILES, count, remove)


def _staging(lake: Storage, subject: Subject) -> Path:
    folder = lake.local_path(".staging") / subject.partner_id
    return folder / subject.tenant_id if subject.tenant_id else folder


def without_findings(lake: Storage, subject: Subject, finding_ids: frozenset[str]) -> Found:
    """Return what was observed of some findings of a tenant."""
    prefix = f"partner_id={subject.partner_id}/tenant_id={subject.tenant_id}/{OBSERVATIONS}"

    def change(table: pa.Table) -> pa.Table:
        gone = pa.array(sorted(finding_ids), pa.string())
        return table.filter(pc.invert(pc.is_in(table["finding_id"], value_set=gone)))

    return _rewriting(lake, [prefix], change)


def address_traces(lake: Storage, partner_id: str, address: str, by: str = ERASED) -> Found:
    """Return the files of a partner that say an address; "removing" puts something else there.

    Args:
        lake: The lake.
        partner_id: Whose files.
        address: What is replaced, as a whole word.
        by: What comes instead; nobody unless given.
    """
    partner, mentions = f"partner_id={partner_id}", Mentions([address])
    tenants = {found.path.split("/")[1] for found in lake.list_files(partner)}

    def change(table: pa.Table) -> pa.Table:
        for place, field in enumerate(table.schema):
            if pa.types.is_string(field.type):
                texts = [t and mentions.replaced(t, by) for t in table.column(place).to_pylist()]
                table = table.set_column(place, field, pa.array(texts, field.type))
        return table

    prefixes = [f"{partner}/{tenant}/{table}" for tenant in sorted(tenants) for table in _NAMING]
    return _rewriting(lake, prefixes, change)


def _rewriting(lake: Storage, prefixes: list[str], change: Callable[[pa.Table], pa.Table]) -> Found:
    def changed() -> Iterator[tuple[str, pa.Table]]:
        for prefix in prefixes:
            yield from rewritten(lake, prefix, change)

    def remove() -> None:
        for path, table in list(changed()):
            write_table(lake, path, table)

    return Found(_CHANGED, sum(1 for _ in changed()), remove)


def json_texts(value: str | None) -> list[str]:
    """Return the texts of a JSON list, or none."""
    try:
        found = json.loads(value or "[]")
    except ValueError:
        return []
    return [str(each) for each in found] if isinstance(found, list) else []
