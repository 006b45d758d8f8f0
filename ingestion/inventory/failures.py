"""Says in the lake that a connection could not be scanned: nothing else would tell its readers."""

from collections.abc import Sequence
from datetime import datetime

from ingestion.inventory.report import ScopeOutcome
from ingestion.inventory.snapshots import Snapshot
from ingestion.model import EVERYWHERE, Answer, ResourceType, ScopeStatus


def land_failure(
    snapshot: Snapshot, resource_types: Sequence[ResourceType], error: Exception, now: datetime
) -> None:
    """Land one failed scope per resource type, of all sub accounts and regions.

    A scan that failed after it landed has told what it knows.

    Args:
        snapshot: Partition of the connection and day, of a scan that read nothing.
        resource_types: What the scan would have read.
        error: Why it did not; its text says what happened and, after a semicolon, what to do.
        now: When it failed.
    """
    if snapshot.has_landed:
        return
    message, _, action = str(error).partition("; ")
    for kind in resource_types:
        answer = Answer(
            EVERYWHERE,
            EVERYWHERE,
            kind.name,
            ScopeStatus.FAILED,
            error_code=type(error).__name__,
            message=message,
            action=action,
        )
        snapshot.scopes.append(ScopeOutcome.of(answer, 0, now))
    with snapshot.lake.staging() as spool:
        snapshot.land_scopes(spool)
