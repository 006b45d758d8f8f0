"""Builds one partner's warehouse from the lake with dbt, and tests it.

A build does what changed since the last complete one; after a kill, the same call finishes it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from ingestion.costs.ledger import is_settled
from ingestion.names import checked_name
from pipeline.dbt_parse import project_digest
from pipeline.dbt_run import run_dbt
from pipeline.errors import BuildError
from pipeline.landings import require_whole_landings
from pipeline.marts_record import recorded_build
from pipeline.observations import land_observations
from pipeline.processing import processing, restricted_tenants
from pipeline.rule_settings import land_rule_settings
from pipeline.settings import Settings
from pipeline.warehouse import (
    Partition,
    Warehouse,
    built_versions,
    is_built_by,
    is_complete,
    record_partitions,
    record_start,
    record_success,
    verified_scans,
    verified_versions,
)

WAREHOUSE_SCHEMA = "marts"

_OF_SCANS = ("--select", "tag:findings")
"""What a new scan, or a changed threshold, asks for: the cost marts stay as they are."""
_OF_BILLS = ("--select", "tag:bills+", "source:lake.finding_observations+")
"""What a new delivery asks for, with what the last build found: what scans and thresholds alone
decide stays as it is."""

_PASSES = 3
_FAILED = frozenset({"error", "fail", "runtime error"})
_SHOWN = frozenset({"model", "test"})
_SHOWN_FAILURES = 3


@dataclass(frozen=True, slots=True)
class NodeResult:
    """What became of one model or test.

    Attributes:
        unique_id: dbt's name of it, such as `model.cloudprune.fct_cost_daily`.
        resource_type: `model` or `test`.
        name: Its name in the project.
        status: dbt's status: success, pass, warn, error, fail or skipped.
        elapsed_s: Seconds it took.
        row_count: Rows of a mart after the build; None for everything else.
        message: dbt's message, or empty.
    """

    unique_id: str
    resource_type: str
    name: str
    status: str
    elapsed_s: float
    row_count: int | None
    message: str


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did.

    Attributes:
        warehouse: The partner's file.
        nodes: Every model and test that ran; empty when nothing had changed.
        changed_partitions: Partitions that are new, have another version or vanished.
    """

    warehouse: Path
    nodes: tuple[NodeResult, ...]
    changed_partitions: int


@dataclass(frozen=True, slots=True)
class _Pass:
    """What one run of the models did, and whether they hold all that has landed by its end."""

    nodes: tuple[NodeResult, ...]
    changed: set[Partition]
    is_complete: bool


def build_warehouse(
    settings: Settings,
    partner_id: str,
    *,
    full_refresh: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> BuildReport:
    """Bring a partner's warehouse up to date with the lake and test it.

    Args:
        settings: Where everything lies.
        partner_id: Whose warehouse.
        full_refresh: Throw the warehouse away and build everything.
        say: Told what happens, a short line at a time.

    Raises:
        BuildError: A model or test failed, the landing of a bill was interrupted, or the file
            cannot be opened.
        ControlUnavailableError: The control database cannot be read.
        InvalidNameError: The partner's name cannot be a path segment.
        KeyUnreadableError: The partner's key is damaged.
        RestrictedError: The partner may not be processed; a restricted tenant is left out.
        UnknownParentError: There is no such partner; one that was erased stays so.
    """
    lock = settings.work(checked_name(partner_id, what="partner")) / "build.lock"
    # DuckDB lets one process write a file.
    with processing(settings, partner_id, lock=lock, waiting=f"builds {partner_id}", say=say):
        left_out = tuple(restricted_tenants(settings, partner_id))
        warehouse = replace(Warehouse.of(settings, partner_id), left_out=left_out)
        with recorded_build(settings, partner_id):
            if full_refresh:
                warehouse.remove()
            return _built(settings, warehouse, say)


def _built(settings: Settings, warehouse: Warehouse, say: Callable[[str], None]) -> BuildReport:
    """Build, and tell a file that cannot be used as a sentence.

    Raises:
        BuildError: It cannot, or the build failed.
    """
    try:
        land_rule_settings(settings, warehouse.partner_id)
        return _build(settings, warehouse, say)
    except duckdb.Error as error:
        partner_id = warehouse.partner_id
        raise BuildError(
            f"the warehouse of {partner_id} cannot be used ({_first_line(str(error))}); it is "
            f"disposable: cloudprune build --partner {partner_id} --full-refresh"
        ) from error


def _build(settings: Settings, warehouse: Warehouse, say: Callable[[str], None]) -> BuildReport:
    digest = f"{project_digest()} {warehouse.lake}"  # views name its files
    with warehouse.connect() as connection:
        is_other_project = not is_built_by(connection, digest)
        has_models = is_built(connection)
    if is_other_project and has_models:
        say("the models changed, or the lake moved, since the last build; building everything")
        warehouse.remove()
    nodes: dict[str, NodeResult] = {}
    changed: set[Partition] = set()
    for _ in range(_PASSES):
        require_whole_landings(settings, warehouse, say)
        done = _pass(warehouse, digest, say)
        changed |= done.changed
        nodes |= {node.unique_id: node for node in done.nodes}
        if done.is_complete:
            return BuildReport(warehouse.path, tuple(nodes.values()), len(changed))
        say("deliveries landed while it was built; building them, too")
    raise BuildError(
        f"deliveries of {warehouse.partner_id} kept landing while it was built, {_PASSES} times "
        "over. What is served stays as it was; build again when they have landed"
    )


def _pass(warehouse: Warehouse, digest: str, say: Callable[[str], None]) -> _Pass:
    """Run the models once; what landed meanwhile may be of two versions, and needs another pass."""
    with warehouse.connect() as connection:
        changed = changed_partitions(warehouse, connection)
        scans = warehouse.scans_version(connection)
        has_new_scans = scans != verified_scans(connection)
        is_whole_before = is_complete(connection) and is_built_by(connection, digest)
        if is_whole_before and not changed and not has_new_scans:
            return _Pass((), set(), is_complete=True)
        record_start(connection, digest)
        before = warehouse.landed_versions(connection)
    say(f"{len(changed)} billing periods changed")
    if has_new_scans:
        say("scans or settings of rules changed")
    selection: tuple[str, ...] = ()
    if is_whole_before and not (changed and has_new_scans):
        selection = _OF_BILLS if changed else _OF_SCANS
    try:
        results = _run(warehouse, selection, say)
    except BuildError:
        with warehouse.connect() as connection:
            if warehouse.landed_versions(connection) == before:
                raise
        return _Pass((), changed, is_complete=False)  # it read half of what was landing
    with warehouse.connect() as connection:
        built, landed = built_versions(connection), warehouse.landed_versions(connection)
        nodes = tuple(_nodes(results, row_counts(connection)))
        is_whole = built == landed and all(map(is_settled, built.values()))
        if is_whole:
            land_observations(warehouse, connection)
            record_success(connection, built, scans)
        else:
            held = {
                key: version
                for key, version in built.items()
                if landed.get(key) == version and is_settled(version)
            }
            record_partitions(connection, held)
    return _Pass(nodes, changed, is_complete=is_whole)


def is_built(connection: duckdb.DuckDBPyConnection) -> bool:
    """Say whether any model of any dbt project is in the file."""
    return bool(
        connection.execute(
            "select 1 from duckdb_tables() where database_name = 'warehouse' "
            "and schema_name <> 'state' limit 1"
        ).fetchone()
    )


def changed_partitions(
    warehouse: Warehouse, connection: duckdb.DuckDBPyConnection
) -> set[Partition]:
    """Return the partitions whose landed version is not the one that was built and tested."""
    landed = warehouse.landed_versions(connection)
    verified = verified_versions(connection)
    return {key for key in landed.keys() | verified if landed.get(key) != verified.get(key)}


def row_counts(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return the rows of every mart."""
    tables = connection.execute(
        "select table_name from duckdb_tables() "
        f"where database_name = 'warehouse' and schema_name = '{WAREHOUSE_SCHEMA}'"
    ).fetchall()
    counts = {}
    for (table,) in tables:
        row = connection.execute(
            f'select count(*) from warehouse.{WAREHOUSE_SCHEMA}."{table}"'
        ).fetchone()
        counts[table] = int(row[0]) if row else 0
    return counts


def _run(warehouse: Warehouse, selection: Iterable[str], say: Callable[[str], None]) -> list[Any]:
    """Run every selected model and test.

    Raises:
        BuildError: One failed.
    """
    command = ["build", "--exclude-resource-type", "unit_test", *selection]
    outcome = run_dbt(warehouse, command, say)
    if outcome.exception is not None:
        raise BuildError(
            f"dbt could not run for {warehouse.partner_id}: {_first_line(str(outcome.exception))}"
        ) from outcome.exception
    results = list(getattr(outcome.result, "results", []))
    failed = [result for result in results if str(result.status) in _FAILED]
    if failed or not outcome.success:
        raise BuildError(_failure(warehouse.partner_id, failed))
    return results


def _failure(partner_id: str, failed: list[Any]) -> str:
    shown = "; ".join(
        f"{result.node.resource_type} {result.node.name}: {_first_line(str(result.message))}"
        for result in failed[:_SHOWN_FAILURES]
    )
    more = f" and {len(failed) - _SHOWN_FAILURES} more" if len(failed) > _SHOWN_FAILURES else ""
    return (
        f"the build of {partner_id} failed and nothing of it will be published: {shown}{more}. "
        "What is served stays as it was; the same command tries again"
    )


def _nodes(results: list[Any], counts: dict[str, int]) -> Iterator[NodeResult]:
    for result in results:
        kind = str(result.node.resource_type)
        if kind in _SHOWN:
            yield NodeResult(
                unique_id=result.node.unique_id,
                resource_type=kind,
                name=result.node.name,
                status=str(result.status),
                elapsed_s=float(result.execution_time),
                row_count=counts.get(result.node.name) if kind == "model" else None,
                message=str(result.message or ""),
            )


def _first_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " ".join(lines[:2])
