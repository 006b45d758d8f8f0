"""The tenants' sources, asked side by side, so that a slow or broken one holds up no other."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from control.directory import Directory
from control.permission import job, require
from control.roles import Action
from ingestion.costs.ingest import NewDelivery
from orchestration.partitions import TenantKey
from pipeline.ingest import new_deliveries
from pipeline.settings import Settings

_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Lookup:
    """What the sources of many tenants answered.

    Attributes:
        found: Deliveries that have not landed, by tenant key.
        failed: Why a tenant's sources could not be read, by tenant key.
        not_asked: Tenants whose turn did not come in time, in order.
    """

    found: Mapping[str, tuple[NewDelivery, ...]]
    failed: Mapping[str, str]
    not_asked: tuple[str, ...]


def look_for_deliveries(settings: Settings, tenants: Sequence[str], *, within_s: float) -> Lookup:
    """Ask each tenant's sources, in order, for deliveries that have not landed.

    Args:
        settings: The installation.
        tenants: Keys, `partner.tenant`.
        within_s: Seconds after which no answer is waited for.
    """
    pool = ThreadPoolExecutor(max_workers=_AT_ONCE)
    asked = {key: pool.submit(_look, settings, TenantKey.parse(key)) for key in tenants}
    wait(asked.values(), timeout=within_s)
    pool.shutdown(wait=False, cancel_futures=True)
    answered = {key: future for key, future in asked.items() if not future.cancelled()}
    problems = {key: _problem(future, within_s) for key, future in answered.items()}
    return Lookup(
        found={key: answered[key].result() for key, problem in problems.items() if not problem},
        failed={key: problem for key, problem in problems.items() if problem},
        not_asked=tuple(key for key in tenants if key not in answered),
    )


def _look(settings: Settings, tenant: TenantKey) -> tuple[NewDelivery, ...]:
    actor = job(tenant.partner_id, "new_deliveries")
    with Directory(settings.control) as directory:
        require(directory, actor, Action.RUN_PLATFORM, tenant_id=tenant.tenant_id)
    return new_deliveries(settings, *tenant)


def _problem(future: Future[tuple[NewDelivery, ...]], within_s: float) -> str | None:
    if not future.done():
        return f"no answer within {within_s:.0f} s"
    error = future.exception()
    return None if error is None else str(error) or type(error).__name__
