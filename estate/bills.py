"""Writes every bill of an estate as its provider delivers it, and says what each one amounts to."""

import multiprocessing
import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from estate.billing.charges import FEES, Bill, Kind
from estate.billing.ledger import CORRECTION_DAYS, Ledger
from estate.exports.deliveries import deliver
from estate.model import BillingScope, Partner
from estate.plans import estate_plan
from estate.world import Calendar, build_partners, calendar, month_end

_WITHOUT_LIST_COST = {  # what an export states no list cost of
    "cur_legacy": FEES,
    "cur_2_0": FEES,
    "azure_ea": FEES | {Kind.PURCHASE},
}
_MANY_RESOURCES = 1000
_FIRST_INVOICE = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class BillTotal:
    """What the last delivery of a month amounts to, in billing currency."""

    partner_id: str
    tenant_id: str
    provider: str
    scope: str
    billing_account_id: str
    billing_period: str
    currency: str
    billed_cost: Decimal
    effective_cost: Decimal
    list_cost: Decimal
    contracted_cost: Decimal


@dataclass(frozen=True, slots=True)
class Estate:
    """An estate whose bills were written.

    Attributes:
        partners: Everything that exists.
        folders: Folder of each tenant's exports, by partner and tenant.
        totals: The truth that the pipeline has to reach.
        file_count: Files written, manifests included.
    """

    partners: tuple[Partner, ...]
    folders: Mapping[tuple[str, str], Path]
    totals: tuple[BillTotal, ...]
    file_count: int


def write_bills(
    root: Path,
    *,
    seed: int = 7,
    size: str = "demo",
    through: date,
    months: int = 3,
    horizon: date | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Estate:
    """Write the exports of all tenants below `root/<partner>/<tenant>/`.

    The same arguments write the same bytes.

    Args:
        root: Where to write.
        seed: Another number gives another estate.
        size: One of `estate.plans.SIZES`.
        through: Last day with charges, not complete.
        months: Whole months before the month of `through`.
        horizon: A later day of the same month that the estate is made for: bills of several days
            below one horizon are of one estate, whose planted resources have fixed days.
        say: Receives progress.
    """
    days = calendar(through, months)
    partners = build_partners(seed, size, calendar(horizon or through, months))
    scopes = [
        scope for partner in partners for tenant in partner.tenants for scope in tenant.scopes
    ]
    folders = {
        (scope.partner_id, scope.tenant_id): root / scope.partner_id / scope.tenant_id
        for scope in scopes
    }
    tasks = [
        _Task(scope, days, estate_plan(size).snapshots, folders[scope.partner_id, scope.tenant_id])
        for scope in scopes
    ]
    totals: list[BillTotal] = []
    file_count = 0
    for task, (found, files) in zip(tasks, _done(tasks), strict=True):
        written = task.scope.export.format.replace("_", " ")
        say(f"{task.scope.name}: {written}, {len(days.periods)} months")
        totals.extend(found)
        file_count += files
    return Estate(partners, folders, tuple(totals), file_count)


@dataclass(frozen=True, slots=True)
class _Task:
    """The bills of one scope, and the folder that they are written to."""

    scope: BillingScope
    days: Calendar
    snapshots: int
    folder: Path


def _done(tasks: list[_Task]) -> Iterator[tuple[list[BillTotal], int]]:
    """Yield what each task wrote; large estates are written by several processes."""
    if sum(len(task.scope.resources) for task in tasks) < _MANY_RESOURCES:
        yield from map(_write, tasks)
        return
    workers = min(os.cpu_count() or 1, len(tasks))
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(_write, tasks)


def _write(task: _Task) -> tuple[list[BillTotal], int]:
    """Write every delivery of a scope; return its months' totals and the number of files."""
    ledger = Ledger(task.scope, task.days)
    totals, file_count = [], 0
    for period in task.days.periods:
        days = _days(task.scope, task.days, period, task.snapshots)
        bills = [ledger.bill(period, day) for day in days]
        file_count += sum(len(deliver(bill, task.folder)) for bill in bills)
        totals.append(total_of(bills[-1]))
    return totals, file_count


def _days(scope: BillingScope, days: Calendar, period: date, snapshots: int) -> Iterator[date]:
    """Yield the days on which a month's bill is delivered; the last one is the day it shows."""
    end = month_end(period)
    if scope.export.keeps_versions:
        if end > days.through:
            first = max(period, days.through - timedelta(days=snapshots - 1))
            yield from (first + timedelta(days=n) for n in range((days.through - first).days))
        elif end + CORRECTION_DAYS <= days.through:
            yield end + _FIRST_INVOICE
    yield min(days.through, end + CORRECTION_DAYS)


def total_of(bill: Bill) -> BillTotal:
    """Return what a bill amounts to; its list cost as far as its export states it."""
    scope = bill.scope
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for charge in bill.charges:
        sums["billed_cost"] += charge.billed_cost
        sums["effective_cost"] += charge.effective_cost
        sums["contracted_cost"] += charge.contracted_cost
        if charge.kind not in _WITHOUT_LIST_COST.get(scope.export.format, ()):
            sums["list_cost"] += charge.list_cost
    return BillTotal(
        partner_id=scope.partner_id,
        tenant_id=scope.tenant_id,
        provider=scope.provider,
        scope=scope.scope,
        billing_account_id=scope.billing_account_id,
        billing_period=f"{bill.period:%Y-%m}",
        currency=scope.currency,
        **sums,
    )
