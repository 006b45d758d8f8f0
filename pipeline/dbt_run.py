"""Runs dbt in this process for one partner's warehouse, and leaves nothing open behind.

dbt keeps global state, so one run goes at a time, in whatever threads callers are.
"""

import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pipeline.dbt_parse import QUIETLY, parsed_project
from pipeline.lake_access import lake_pattern
from pipeline.warehouse import Warehouse

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult
    from dbt.contracts.graph.manifest import Manifest

_ONE_AT_A_TIME = threading.Lock()


def run_dbt(
    warehouse: Warehouse, command: list[str], say: Callable[[str], None]
) -> "dbtRunnerResult":
    """Run one dbt command on a partner's warehouse, telling of each node as it starts.

    Args:
        warehouse: The warehouse; its file may be absent.
        command: Command and its own options, such as `["build", "--select", "marts"]`.
        say: Told `<node> <n> of <total>` when a node starts.

    Returns:
        dbt's own result; a failed run is a result, too.
    """
    with _ONE_AT_A_TIME:
        parsed = parsed_project()
        if not parsed.success:
            return parsed
        manifest: Any = parsed.result
        try:
            with _environment(_variables(warehouse)):
                return _invoke(warehouse, command, say, manifest.deepcopy())
        finally:
            _close_connections()


def _invoke(
    warehouse: Warehouse, command: list[str], say: Callable[[str], None], manifest: "Manifest"
) -> "dbtRunnerResult":
    from dbt.cli.main import dbtRunner  # takes seconds, which only a run is worth

    folder = warehouse.path.parent
    variables = {
        "lake": lake_pattern(warehouse.lake),
        "partner_id": warehouse.partner_id,
        "left_out_tenants": sorted(warehouse.left_out),
    }
    options = {
        "--target-path": str(folder / "dbt"),
        "--log-path": str(folder / "dbt"),
        "--vars": json.dumps(variables),
    }
    arguments = [*command, *QUIETLY, *(part for pair in options.items() for part in pair)]
    return dbtRunner(manifest=manifest, callbacks=[_progress(say)]).invoke(arguments)


def _variables(warehouse: Warehouse) -> dict[str, str]:
    """What `profiles.yml` reads."""
    return {
        "WAREHOUSE_PATH": str(warehouse.path),
        "WAREHOUSE_TEMP": str(warehouse.temp),
        "WAREHOUSE_LAKE": warehouse.lake,
        "WAREHOUSE_MEMORY": warehouse.memory,
        "WAREHOUSE_THREADS": str(warehouse.threads),
        "DBT_ENV_SECRET_WAREHOUSE_KEY": warehouse.key,
    }


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _progress(say: Callable[[str], None]) -> Callable[[Any], None]:
    def tell(event: Any) -> None:
        if event.info.name == "LogStartLine":
            name = event.data.node_info.node_name
            say(f"{name} {event.data.index} of {event.data.total}")

    return tell


def _close_connections() -> None:
    """Close the DuckDB instance that dbt-duckdb keeps for its next run in this process.

    It holds the warehouse's lock: the next partner's run, or publishing, could not open a file.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    try:
        environment = DuckDBConnectionManager.env()
    except Exception:
        return
    environment.close()  # type: ignore[no-untyped-call]
    DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
