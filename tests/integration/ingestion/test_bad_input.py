"""Each thing that is wrong with an export is told in a sentence, and everything else lands."""

import gzip
from decimal import Decimal
from pathlib import Path

import pytest

from ingestion.costs.report import IngestReport, Kind
from ingestion.errors import InvalidNameError, SourceError
from tests.conftest import Ingest, Lake
from tests.integration.ingestion import made

pytestmark = pytest.mark.integration

GOOD = {"SubAccountId": "999900001111", "BillingAccountId": "999900001111"}


@pytest.fixture
def good(exports: Path) -> Path:
    """A sound export beside whatever is wrong."""
    return made.write(exports / "good.csv", made.FOCUS, GOOD, GOOD)


def message(report: IngestReport, kind: Kind) -> str:
    """Return the only message of a kind."""
    (outcome,) = report.of(kind)
    return outcome.message


def good_landed(lake: Lake) -> bool:
    """Return whether the sound export is whole."""
    return bool(
        lake.one("select count(*) = 2 from cost_lines where sub_account_id = '999900001111'")
    )


def test_a_wrong_delimiter_is_named(good: Path, exports: Path, ingest: Ingest, lake: Lake) -> None:
    made.write(exports / "semicolons.csv", made.FOCUS, {}, delimiter=";")

    report = ingest()

    assert "semicolons.csv is separated by semicolons" in message(report, Kind.FAILED)
    assert report.exit_status == 3
    assert good_landed(lake)


def test_a_truncated_gzip_fails_alone(
    good: Path, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    path = made.write(exports / "cut.csv.gz", made.FOCUS, *([{}] * 500))
    path.write_bytes(path.read_bytes()[:-60])

    report = ingest()

    assert "cut.csv.gz" in message(report, Kind.FAILED)
    assert "again" in message(report, Kind.FAILED)
    assert lake.one("select count(*) from cost_lines") == 2
    assert good_landed(lake)


@pytest.mark.parametrize("column", ["BilledCost", "ChargeCategory"])
def test_a_missing_required_column_is_named(
    column: str, good: Path, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "lacking.csv", made.FOCUS, {}, without=[column])

    report = ingest()

    assert column.lower() in message(report, Kind.UNRECOGNISED)
    assert good_landed(lake)


def test_a_missing_cost_column_makes_that_cost_unknown_not_zero(
    exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "lacking.csv", made.FOCUS, {}, without=["EffectiveCost"])

    report = ingest()

    (outcome,) = report.of(Kind.LANDED)
    assert "effective cost is unknown" in outcome.message
    assert lake.costs() == (Decimal("2.5"), None, Decimal(3), Decimal("2.75"))


def test_unknown_columns_do_no_harm(exports: Path, ingest: Ingest, lake: Lake) -> None:
    made.write(exports / "wide.csv", made.FOCUS, {"x_Surprise": "1", "Entirely New": "2"})

    report = ingest()

    assert report.exit_status == 0
    assert lake.costs()[0] == Decimal("2.5")


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


def test_a_manifest_that_names_a_missing_file_fails_alone(
    good: Path, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "cur/cur-1.csv", made.CUR, {})
    made.cur_manifest(exports / "cur/cur-Manifest.json", ["cur/cur-1.csv", "cur/cur-2.csv"])

    report = ingest()

    assert "cur-2.csv, which is not there" in message(report, Kind.FAILED)
    assert lake.one("select count(*) from cost_lines where x_dataset = 'cur'") == 0
    assert good_landed(lake)


def test_a_manifest_that_counts_more_rows_fails_alone(
    good: Path, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "run/part_0_0001.csv", made.EA, {}, {})
    made.azure_manifest(exports / "run/manifest.json", ["run/part_0_0001.csv"], rows=3)

    report = ingest()

    assert "3" in message(report, Kind.FAILED)
    assert "2" in message(report, Kind.FAILED)
    assert good_landed(lake)


def test_a_damaged_manifest_is_named(good: Path, exports: Path, ingest: Ingest, lake: Lake) -> None:
    (exports / "cur-Manifest.json").write_text('{"assemblyId": ', encoding="utf-8")

    report = ingest()

    assert "cur-Manifest.json is no readable JSON" in message(report, Kind.FAILED)
    assert good_landed(lake)


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


def test_duplicate_headers_are_named(good: Path, exports: Path, ingest: Ingest, lake: Lake) -> None:
    path = made.write(exports / "twice.csv", made.FOCUS, {})
    header, line = path.read_text().splitlines()
    path.write_text(f"{header},BilledCost\n{line},99\n")

    report = ingest()

    assert "twice.csv" in message(report, Kind.FAILED)
    assert "BilledCost" in message(report, Kind.FAILED)
    assert good_landed(lake)


@pytest.mark.parametrize("name", ["empty.csv", "empty.csv.gz", "empty.parquet"])
def test_an_empty_file_is_named(
    name: str, good: Path, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    (exports / name).write_bytes(gzip.compress(b"") if name.endswith(".gz") else b"")

    report = ingest()

    (outcome,) = [found for found in report.outcomes if found.kind is not Kind.LANDED]
    assert name in outcome.message
    assert good_landed(lake)


def test_a_folder_of_unrelated_files_is_told_apart(
    good: Path, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    (exports / "notes.md").write_text("# notes")
    (exports / "photo.png").write_bytes(b"\x89PNG")
    (exports / "people.csv").write_text("name,age\nAda,36\n")
    (exports / "not-really.parquet").write_bytes(b"hello")

    report = ingest()

    messages = " ".join(outcome.message for outcome in report.outcomes)
    assert "people.csv is no cost export we know" in messages
    assert "not-really.parquet" in messages
    assert good_landed(lake)


@pytest.mark.parametrize("tenant", ["../evil", "..", "", "a/b", "Über", "a" * 64, "-x", "a\nb"])
def test_a_name_that_is_no_folder_is_refused(
    tenant: str, good: Path, ingest: Ingest, tmp_path: Path
) -> None:
    before = sorted(tmp_path.rglob("*"))

    with pytest.raises(InvalidNameError, match="cannot be used"):
        ingest(tenant=tenant)

    assert sorted(tmp_path.rglob("*")) == before


def test_a_source_that_is_not_there_is_named(ingest: Ingest, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="neither a file nor a folder"):
        ingest(tmp_path / "nowhere")


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


def test_a_nul_byte_fails_its_file_and_names_the_line(
    good: Path, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    path = made.write(exports / "nul.csv", made.FOCUS, {}, {"ServiceName": "a@b"})
    path.write_bytes(path.read_bytes().replace(b"a@b", b"a\x00b"))

    report = ingest()

    assert "nul.csv holds a NUL byte in line 3" in message(report, Kind.FAILED)
    assert report.exit_status == 3
    assert good_landed(lake)


def test_line_ends_of_another_age_fail_their_file_alone(
    good: Path, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    path = made.write(exports / "mac.csv", made.FOCUS, {}, {})
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r"))

    report = ingest()

    assert "mac.csv" in message(report, Kind.FAILED)
    assert good_landed(lake)


def test_a_gzip_that_is_none_is_damaged_not_skipped(
    good: Path, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    (exports / "damaged.csv.gz").write_bytes(b"\x00\x01\x02" * 100)

    report = ingest()

    assert "damaged.csv.gz is no gzip file" in message(report, Kind.FAILED)
    assert good_landed(lake)


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


def test_a_link_to_nothing_is_named(good: Path, exports: Path, ingest: Ingest, lake: Lake) -> None:
    (exports / "june").mkdir()
    (exports / "june/bill.csv").symlink_to(exports / "unmounted/bill.csv")

    report = ingest()

    assert message(report, Kind.FAILED) == (
        "june/bill.csv is a link to a file that is not there; restore the file or remove the link"
    )
    assert good_landed(lake)
