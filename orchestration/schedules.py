"""When things run whether or not anything was seen to arrive. Times are UTC."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import dagster as dg

from control.directory import Directory
from orchestration.jobs import (
    check_freshness_job,
    joined_accounts_job,
    land_costs_job,
    publish_marts_job,
    scan_clouds_job,
)
from orchestration.partitions import TenantKey, partners, tenants
from orchestration.privacy import retention_job
from pipeline.settings import Settings

_RUNNING = dg.DefaultScheduleStatus.RUNNING


@dg.schedule(job=land_costs_job, cron_schedule="0 4 * * *", default_status=_RUNNING)
def daily_costs(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest]:
    """Land this and the last month of every tenant: months stay open into the next one."""
    day = context.scheduled_execution_time
    for key in tenants.get_partition_keys(dynamic_partitions_store=context.instance):
        for billing_period in _open_periods(day):
            yield dg.RunRequest(
                run_key=f"{day:%Y-%m-%d}|{key}|{billing_period}",
                partition_key=TenantKey.parse(key).period(billing_period),
            )


@dg.schedule(job=scan_clouds_job, cron_schedule="0 2 * * *", default_status=_RUNNING)
def daily_scans(
    context: dg.ScheduleEvaluationContext, settings: dg.ResourceParam[Settings]
) -> Iterator[dg.RunRequest]:
    """Scan the clouds of every tenant that has given access to one; yesterday is complete then."""
    known = set(tenants.get_partition_keys(dynamic_partitions_store=context.instance))
    with Directory(settings.control) as directory:
        opened = {
            str(TenantKey(access.partner_id, access.tenant_id))
            for partner in directory.partners()
            for access in directory.accesses(partner.partner_id)
        }
    for key in sorted(opened & known):
        yield dg.RunRequest(
            run_key=f"{context.scheduled_execution_time:%Y-%m-%d}|{key}", partition_key=key
        )


@dg.schedule(job=publish_marts_job, cron_schedule="0 6 * * *", default_status=_RUNNING)
def daily_marts(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest]:
    """Publish every partner's marts at the deadline, with what has landed by then."""
    yield from _per_partner(context)


@dg.schedule(job=check_freshness_job, cron_schedule="30 */6 * * *", default_status=_RUNNING)
def freshness(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest]:
    """Look for connections that stopped delivering: nothing arrives that could tell."""
    yield from _per_partner(context)


@dg.schedule(job=joined_accounts_job, cron_schedule="30 1 * * *", default_status=_RUNNING)
def joined_accounts(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Look for accounts that joined an organization, before the day's scans."""
    return dg.RunRequest(run_key=f"{context.scheduled_execution_time:%Y-%m-%d}")


@dg.schedule(job=retention_job, cron_schedule="0 3 * * *", default_status=_RUNNING)
def retention(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Delete what is older than it may be."""
    return dg.RunRequest(run_key=f"{context.scheduled_execution_time:%Y-%m-%d}")


def _per_partner(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest]:
    for partner_id in partners.get_partition_keys(dynamic_partitions_store=context.instance):
        yield dg.RunRequest(
            run_key=f"{context.scheduled_execution_time.isoformat()}|{partner_id}",
            partition_key=partner_id,
        )


def _open_periods(day: datetime) -> tuple[str, str]:
    last_month = day.replace(day=1) - timedelta(days=1)
    return f"{last_month:%Y-%m}", f"{day:%Y-%m}"
