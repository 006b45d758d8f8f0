"""What belongs to a connection although nothing says so: its findings, and where it comes from.

Findings name a resource, not a connection, so the connection's own landed tables tell which
resources are its alone. Sources are told by the loads that came from them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from control.mentions import Mentions
from control.privacy_records import Subject
from ingestion.storage import Storage
from pipeline.observations import TABLE as OBSERVATIONS
from pipeline.privacy.lake_traces import json_texts


@dataclass(frozen=True)
class ConnectionTraces:
    """Findings and sources of one connection, and of no other of its tenant."""

    finding_ids: frozenset[str]
    source_uris: frozenset[str]


def connection_traces(
    lake: Storage, subject: Subject, sources: list[str], names: list[str]
) -> ConnectionTraces:
    """Return what is a connection's alone.

    Args:
        lake: The lake, before anything of the connection is gone.
        subject: The connection.
        sources: The tenant's registered sources.
        names: What the connection is called: ids of resources may hold its account.

    Raises:
        SourceError: The lake cannot be read.
    """
    tenant = f"partner_id={subject.partner_id}/tenant_id={subject.tenant_id}"
    own = f"/connection_id={subject.subject_id}/"
    ours: set[str] = set()
    theirs: set[str] = set()
    our_uris: set[str] = set()
    their_uris: set[str] = set()
    for path, content in _files(lake, tenant):
        is_ours = own in path
        (ours if is_ours else theirs).update(_values(content, "resource_id", lower=True))
        if "/loads/" in path:
            (our_uris if is_ours else their_uris).update(_values(content, "source_uri"))
    observations = list(_observations(lake, tenant))
    alone, mentions = ours - theirs, Mentions(names)
    found = {
        row["finding_id"]
        for row in observations
        if mentions.within(row["resource_id"])
        or alone.intersection(
            text.lower() for text in (row["resource_id"], *json_texts(row["claimed_resource_ids"]))
        )
    }
    return ConnectionTraces(
        frozenset(found),
        frozenset(
            source
            for source in sources
            if any(_lies_in(uri, source) for uri in our_uris)
            and not any(_lies_in(uri, source) for uri in their_uris)
        ),
    )


def _files(lake: Storage, tenant: str) -> Iterator[tuple[str, pq.ParquetFile]]:
    for found in lake.list_files(tenant):
        if "/connection_id=" in found.path and found.path.endswith(".parquet"):
            content = lake.read(found.path)
            if content is not None:
                yield found.path, pq.ParquetFile(pa.BufferReader(content))


def _observations(lake: Storage, tenant: str) -> Iterator[dict[str, str]]:
    columns = ["finding_id", "resource_id", "claimed_resource_ids"]
    for found in lake.list_files(f"{tenant}/{OBSERVATIONS}"):
        content = lake.read(found.path)
        if content is not None:
            yield from pq.ParquetFile(pa.BufferReader(content)).read(columns).to_pylist()


def _values(content: pq.ParquetFile, column: str, *, lower: bool = False) -> set[str]:
    if column not in content.schema_arrow.names:
        return set()
    found = content.read([column]).column(column).unique().to_pylist()
    return {value.lower() if lower else value for value in found if value}


def _lies_in(uri: str, source: str) -> bool:
    return uri == source or uri.startswith(f"{source.rstrip('/')}/")
