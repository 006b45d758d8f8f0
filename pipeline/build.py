"""Builds one partner's warehouse from the lake with dbt, and tests it.

A build does what changed since the last complete one; after a kill, the same call finishes it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from pipeline.settings import Settings
from pipeline.warehouse import (
    Warehouse,
)

WAREHOUSE_SCHEMA = "marts"

_FAILED = {"error", "fail", "runtime error"}
_SHOWN = 3
_ATTEMPTS = 3


class BuildError(Exception):
    """The warehouse could not be built; the message says what failed and what to do."""


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
        BuildError: A model or test failed, or the file cannot be opened.
        InvalidNameError: The partner's name cannot be a path segment.
        KeyUnreadableError: The partner's key is damaged.
    """
    warehouse = Warehouse.of(settings, partner_id)
    lock = FileLock(warehouse.path.with_name("build.lock"), timeout=0, thread_local=False)
    if not lock_is_free(lock):
        say(f"waiting for another build of {partner_id}")
    with lock.acquire(timeout=-1):
        if full_refresh:
            warehouse.remove()
        return _build(warehouse, say)
