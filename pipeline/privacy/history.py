"""What the orchestrator remembers of a subject: runs, their events and logs, ticks, cursors.

A run is a partner's or a tenant's by its partition's key: `partner`, `partner.tenant`, or
`partner.tenant` with a month. Runs of a whole partner go with each of its tenants, because what
they say names the tenants. Those of no partition, such as work on requests, go once they are over
and named the partner. Dagster is imported only where it is used here: it takes a second.
"""

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from control.privacy_records import Subject
from pipeline.privacy.found import Found
from pipeline.privacy.history_events import remove_events
from pipeline.privacy.partition_keys import PartitionKeys
from pipeline.settings import Settings

if TYPE_CHECKING:
    from dagster import DagsterInstance, DagsterRun

_AT_ONCE = 500


def orchestrator_home(settings: Settings) -> Path:
    """Return the folder of the orchestrator's instance, which may not exist."""
    return Path(os.environ.get("DAGSTER_HOME") or settings.home / "dagster").resolve()


def history_traces(settings: Settings, subject: Subject, address: str = "") -> list[Found]:
    """Return the runs that go, with everything that the orchestrator says of them.

    Args:
        settings: Where it lies.
        subject: Who goes.
        address: Of a member; older ticks may name it.
    """
    home = orchestrator_home(settings)
    if not (home / "dagster.yaml").exists():
        return []
    keys = PartitionKeys(subject, address)
    with _opened(home) as instance:
        count = len(_runs(instance, keys))

    def remove() -> None:
        with _opened(home) as instance:
            _remove(instance, keys)
        compact(home)

    return [Found("runs of the orchestrator", count, remove)]


def compact(home: Path) -> None:
    """Leave no byte of deleted rows in the orchestrator's SQLite files."""
    for path in sorted(home.rglob("*.db")):
        with closing(sqlite3.connect(path, timeout=60)) as connection:
            connection.execute("vacuum")
            connection.execute("pragma wal_checkpoint(truncate)")


@contextmanager
def _opened(home: Path) -> Iterator["DagsterInstance"]:
    from dagster import DagsterInstance

    with DagsterInstance.from_config(str(home)) as instance:
        yield instance


def _runs(instance: "DagsterInstance", keys: PartitionKeys) -> list[str]:
    return [run.run_id for run in instance.get_runs() if _is_of(instance, run, keys)]


def _is_of(instance: "DagsterInstance", run: "DagsterRun", keys: PartitionKeys) -> bool:
    cut = ("dagster/partition", "dagster/asset_partition_range")
    partitions = [value for tag, value in run.tags.items() if tag.startswith(cut)]
    if partitions:
        return any(map(keys.has, partitions))
    return run.is_finished and any(map(keys.named_in, _said(instance, run.run_id)))


def _said(instance: "DagsterInstance", run_id: str) -> Iterator[str]:
    """Yield what a run said: its events, and what its process wrote."""
    yield from (str(entry) for entry in instance.all_logs(run_id))
    for path in (Path(instance.storage_directory()) / run_id).rglob("*"):
        if path.is_file():
            yield path.read_text(encoding="utf-8", errors="replace")


def _remove(instance: "DagsterInstance", keys: PartitionKeys) -> None:
    run_ids = _runs(instance, keys)
    for run_id in run_ids:
        instance.delete_run(run_id)
        _remove_files(instance, run_id)
    for name in ("tenants", "partners"):
        for key in instance.get_dynamic_partitions(name):
            if keys.has_own(key):
                instance.delete_dynamic_partition(name, key)
    remove_events(instance, keys, run_ids)
    _remove_backfills(instance, keys)
    _remove_ticks(instance, keys)
    _clean_cursors(instance, keys)


def _remove_files(instance: "DagsterInstance", run_id: str) -> None:
    home = Path(instance.root_directory)
    shutil.rmtree(Path(instance.storage_directory()) / run_id, ignore_errors=True)
    for path in home.rglob(f"{run_id}.db*"):
        path.unlink(missing_ok=True)


def _remove_backfills(instance: "DagsterInstance", keys: PartitionKeys) -> None:
    from dagster._core.storage.runs import schema

    actions, tags = schema.BulkActionsTable, schema.BackfillTagsTable
    storage: Any = instance.run_storage
    with storage.connect() as connection:
        for row in connection.execute(select(actions.c.key, actions.c.body)).all():
            if keys.within(row.body):
                connection.execute(delete(tags).where(tags.c.backfill_id == row.key))
                connection.execute(delete(actions).where(actions.c.key == row.key))


def _remove_ticks(instance: "DagsterInstance", keys: PartitionKeys) -> None:
    from dagster._core.storage.schedules import schema

    ticks = schema.JobTickTable
    storage: Any = instance.schedule_storage
    with storage.connect() as connection:
        stale = [
            row.id
            for row in connection.execute(select(ticks.c.id, ticks.c.tick_body))
            if keys.within(row.tick_body)
        ]
        for start in range(0, len(stale), _AT_ONCE):
            chunk = stale[start : start + _AT_ONCE]
            connection.execute(delete(ticks).where(ticks.c.id.in_(chunk)))


def _clean_cursors(instance: "DagsterInstance", keys: PartitionKeys) -> None:
    """Take the keys out of what sensors remember; they begin anew where nothing is left."""
    for state in instance.all_instigator_state():
        data: Any = state.instigator_data
        cursor, run_key = getattr(data, "cursor", None), getattr(data, "last_run_key", None)
        if keys.within(cursor) or keys.within(run_key):
            cleaned = data._replace(cursor=_cleaned(cursor or "", keys), last_run_key=None)
            instance.update_instigator_state(state.with_data(cleaned))


def _cleaned(cursor: str, keys: PartitionKeys) -> str:
    try:
        return json.dumps(_pruned(json.loads(cursor), keys))
    except ValueError:
        return "" if keys.within(cursor) else cursor


def _pruned(value: Any, keys: PartitionKeys) -> Any:
    if isinstance(value, dict):
        return {k: _pruned(v, keys) for k, v in value.items() if not keys.within(k)}
    if isinstance(value, list):
        return [_pruned(each, keys) for each in value]
    return "" if isinstance(value, str) and keys.within(value) else value
