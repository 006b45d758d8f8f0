"""Every type that a query can give is written in every form, with all it holds."""

import csv
import io
import json
from contextlib import closing
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from apps.cli.sql_output import Format, write

TYPES = {
    "'123456789012.12345678901234567891'::decimal(38, 20)": ("123456789012.12345678901234567891"),
    "'-0.00'::decimal(9, 2)": "0",
    "'1200.50'::decimal(9, 2)": "1200.5",
    "time '12:34:56.5'": "12:34:56.500000",
    "'\\xAA\\x00'::blob": "aa00",
    "interval '1 month 2 days 3.5 seconds'": "P1M2DT3.5S",
    "date '2026-05-02'": "2026-05-02",
    "timestamp 'infinity'": "infinity",
    "timestamptz 'infinity'": "infinity",
    "timestamp '-infinity'": "-infinity",
    "date 'infinity'": "infinity",
    "date '0044-03-15 (BC)'": "-0043-03-15",
    "timestamp '20260-05-02'": "20260-05-02T00:00:00.000000",
    "'a'::enum('a', 'b')": "a",
    "union_value(k := 'x')": "x",
    "170141183460469231731687303715884105727": "170141183460469231731687303715884105727",
}
NESTED = {
    "{'a': [1.50::decimal(38, 20), null], 'b': date 'infinity'}": {
        "a": ["1.5", None],
        "b": "infinity",
    },
    "map {'a': 1.5::decimal(38, 20)}": {"a": "1.5"},
    "map {'a': timestamp 'infinity'}": {"a": "infinity"},
    "[interval 1 day]": ["P0M1DT0S"],
}


def asked(expression: str) -> pa.Table:
    with closing(duckdb.connect()) as con:
        con.execute("set TimeZone = 'UTC'")
        return con.execute(f"select {expression} as v").to_arrow_table()


def written(table: pa.Table, form: Format, folder: Path) -> str:
    target = folder / f"rows.{form}"
    write(table, form, target)
    return target.read_text()


@pytest.mark.parametrize(("expression", "expected"), TYPES.items())
def test_every_type_is_written_whole(expression: str, expected: str, tmp_path: Path) -> None:
    table = asked(expression)

    assert json.loads(written(table, Format.JSON, tmp_path)) == [{"v": expected}]
    assert list(csv.DictReader(io.StringIO(written(table, Format.CSV, tmp_path)))) == [
        {"v": expected}
    ]
    assert expected.replace("T", " ")[:16] in written(table, Format.TABLE, tmp_path).replace(
        "T", " "
    )
    write(table, Format.PARQUET, tmp_path / "rows.parquet")
    assert pq.read_metadata(tmp_path / "rows.parquet").num_rows == 1


@pytest.mark.parametrize(("expression", "expected"), NESTED.items())
def test_what_is_nested_is_json_in_every_text(
    expression: str, expected: object, tmp_path: Path
) -> None:
    table = asked(expression)

    assert json.loads(written(table, Format.JSON, tmp_path)) == [{"v": expected}]
    (row,) = csv.DictReader(io.StringIO(written(table, Format.CSV, tmp_path)))
    assert json.loads(row["v"]) == expected
    write(table, Format.PARQUET, tmp_path / "rows.parquet")


@pytest.mark.parametrize(
    ("number", "expected"), [("nan", "NaN"), ("inf", "Infinity"), ("-inf", "-Infinity")]
)
def test_json_names_what_is_no_number_of_json(number: str, expected: str, tmp_path: Path) -> None:
    rows = written(asked(f"'{number}'::double"), Format.JSON, tmp_path)

    assert json.loads(rows, parse_constant=pytest.fail) == [{"v": expected}]


def test_an_interval_in_parquet_is_text(tmp_path: Path) -> None:
    write(asked("interval 1 day"), Format.PARQUET, tmp_path / "rows.parquet")

    assert pq.read_table(tmp_path / "rows.parquet")["v"].to_pylist() == ["P0M1DT0S"]


def test_a_table_in_a_pipe_keeps_cells_and_headers_whole(
    capsys: pytest.CaptureFixture[str],
) -> None:
    table = pa.table({f"column_{at}_of_many": ["x" * 90] for at in range(9)})

    write(table, Format.TABLE, None)

    told = capsys.readouterr().out
    assert "…" not in told
    assert told.count("x" * 90) == 9
    assert "column_8_of_many" in told


def test_no_cell_and_no_column_steers_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    write(pa.table({"a\x1b[2J": ["vm-\x1b]0;owned\x07\x9b31m\u202e"]}), Format.TABLE, None)

    told = capsys.readouterr().out
    assert not set(told) & set("\x1b\x07\x9b\u202e")
    assert "vm-\\x1b]0;owned\\x07\\x9b31m\\u202e" in told
