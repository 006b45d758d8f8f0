"""Bills of different payers land side by side, whatever accounts their lines name."""

from decimal import Decimal
from pathlib import Path

import pytest

from apps.cli.outcomes import line_of
from ingestion.costs.report import Kind
from tests.conftest import Ingest, Lake
from tests.integration.ingestion import made
from tests.integration.ingestion.test_nameless import of_day

pytestmark = pytest.mark.integration

FIRST, SECOND = "111100001111", "222200002222"
NO_ACCOUNTS = ["SubAccountId"]


def by_payer(lake: Lake) -> list[tuple[str, Decimal]]:
    """Return the billed cost of each billing account."""
    return [
        (payer, cost)
        for payer, cost in lake.rows(
            "select billing_account_id, sum(billed_cost) from cost_lines group by 1 order by 1"
        )
    ]


def test_payers_whose_lines_name_no_account_keep_their_own_months(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    first = {"BillingAccountId": FIRST, "BilledCost": "1000"}
    second = {"BillingAccountId": SECOND, "BilledCost": "5"}
    made.write(exports / "a.csv", made.FOCUS, first, without=NO_ACCOUNTS)
    made.write(exports / "b.csv", made.FOCUS, second, without=NO_ACCOUNTS)

    report = ingest()

    assert len({outcome.connection_id for outcome in report.of(Kind.LANDED)}) == 2
    assert by_payer(lake) == [(FIRST, Decimal(1000)), (SECOND, Decimal(5))]


def test_providers_without_accounts_keep_their_own_months(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    oracle = {"ProviderName": "Oracle", "BillingAccountId": "ocid1", "BilledCost": "300"}
    google = {"ProviderName": "Google Cloud", "BillingAccountId": "01AB-22", "BilledCost": "40"}
    made.write(exports / "oracle.csv", made.FOCUS, oracle, without=NO_ACCOUNTS)
    made.write(exports / "google.csv", made.FOCUS, google, without=NO_ACCOUNTS)

    ingest()

    assert by_payer(lake) == [("01AB-22", Decimal(40)), ("ocid1", Decimal(300))]


def test_an_account_that_moves_is_billed_by_both_payers(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    for payer, days in ((FIRST, range(1, 16)), (SECOND, range(16, 31))):
        lines = [
            {
                "bill/PayerAccountId": payer,
                "lineItem/UsageAccountId": "333300003333",
                "lineItem/UnblendedCost": "100",
                "lineItem/UsageStartDate": f"2026-05-{day:02}T00:00:00Z",
                "lineItem/UsageEndDate": f"2026-05-{day + 1:02}T00:00:00Z",
            }
            for day in days
        ]
        made.write(exports / f"{payer}.csv", made.CUR, *lines)

    report = ingest()

    assert len(report.of(Kind.LANDED)) == 2
    assert by_payer(lake) == [(FIRST, Decimal(1500)), (SECOND, Decimal(1500))]


def test_payers_of_one_file_may_bill_the_same_account_on_the_same_days(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    def written(last: int) -> None:
        account = {"SubAccountId": "333300003333", "BilledCost": "1"}
        usual = [
            of_day(day, BillingAccountId=FIRST, ResourceId=resource, **account)
            for day in range(1, last)
            for resource in ("a", "b", "c")
        ]
        other = [of_day(day, BillingAccountId=SECOND, **account) for day in range(1, last + 1)]
        made.write(exports / "may.csv", made.FOCUS, *usual, *other)

    for last in (3, 4):
        written(last)
        assert len(ingest().of(Kind.LANDED)) == 2

        assert by_payer(lake) == [(FIRST, Decimal(3 * last - 3)), (SECOND, Decimal(last))]


@pytest.mark.parametrize("moved_on", [2, 16])
def test_taxes_of_the_month_do_not_hide_that_an_account_moved(
    moved_on: int, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    month = {"ChargePeriodStart": "2026-05-01T00:00:00Z", "ChargePeriodEnd": "2026-06-01T00:00:00Z"}
    days = {FIRST: range(1, moved_on + 1), SECOND: range(moved_on, 31)}
    for payer in (FIRST, SECOND):
        account = {"BillingAccountId": payer, "SubAccountId": FIRST, "BilledCost": "1"}
        tax = {**account, **month, "ChargeCategory": "Tax", "ResourceId": ""}
        used = [of_day(day, **account) for day in days[payer]]
        made.write(exports / f"{payer}.csv", made.FOCUS, tax, *used)
        report = ingest(exports / f"{payer}.csv")

        assert report.exit_status == 0

    assert by_payer(lake) == [(FIRST, Decimal(1 + moved_on)), (SECOND, Decimal(32 - moved_on))]


def test_files_of_one_name_that_name_no_payer_are_told_apart_by_none(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    without = ["BillingAccountId", "SubAccountId"]
    made.write(exports / "a/bill.csv", made.FOCUS, {"BilledCost": "1000"}, without=without)
    ingest()
    made.write(exports / "b/bill.csv", made.FOCUS, {"BilledCost": "5"}, without=without)

    (refused,) = ingest().of(Kind.REFUSED)
    kept = lake.costs()[0]
    made.write(exports / "a/bill.csv", made.FOCUS, {"BilledCost": "1001"}, without=without)
    restated = ingest(exports / "a/bill.csv")

    assert "name no account in common" in refused.message
    assert kept == Decimal(1000)
    assert len(restated.of(Kind.LANDED)) == 1
    assert lake.costs()[0] == Decimal(1001)


def test_a_file_of_one_account_does_not_replace_its_payers_bill_without_accounts(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "payer.csv", made.FOCUS, {"BilledCost": "1000"}, without=NO_ACCOUNTS)
    ingest()
    made.write(exports / "member.csv", made.FOCUS, {"BilledCost": "5"})

    (refused,) = ingest().of(Kind.REFUSED)
    kept = lake.costs()[0]
    ingest(take_over=True)

    assert "--take-over" in refused.message
    assert (kept, lake.costs()[0]) == (Decimal(1000), Decimal(5))


def test_an_export_with_a_manifest_does_not_replace_another_accounts_file(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "other.csv", made.CUR, {"lineItem/UsageAccountId": "333300003333"})
    ingest()
    made.write(exports / "run/cur-1.csv", made.CUR, {})
    made.cur_manifest(exports / "run/cur-Manifest.json", ["run/cur-1.csv"])

    (refused,) = ingest().of(Kind.REFUSED)

    assert "has no line of account 333300003333" in refused.message
    assert lake.one("select count(*) from cost_lines") == 1


def test_what_a_delivery_took_the_place_of_is_told(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "a.csv", made.FOCUS, {"BilledCost": "2"})
    ingest()
    made.write(exports / "b.csv", made.FOCUS, {"BilledCost": "3"})

    (landed,) = ingest(exports / "b.csv").of(Kind.LANDED)

    assert f"(in place of {exports / 'a.csv'})" in line_of(landed)
    assert lake.costs()[0] == Decimal(3)
