"""Runs jobs in process, as the daemon starts them."""

import functools
import shutil
import tempfile
from pathlib import Path

import dagster as dg

import orchestration
from orchestration.definitions import build_definitions
from orchestration.resources.manifest import load_manifest
from pipeline.settings import Settings


def code_location(settings: Settings) -> dg.Definitions:
    """Return the code location of an installation, whose dbt project is parsed once for all."""
    kept = settings.home.resolve() / "dagster" / "dbt"
    shutil.copytree(_parsed(), kept, dirs_exist_ok=True)
    return build_definitions(settings)


@functools.cache
def _parsed() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="manifest-"))
    load_manifest(folder)
    return folder


def opened_instance(settings: Settings) -> dg.DagsterInstance:
    """Return an instance on disk, as `python -m orchestration` makes it."""
    home = settings.home / "dagster"
    home.mkdir(parents=True, exist_ok=True)
    shutil.copy(Path(orchestration.__file__).parent / "dagster.yaml", home)
    return dg.DagsterInstance.from_config(str(home))


def executed(
    job: dg.JobDefinition,
    instance: dg.DagsterInstance,
    key: str | None,
    *,
    raise_on_error: bool = False,
) -> dg.ExecuteInProcessResult:
    """Run a job for a partition; one of checks alone takes it as a tag, not as a key."""
    makes_nothing = key is not None and not job.asset_layer.executable_asset_keys
    return job.execute_in_process(
        partition_key=None if makes_nothing else key,
        tags={"dagster/partition": key} if key and makes_nothing else None,
        instance=instance,
        raise_on_error=raise_on_error,
    )
