"""What starts runs when something happens: tenants, deliveries, requests, landed tables."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import dagster as dg

from control.directory import Directory
from control.records import Scan
from ingestion.costs.ingest import NewDelivery
from orchestration.assets.costs import COST_LINES
from orchestration.assets.inventory import SCAN_SCOPES
from orchestration.jobs import (
    connect_clouds_job,
    land_costs_job,
    publish_marts_job,
    scan_clouds_job,
)
from orchestration.partitions import TenantKey, TenantPeriod, billing_periods, partners, tenants
from orchestration.privacy import privacy_work_job
from orchestration.resources.deliveries import look_for_deliveries
from pipeline.settings import Settings

LOOK_WITHIN_S = 40.0
"""Dagster cuts a tick off after 60 seconds."""

_RUNNING = dg.DefaultSensorStatus.RUNNING
_EVENTS_PER_TICK = 1000
_UNFINISHED = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


@dg.sensor(minimum_interval_seconds=30, default_status=_RUNNING)
def directory(
    context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings]
) -> dg.SensorResult:
    """Keep the partitions equal to the partners and tenants that may be processed."""
    with Directory(settings.control) as opened:
        partner_ids = {p.partner_id for p in opened.partners() if p.restricted_at is None}
        tenant_keys = {
            str(TenantKey(partner_id, tenant.tenant_id))
            for partner_id in partner_ids
            for tenant in opened.tenants(partner_id)
            if tenant.restricted_at is None
        }
    return dg.SensorResult(
        dynamic_partitions_requests=[
            *_difference(context, partners, partner_ids),
            *_difference(context, tenants, tenant_keys),
        ]
    )


@dg.sensor(job=land_costs_job, minimum_interval_seconds=60, default_status=_RUNNING)
def new_deliveries(
    context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings]
) -> dg.SensorResult:
    """Start each month for which something was delivered, once per delivery.

    The cursor is the tenant whose turn comes first, should one tick not reach all of them.
    """
    known = sorted(tenants.get_partition_keys(dynamic_partitions_store=context.instance))
    first = context.cursor or ""
    in_turn = [key for key in known if key >= first] + [key for key in known if key < first]
    lookup = look_for_deliveries(settings, in_turn, within_s=LOOK_WITHIN_S)
    for key, problem in lookup.failed.items():
        context.log.error("deliveries of %s cannot be listed: %s", key, problem)
    return dg.SensorResult(
        run_requests=[
            request
            for key, deliveries in lookup.found.items()
            for request in _month_requests(context, TenantKey.parse(key), deliveries)
        ],
        cursor=lookup.not_asked[0] if lookup.not_asked else "",
    )


@dg.sensor(job=scan_clouds_job, minimum_interval_seconds=5, default_status=_RUNNING)
def requested_scans(
    context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings]
) -> dg.SensorResult:
    """Start each scan that somebody asked for, once; one cancelled meanwhile reads nothing."""
    known = set(tenants.get_partition_keys(dynamic_partitions_store=context.instance))
    with Directory(settings.control) as opened:
        waiting = opened.requested_scans()
    return dg.SensorResult(
        run_requests=[
            dg.RunRequest(
                run_key=scan.scan_id,
                partition_key=key,
                run_config=_scan_config(scan),
            )
            for scan in waiting
            if (key := str(TenantKey(scan.partner_id, scan.tenant_id))) in known
        ]
    )


@dg.sensor(job=connect_clouds_job, minimum_interval_seconds=5, default_status=_RUNNING)
def connection_requests(
    context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings]
) -> dg.SensorResult:
    """Start what pages asked of clouds, a run at a time; what a killed one left is begun again."""
    with Directory(settings.control) as opened:
        is_waiting = bool(
            opened.connection_requests_waiting()
            or opened.stuck_connection_requests(datetime.now(UTC))
        )
    return _one_at_a_time(context, connect_clouds_job.name, is_waiting=is_waiting)


@dg.sensor(job=privacy_work_job, minimum_interval_seconds=30, default_status=_RUNNING)
def privacy_requests(
    context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings]
) -> dg.SensorResult:
    """Start work on archives and erasures that wait, a run at a time; a killed one goes on."""
    with Directory(settings.control) as opened:
        is_waiting = bool(opened.waiting_requests()) or any(
            stone.finished_at is None for stone in opened.tombstones()
        )
    return _one_at_a_time(context, privacy_work_job.name, is_waiting=is_waiting)


@dg.sensor(job=publish_marts_job, minimum_interval_seconds=30, default_status=_RUNNING)
def landed_tables(context: dg.SensorEvaluationContext) -> dg.SensorResult:
    """Publish a partner's marts when something landed and none of its tenants still runs.

    The cursor holds the last event seen of each table and, per partner, the last landing that is
    not published yet.
    """
    seen, waiting = json.loads(context.cursor) if context.cursor else ({}, {})
    for table in (COST_LINES, SCAN_SCOPES):
        name = table.to_user_string()
        for landing in _landings(context.instance, table, after=seen.get(name, 0)):
            seen[name] = landing.storage_id
            if landing.has_landed:
                waiting[landing.partner_id] = landing.storage_id
    busy = _busy_partners(context.instance)
    known = partners.get_partition_keys(dynamic_partitions_store=context.instance)
    ready = {partner_id: waiting[partner_id] for partner_id in waiting if partner_id not in busy}
    return dg.SensorResult(
        run_requests=[
            dg.RunRequest(run_key=f"{partner_id}|{landing}", partition_key=partner_id)
            for partner_id, landing in ready.items()
            if partner_id in known
        ],
        cursor=json.dumps((seen, {p: waiting[p] for p in waiting if p not in ready})),
    )


def _one_at_a_time(
    context: dg.SensorEvaluationContext, job_name: str, *, is_waiting: bool
) -> dg.SensorResult:
    """Start a run where something waits and none is under way, as often as it takes."""
    unfinished = dg.RunsFilter(job_name=job_name, statuses=_UNFINISHED)
    is_running = bool(context.instance.get_runs(unfinished, limit=1))
    return dg.SensorResult(run_requests=[dg.RunRequest()] if is_waiting and not is_running else [])


def _difference(
    context: dg.SensorEvaluationContext,
    partitions: dg.DynamicPartitionsDefinition,
    wanted: set[str],
) -> Iterator[dg.AddDynamicPartitionsRequest | dg.DeleteDynamicPartitionsRequest]:
    present = set(partitions.get_partition_keys(dynamic_partitions_store=context.instance))
    if wanted - present:
        yield partitions.build_add_request(sorted(wanted - present))
    if present - wanted:
        yield partitions.build_delete_request(sorted(present - wanted))


def _month_requests(
    context: dg.SensorEvaluationContext, tenant: TenantKey, deliveries: Sequence[NewDelivery]
) -> Iterator[dg.RunRequest]:
    months: dict[str, list[str]] = {}
    for delivery in deliveries:
        for billing_period in delivery.billing_periods:
            months.setdefault(billing_period, []).append(delivery.delivery_key)
    for billing_period, delivery_keys in sorted(months.items()):
        if billing_periods.has_partition_key(billing_period):
            yield dg.RunRequest(
                run_key=f"{tenant}|{billing_period}|{_digest(delivery_keys)}",
                partition_key=tenant.period(billing_period),
            )
        else:
            context.log.warning(
                "%s has a delivery for %s, a month that is not run from here; land it with "
                "`cloudprune ingest`",
                tenant,
                billing_period,
            )


def _digest(delivery_keys: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(sorted(delivery_keys)).encode()).hexdigest()[:16]


def _scan_config(scan: Scan) -> dict[str, object]:
    config = {"connection_id": scan.connection_id, "scan_id": scan.scan_id}
    return {"ops": {"cloud_tables": {"config": config}}}


class _Landing(NamedTuple):
    """An event of a landed table."""

    storage_id: int
    partner_id: str
    has_landed: bool


def _landings(
    instance: dg.DagsterInstance, table: dg.AssetKey, *, after: int
) -> Iterator[_Landing]:
    records = instance.fetch_materializations(
        dg.AssetRecordsFilter(asset_key=table, after_storage_id=after),
        limit=_EVENTS_PER_TICK,
        ascending=True,
    ).records
    for record in records:
        event = record.asset_materialization
        if event and isinstance(record.partition_key, str):
            key = record.partition_key
            tenant = TenantPeriod.parse(key).tenant if "|" in key else TenantKey.parse(key)
            deliveries = event.metadata.get("deliveries_landed")
            has_landed = table == SCAN_SCOPES or bool(deliveries and deliveries.value)
            yield _Landing(record.storage_id, tenant.partner_id, has_landed)


def _busy_partners(instance: dg.DagsterInstance) -> set[str]:
    """Return the partners of whom a tenant's bills or clouds are being read."""
    running = instance.get_runs(dg.RunsFilter(statuses=_UNFINISHED))
    keys = (
        run.tags.get("dagster/partition/tenant")
        or (run.tags.get("dagster/partition") if run.job_name == scan_clouds_job.name else None)
        for run in running
    )
    return {TenantKey.parse(key).partner_id for key in keys if key}
