"""Privacy at work: requests that wait, and what is too old. Nothing told here names a partner."""

import dagster as dg

from control.roles import Action
from orchestration.acting import INSTALLATION, as_job
from pipeline.privacy.retention import keep_retention
from pipeline.privacy.work import work_requests
from pipeline.settings import Settings


@dg.op(description="Does the archives and erasures that somebody asked for.")
def do_privacy_requests(
    context: dg.OpExecutionContext, settings: dg.ResourceParam[Settings]
) -> None:
    """Do every request that waits.

    Raises:
        Failure: Some could not be done; why is told with the requests.
    """
    with as_job(settings, INSTALLATION, "privacy_work", Action.MANAGE_PRIVACY) as worker:
        report = work_requests(settings, worker=worker, say=context.log.info)
    if report.failed:
        raise dg.Failure(
            f"{report.done} requests are done, {len(report.failed)} are not; see `cloudprune "
            f"privacy list`: {', '.join(report.failed)}",
            allow_retries=False,
        )


@dg.op(description="Deletes what is older than it may be: access log, invitations, backups.")
def delete_what_is_too_old(
    context: dg.OpExecutionContext, settings: dg.ResourceParam[Settings]
) -> None:
    """Delete what is too old, and say how much that was."""
    with as_job(settings, INSTALLATION, "retention", Action.KEEP_STORED):
        context.add_output_metadata(keep_retention(settings).counts())


@dg.job(description="Does the archives and erasures that somebody asked for.")
def privacy_work_job() -> None:
    """Do what was asked for."""
    do_privacy_requests()


@dg.job(description="Deletes what is older than it may be.")
def retention_job() -> None:
    """Delete what is too old."""
    delete_what_is_too_old()
