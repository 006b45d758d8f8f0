"""Lines and values that cannot be held are rejected alone, and told."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ingestion.costs.report import Kind
from tests.conftest import Ingest, Lake
from tests.integration.ingestion import made
from tests.integration.ingestion.bad_input.support import good_landed, message

pytestmark = pytest.mark.integration


def test_amounts_that_no_sum_can_hold_fail_alone(
    good: Path, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    huge = {"BilledCost": "123456789012345678.9012345678"}
    made.write(exports / "huge.csv", made.FOCUS, *[huge] * 9)

    report = ingest()

    assert "huge.csv: its costs add up to 1.111E+18 USD" in message(report, Kind.FAILED)
    assert report.exit_status == 3
    assert good_landed(lake)


def test_currencies_are_never_added(exports: Path, ingest: Ingest, lake: Lake) -> None:
    made.write(exports / "mixed.csv", made.FOCUS, {}, {"BillingCurrency": "EUR"})

    report = ingest()

    (outcome,) = report.of(Kind.LANDED)
    assert outcome.totals == {"USD": Decimal("2.5"), "EUR": Decimal("2.5")}
    assert lake.rows("select billing_currency, provider_total from bill_totals order by 1") == [
        ("EUR", Decimal("2.5")),
        ("USD", Decimal("2.5")),
    ]


@pytest.mark.parametrize(
    "cost", ["-12.34", "123456789012345678.12345678901234567890", "1.5e-9", "0.1234567890123456789"]
)
def test_unusual_amounts_keep_every_digit(
    cost: str, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "amounts.csv", made.FOCUS, {"BilledCost": cost})

    report = ingest()

    assert report.exit_status == 0
    assert lake.costs()[0] == Decimal(cost)


@pytest.mark.parametrize("cost", ["1" * 30, "Infinity", "NaN", "12,50", "1 234", "1_000"])
def test_a_cost_that_cannot_be_held_rejects_its_line_and_no_other(
    cost: str, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "amounts.csv", made.FOCUS, {}, {"BilledCost": cost}, {})

    report = ingest()

    assert report.exit_status == 3
    assert lake.one("select count(*) from cost_lines") == 2
    ((line, column, text),) = lake.rows(
        "select line_number, column_name, source_line from rejected where is_row_rejected"
    )
    assert (line, column) == (3, "BilledCost")
    assert cost in text


def test_a_cost_of_thirty_decimals_is_rounded_and_told(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "amounts.csv", made.FOCUS, {"BilledCost": "1." + "1" * 30})

    report = ingest()

    (outcome,) = report.of(Kind.LANDED)
    assert outcome.noted_row_count == 1
    assert lake.costs()[0] == Decimal("1." + "1" * 20)
    assert "rounded to 20 decimals" in lake.one("select reason from rejected")


def test_text_that_is_not_utf8_rejects_its_line_and_no_other(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    path = made.write(exports / "latin.csv", made.FOCUS, {}, {"ServiceName": "Bureau @"}, {})
    path.write_bytes(path.read_bytes().replace(b"@", b"\xe9"))

    report = ingest()

    assert report.exit_status == 3
    assert lake.one("select count(*) from cost_lines") == 2
    ((line, reason),) = lake.rows("select line_number, reason from rejected where is_row_rejected")
    assert line == 3
    assert "UTF-8" in reason


def test_a_megabyte_tag_value_lands_whole(exports: Path, ingest: Ingest, lake: Lake) -> None:
    made.write(exports / "tags.csv", made.FOCUS, {"Tags": f'{{"note": "{"x" * 1_000_000}"}}'}, {})

    report = ingest()

    assert report.exit_status == 0
    assert lake.one("select max(length(tags ->> 'note')) from cost_lines") == 1_000_000


def test_lines_with_too_many_and_too_few_cells_are_rejected_alone(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    path = made.write(exports / "ragged.csv", made.FOCUS, {}, {})
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines, "1,2,3", f"{lines[1]},extra", lines[1]]) + "\n")

    report = ingest()

    assert report.exit_status == 3
    assert lake.one("select count(*) from cost_lines") == 3
    assert lake.rows("select line_number from rejected where is_row_rejected order by 1") == [
        (4,),
        (5,),
    ]


def test_an_unclosed_quote_tells_what_it_swallowed(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    path = made.write(exports / "quote.csv", {**made.FOCUS, "Tags": ""}, {}, {}, {}, {})
    lines = path.read_text().splitlines()
    lines[2] = lines[2].replace("Amazon Elastic Compute Cloud", '"Amazon Elastic')
    path.write_text("\n".join(lines) + "\n")

    report = ingest()

    assert report.exit_status == 3
    assert lake.one("select count(*) from cost_lines") == 1
    reason = lake.one("select reason from rejected where is_row_rejected")
    assert "the 2 lines after it were read as part of it" in reason


def test_lines_without_any_date_are_rejected_and_the_warehouse_can_still_be_built(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    undated = {
        "BillingPeriodStart": "",
        "BillingPeriodEnd": "",
        "ChargePeriodStart": "soon",
        "ChargePeriodEnd": "",
    }
    made.write(exports / "undated.csv", made.FOCUS, undated)

    report = ingest()

    assert report.exit_status != 0
    assert "unknown" not in {outcome.billing_period for outcome in report.of(Kind.LANDED)}


def test_a_file_of_broken_lines_alone_is_no_empty_month(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    part = made.write(exports / "run/part_0_0001.csv", made.EA, {}, {})
    made.azure_manifest(exports / "run/manifest.json", ["run/part_0_0001.csv"])
    ingest()
    header = part.read_text().splitlines()[0]
    part.write_text(f"{header}\n1,2,3\n")
    made.azure_manifest(
        exports / "run/manifest.json",
        ["run/part_0_0001.csv"],
        submitted="2026-05-11T05:00:00.0000000Z",
    )

    report = ingest()

    assert "none has as many values as the header" in message(report, Kind.FAILED)
    assert lake.one("select count(*) from cost_lines") == 2


def test_a_currency_in_words_counts_as_unknown(exports: Path, ingest: Ingest, lake: Lake) -> None:
    made.write(
        exports / "words.csv",
        made.FOCUS,
        {},
        {"BillingCurrency": "US Dollars"},
        {"BillingCurrency": "usd "},
    )

    ingest()

    words = (
        "BillingCurrency is no currency code, so the line counts as XXX: US Dollars; "
        "have the export write a code such as USD"
    )
    assert lake.rows("select billing_currency, x_note, count(*) from cost_lines group by all") == [
        ("USD", None, 2),
        ("XXX", words, 1),
    ]
    assert lake.rows("select column_name, reason from rejected") == [("BillingCurrency", words)]


@pytest.mark.parametrize(
    ("defaults", "column"),
    [
        (made.CUR, "lineItem/CurrencyCode"),
        (made.EA, "BillingCurrency"),
        (made.MCA, "billingCurrency"),
    ],
)
def test_every_format_knows_a_currency_from_words(
    defaults: made.Cells, column: str, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "words.csv", defaults, {column: "Euro"})

    ingest()

    assert lake.one("select billing_currency from cost_lines") == "XXX"
    assert f"{column} is no currency code" in str(lake.one("select x_note from cost_lines"))


@pytest.mark.parametrize(
    "written", ["05/02/26", "5/2/26", "05/02/2026", "05/02/2026 00:00:00", "2026-05-02", "20260502"]
)
def test_a_day_is_of_this_century_however_it_is_written(
    written: str, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    month = {"BillingPeriodStartDate": "05/01/26", "BillingPeriodEndDate": "05/31/26"}
    made.write(exports / "ea.csv", made.EA, {**month, "Date": written})

    report = ingest()

    assert [outcome.billing_period for outcome in report.of(Kind.LANDED)] == ["2026-05"]
    assert lake.rows(
        "select cast(charge_period_start as date), cast(billing_period_end as date) from cost_lines"
    ) == [(date(2026, 5, 2), date(2026, 6, 1))]


@pytest.mark.parametrize(
    "written",
    ["20260-05-02", "20260-05-02T00:00:00Z", "26-05-02T00:00:00Z", "infinity", "05-02-26"],
)
def test_what_is_no_day_is_told_and_not_guessed(
    written: str, good: Path, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "days.csv", made.FOCUS, {"ChargePeriodStart": written})

    (landed, _) = ingest().of(Kind.LANDED)

    assert landed.billing_period == "2026-05"
    assert f"ChargePeriodStart is no date we read: {written}" in str(
        lake.rows("select reason from rejected")
    )
    assert good_landed(lake)
