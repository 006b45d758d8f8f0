"""Answers as files that people open in spreadsheets."""

import csv
import io
from decimal import Decimal

import pyarrow as pa
import pytest

from apps.dashboard.exports import to_csv


def read(table: pa.Table) -> list[list[str]]:
    """Return the cells of a table's CSV, the header first."""
    text = to_csv(table).decode()
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("https://example.com","click")',
        "+1+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        "=1\n=2",
    ],
)
@pytest.mark.parametrize(
    "type_", [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())], ids=str
)
def test_text_that_spreadsheets_would_run_begins_with_an_apostrophe(
    text: str, type_: pa.DataType
) -> None:
    table = pa.table({"resource_name": pa.array([text]).cast(type_)})

    assert read(table) == [["resource_name"], [f"'{text}"]]


def test_a_column_named_by_a_stranger_is_text_too() -> None:
    assert read(pa.table({"=1+1": ["web"]})) == [["'=1+1"], ["web"]]


def test_other_text_stays_as_it_is() -> None:
    texts = ["web-1", "a=b", "", "mid\n=1", "'quoted", "\u00fc@home"]

    assert [row[0] for row in read(pa.table({"resource_name": texts, "n": range(6)}))[1:]] == texts


def test_numbers_and_amounts_are_never_touched() -> None:
    table = pa.table(
        {
            "amount": pa.array([Decimal("-1.50"), None], pa.decimal128(38, 2)),
            "count": [-3, None],
            "ratio": [-0.25, None],
        }
    )

    assert read(table)[1:] == [["-1.5", "-3", "-0.25"], ["", "", ""]]
