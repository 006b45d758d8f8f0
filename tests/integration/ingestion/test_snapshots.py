"""Daily month-to-date deliveries, out of order and with repeats, end in exactly the last one."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from estate.billing.ledger import Ledger
from estate.bills import total_of
from estate.dice import dice
from estate.exports.deliveries import deliver
from estate.model import BillingScope
from estate.world import build_partners, calendar
from ingestion.costs.report import Kind
from tests.conftest import Ingest, Lake

pytestmark = pytest.mark.integration

MONTH, THROUGH = date(2026, 5, 1), date(2026, 5, 20)
SNAPSHOTS = [THROUGH - timedelta(days=behind) for behind in (16, 12, 9, 5, 2, 1, 0)]
DAYS = calendar(THROUGH, 1)
SCOPES = [
    scope
    for partner in build_partners(11, "small", DAYS)
    for tenant in partner.tenants
    for scope in tenant.scopes
]


@pytest.mark.parametrize("scope", SCOPES, ids=[scope.export.format for scope in SCOPES])
def test_the_last_delivery_is_what_stays(
    scope: BillingScope, tmp_path: Path, ingest: Ingest, lake: Lake
) -> None:
    ledger = Ledger(scope, DAYS)
    deliveries = {day: ledger.bill(MONTH, day) for day in SNAPSHOTS}
    order = [*SNAPSHOTS, *SNAPSHOTS[:3]]
    dice("order of deliveries").shuffle(order)

    kinds = set()
    for number, day in enumerate(order):
        folder = tmp_path / f"delivery-{number}"
        deliver(deliveries[day], folder)
        kinds |= {outcome.kind for outcome in ingest(folder).outcomes}
        shutil.rmtree(folder)

    truth = total_of(deliveries[THROUGH])
    assert kinds <= {Kind.LANDED, Kind.UNCHANGED, Kind.SUPERSEDED}
    assert lake.costs() == (
        truth.billed_cost,
        truth.effective_cost,
        truth.list_cost,
        truth.contracted_cost,
    )
    assert lake.one("select max(charge_period_start::date) from cost_lines") == THROUGH
