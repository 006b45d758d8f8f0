"""Reading amounts the fast way gives what reading them the exact way gives, digit by digit."""

from collections.abc import Iterator
from contextlib import closing
from decimal import ROUND_HALF_UP, Decimal, localcontext
from pathlib import Path

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingestion.costs.engine import Limits, connect

_PLACES = Decimal(1).scaleb(-20)
TEXTS = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False, places=10).map(str),
    st.decimals(-(10**17), 10**17, places=20).map(lambda value: f"{value:f}"),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.floats(-1e6, 1e6).map(repr),
    st.from_regex(r"[-+]?[0-9]{0,20}\.?[0-9]{0,22}([eE][-+]?[0-9]{1,2})?", fullmatch=True),
)


# below the last decimal that is held, an engine's rounding decides
DOUBLES = st.floats(-1e17, 1e17).filter(lambda number: number == 0 or abs(number) > 1e-19)


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder: Path = tmp_path_factory.mktemp("amounts")
    with closing(connect(folder, Limits("500MB", 1))) as opened:
        yield opened


@given(written=st.lists(TEXTS, min_size=1, max_size=200))
@settings(max_examples=150, deadline=None)
@example(written=["0.1000000000000000001", "1e-15", "123456789012345678", "0.12345678901234567"])
@example(
    written=["-0.00000000005", "99999999.9999999999", "100000000.0000000001", ".5", "5.", "1E5"]
)
def test_a_text_keeps_every_digit(con: duckdb.DuckDBPyConnection, written: list[str]) -> None:
    rows = con.execute(
        "select w, decimal_of_text(w), try_cast(w as decimal(38, 20)) from unnest(?) t(w)",
        [written],
    ).fetchall()

    for text, fast, exact in rows:
        assert fast == exact, text


@given(numbers=st.lists(DOUBLES, min_size=1, max_size=200))
@settings(max_examples=150, deadline=None)
@example(numbers=[0.1 + 0.2, 1e-9, 1.66667e-05, 123456.789, 99999.99999999999, 1e15 / 3])
def test_a_double_is_what_its_writer_meant(
    con: duckdb.DuckDBPyConnection, numbers: list[float]
) -> None:
    rows = con.execute(
        "select x, decimal_of_double(x, cast(x as varchar)) from unnest(?::double[]) t(x)",
        [numbers],
    ).fetchall()

    with localcontext(prec=60):
        for number, read in rows:
            assert read == Decimal(repr(number)).quantize(_PLACES, ROUND_HALF_UP), number
