"""What has landed of one connection, and its removal."""

from dataclasses import dataclass

from ingestion.lake import TenantLake


@dataclass(frozen=True, slots=True)
class RemovedData:
    """What was removed from the lake."""

    file_count: int
    byte_count: int


def remove_connection_data(lake: TenantLake, connection_id: str) -> RemovedData:
    """Remove every partition of a connection; those of others stay.

    Raises:
        SourceError: The lake cannot be listed.
    """
    wanted = f"connection_id={connection_id}"
    prefix = f"partner_id={lake.partner_id}/tenant_id={lake.tenant_id}"
    count = size = 0
    for file in list(lake.storage.list_files(prefix)):
        if wanted in file.path.split("/"):
            lake.storage.delete(file.path)
            count += 1
            size += file.size
    return RemovedData(count, size)
