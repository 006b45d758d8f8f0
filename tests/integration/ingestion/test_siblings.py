"""Connections of one provider that bill the same accounts: taken over whole, or refused."""

from decimal import Decimal
from pathlib import Path

import pytest

from apps.cli.outcomes import line_of
from ingestion.costs.report import Kind
from tests.conftest import Ingest, Lake
from tests.integration.ingestion import made
from tests.integration.ingestion.test_nameless import of_day

pytestmark = pytest.mark.integration

PAYER = "000011112222"
A = {"BillingAccountId": PAYER, "SubAccountId": "111100001111"}
B = {"BillingAccountId": PAYER, "SubAccountId": "222200002222"}
APRIL = {
    "BillingPeriodStart": "2026-04-01T00:00:00Z",
    "BillingPeriodEnd": "2026-05-01T00:00:00Z",
    "ChargePeriodStart": "2026-04-02T00:00:00Z",
    "ChargePeriodEnd": "2026-04-03T00:00:00Z",
}


def connections(lake: Lake, period: str = "2026-05") -> dict[str, Decimal]:
    """Return the billed cost of each connection in a month."""
    return dict(
        lake.rows(
            "select connection_id, sum(billed_cost) from cost_lines "
            f"where billing_period = '{period}' group by 1"
        )
    )


def write_all_after_one_each(exports: Path, ingest: Ingest) -> None:
    """Land a file of each account, and write one of both that goes a day further."""
    made.write(exports / "a.csv", made.FOCUS, of_day(2, **A))
    made.write(exports / "b.csv", made.FOCUS, of_day(2, **B))
    ingest()
    both = [of_day(day, **account) for day in (2, 3) for account in (A, B)]
    made.write(exports / "all.csv", made.FOCUS, *both)


def test_a_file_of_all_accounts_takes_the_place_of_files_of_one_each(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    write_all_after_one_each(exports, ingest)

    (landed,) = ingest(exports / "all.csv").of(Kind.LANDED)

    assert "in place of" in line_of(landed)
    assert str(exports / "b.csv") in line_of(landed)
    assert list(connections(lake).values()) == [Decimal(10)]
    assert ingest().exit_status == 0
    assert list(connections(lake).values()) == [Decimal(10)]


def test_a_file_whose_place_another_took_is_not_called_unchanged(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    write_all_after_one_each(exports, ingest)
    ingest(exports / "all.csv")
    made.write(exports / "all.csv", made.FOCUS, *[of_day(day, **A) for day in (2, 3)])
    ingest(exports / "all.csv", take_over=True)

    (told,) = ingest(exports / "b.csv").outcomes
    ingest(exports / "b.csv", take_over=True)

    assert told.kind is Kind.SUPERSEDED
    assert "repeat with --take-over" in told.message
    assert lake.costs()[0] == Decimal("7.5")


def test_an_older_file_that_bills_further_accounts_is_no_loss_in_silence(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "a.csv", made.FOCUS, of_day(2, **A), of_day(6, **A))
    ingest()
    made.write(exports / "all.csv", made.FOCUS, of_day(2, **A), of_day(2, **B))
    (refused,) = ingest().of(Kind.REFUSED)
    made.write(exports / "b.csv", made.FOCUS, of_day(2, **B), of_day(6, **B))

    ingest(exports / "b.csv")
    report = ingest()

    assert f"has charges of account {B['SubAccountId']}" in refused.message
    assert report.exit_status == 0
    assert lake.costs()[0] == Decimal(10)


def test_an_export_with_a_manifest_takes_the_place_of_its_files_without(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "ea.csv", made.EA, {})
    ingest()
    made.write(exports / "run/part_0_0001.csv", made.EA, {}, {"Date": "05/03/2026"})
    made.azure_manifest(exports / "run/manifest.json", ["run/part_0_0001.csv"])

    report = ingest(exports / "run")

    assert len(report.of(Kind.LANDED)) == 1
    assert list(connections(lake).values()) == [Decimal("4.8")]


def test_a_billing_account_that_was_renumbered_is_no_second_bill(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    days = [{"Date": f"05/{day:02}/2026"} for day in (2, 3, 4)]
    made.write(exports / "old.csv", made.EA, *days[:2])
    ingest()
    renumbered = [{**day, "BillingAccountId": "9000001"} for day in days]
    made.write(exports / "new.csv", made.EA, *renumbered)

    ingest(exports / "new.csv")

    assert list(connections(lake).values()) == [Decimal("7.2")]


@pytest.mark.parametrize("is_taken_over", [False, True])
def test_another_kind_of_export_of_the_same_days_is_counted_once(
    is_taken_over: bool, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "ea.csv", made.EA, {})
    ingest()
    focus = {
        "ProviderName": "Microsoft",
        "BillingAccountId": "/providers/Microsoft.Billing/billingAccounts/8611537",
        "SubAccountId": made.EA["SubscriptionId"],
    }
    lines = [of_day(day, **focus) for day in (2, 3)]
    made.write(exports / "focus.csv", made.FOCUS, *lines)

    report = ingest(exports / "focus.csv", take_over=is_taken_over)

    assert bool(report.of(Kind.REFUSED)) is not is_taken_over
    assert lake.costs()[0] == (Decimal(5) if is_taken_over else Decimal("2.4"))


def test_an_account_of_its_own_file_keeps_its_connection_month_by_month(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "april-a.csv", made.FOCUS, {**APRIL, **A})
    made.write(exports / "april-b.csv", made.FOCUS, {**APRIL, **B, "BilledCost": "3"})
    ingest()
    made.write(exports / "may-b.csv", made.FOCUS, {**B, "BilledCost": "3"})
    ingest()
    made.write(exports / "may-a.csv", made.FOCUS, A)
    ingest()

    assert len(connections(lake)) == 2
    assert connections(lake) == connections(lake, "2026-04")
