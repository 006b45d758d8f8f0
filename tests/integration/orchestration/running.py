"""Runs jobs in process, as the daemon starts them."""

import dagster as dg


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
