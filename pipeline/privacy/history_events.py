"""What the orchestrator says of runs and partitions beside the runs' own events."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, select, update

from pipeline.privacy.partition_keys import PartitionKeys

if TYPE_CHECKING:
    from dagster import DagsterInstance

_AT_ONCE = 500


def remove_events(instance: "DagsterInstance", keys: PartitionKeys, run_ids: list[str]) -> None:
    """Take out the events, checks and tags of runs and partitions, and what assets remember."""
    storage: Any = instance.event_log_storage
    with storage.index_connection() as connection:
        _of_runs(connection, run_ids)
        _of_partitions(connection, keys)
        _last_materializations(connection, keys, frozenset(run_ids))


def _of_runs(connection: Connection, run_ids: list[str]) -> None:
    from dagster._core.storage.event_log import schema

    for table in (
        schema.AssetCheckExecutionsTable,
        schema.ConcurrencySlotsTable,
        schema.PendingStepsTable,
    ):
        for chunk in _chunks(run_ids):
            connection.execute(delete(table).where(table.c.run_id.in_(chunk)))


def _of_partitions(connection: Connection, keys: PartitionKeys) -> None:
    from dagster._core.storage.event_log import schema

    for column in (
        schema.SqlEventLogStorageTable.c.partition,
        schema.AssetCheckExecutionsTable.c.partition,
        schema.AssetEventTagsTable.c.value,
    ):
        named = connection.execute(select(column).distinct()).scalars()
        for chunk in _chunks([value for value in named if keys.has(value)]):
            connection.execute(delete(column.table).where(column.in_(chunk)))


def _last_materializations(
    connection: Connection, keys: PartitionKeys, run_ids: frozenset[str]
) -> None:
    from dagster._core.storage.event_log import schema

    assets = schema.AssetKeyTable
    forgotten = {"last_materialization": None, "last_run_id": None, "cached_status_data": None}
    for row in connection.execute(select(assets)).mappings().all():
        texts = (row["last_materialization"], row["cached_status_data"])
        if row["last_run_id"] in run_ids or any(keys.within(text) for text in texts):
            own = assets.c.id == row["id"]
            connection.execute(update(assets).where(own).values(**forgotten))


def _chunks(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))
