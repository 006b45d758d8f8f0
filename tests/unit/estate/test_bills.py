"""The simulated estate: the same seed gives the same bytes, and bills add up by themselves."""

import hashlib
import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from estate.billing.charges import COMMITTED, FEES, Kind
from estate.billing.ledger import Ledger
from estate.bills import write_bills
from estate.model import BillingScope
from estate.world import build_partners, calendar

THROUGH = date(2026, 5, 20)
DAYS = calendar(THROUGH, 2)


def scopes(seed: int = 7) -> list[BillingScope]:
    return [
        scope
        for partner in build_partners(seed, "small", DAYS)
        for tenant in partner.tenants
        for scope in tenant.scopes
    ]


def digests(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file()
    }


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    for name, seed in (("one", 7), ("two", 7), ("other", 8)):
        write_bills(tmp_path / name, seed=seed, size="small", through=THROUGH, months=1)

    assert digests(tmp_path / "one") == digests(tmp_path / "two")
    assert digests(tmp_path / "one") != digests(tmp_path / "other")


def test_a_day_later_the_same_estate_has_the_same_closed_month(tmp_path: Path) -> None:
    next_day = THROUGH + timedelta(days=1)
    totals = {}
    for day in (THROUGH, next_day):
        estate = write_bills(
            tmp_path / str(day), seed=7, size="small", through=day, months=1, horizon=next_day
        )
        totals[day] = {(t.scope, t.billing_period): t for t in estate.totals}

    grown = {key for key, total in totals[next_day].items() if total != totals[THROUGH][key]}
    assert {period for _, period in grown} == {f"{THROUGH:%Y-%m}"}


def test_manifests_name_the_files_that_lie_there(tmp_path: Path) -> None:
    write_bills(tmp_path, seed=7, size="small", through=THROUGH, months=1)

    compared = 0
    for path in tmp_path.rglob("*anifest.json"):
        manifest = json.loads(path.read_text())
        keys = (
            manifest.get("reportKeys")
            or manifest.get("dataFiles")
            or [blob["blobName"] for blob in manifest["blobs"]]
        )
        names = {found.name for found in tmp_path.rglob("*")}
        assert {key.rsplit("/", 1)[-1] for key in keys} <= names
        compared += 1
    assert compared > 5


@pytest.mark.parametrize("scope", scopes(), ids=lambda scope: scope.export.format)
def test_commitments_are_spread_over_what_they_cover_and_what_stays_unused(
    scope: BillingScope,
) -> None:
    bill = Ledger(scope, DAYS).bill(date(2026, 4, 1), THROUGH)
    committed = [charge for charge in bill.charges if charge.kind in COMMITTED]

    assert bool(committed) == bool(scope.commitments)
    assert all(charge.effective_cost == 0 for charge in bill.charges if charge.kind in FEES)
    assert all(charge.billed_cost == 0 for charge in committed)
    assert sum((charge.effective_cost for charge in committed), Decimal(0)) >= 0


def test_a_month_to_date_bill_grows_and_its_last_day_is_not_complete() -> None:
    ledger = Ledger(scopes()[0], DAYS)

    earlier, later = (ledger.bill(date(2026, 5, 1), date(2026, 5, day)) for day in (10, 11))

    of_the_tenth = [
        sum((c.billed_cost for c in bill.charges if c.start == date(2026, 5, 10)), Decimal(0))
        for bill in (earlier, later)
    ]
    assert of_the_tenth[0] < of_the_tenth[1]
    assert not earlier.is_final


def test_a_restated_month_changes_after_its_invoice() -> None:
    scope = next(scope for scope in scopes() if "restated" in scope.terms.traits)
    ledger = Ledger(scope, calendar(date(2026, 5, 20), 2))
    month = ledger.days.periods[-3]

    first, corrected = (
        sum((charge.billed_cost for charge in ledger.bill(month, day).charges), Decimal(0))
        for day in (date(2026, 4, 6), date(2026, 5, 20))
    )

    assert first != corrected


def test_credits_refunds_and_taxes_are_on_the_bills() -> None:
    kinds = {
        charge.kind
        for scope in scopes()
        for period in DAYS.periods
        for charge in Ledger(scope, DAYS).bill(period, THROUGH).charges
    }

    assert {Kind.CREDIT, Kind.REFUND, Kind.TAX, Kind.SUPPORT, Kind.UNUSED} <= kinds
    assert {Kind.RECURRING_FEE, Kind.UPFRONT_FEE, Kind.COMMITMENT_REFUND} <= kinds
