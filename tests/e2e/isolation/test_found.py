"""The search that all proofs of isolation rest on finds what is there, however it is packed."""

import io
import zipfile

import pandas as pd
import pyarrow as pa
import pytest

from apps.dashboard.exports import to_csv, to_excel, to_parquet
from tests.e2e.isolation.found import leaks

TABLE = pa.table({"tag": ["a Quokka tag"], "cost": [31415.93]})


def zipped(content: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside.bin", content)
    return sink.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        "the quokka's 31,415.93 USD",
        to_csv(TABLE),
        to_excel(TABLE),
        to_parquet(TABLE),
        zipped(to_parquet(TABLE)),
        zipped(zipped(to_excel(TABLE))),
        TABLE,
        TABLE.to_pandas(),
        [("x", {"y": TABLE})],
        {"quokka": pd.Series([31415.93])},
    ],
)
def test_words_and_amounts_are_found(content: object) -> None:
    assert leaks(content, ["quokka", "31415.93", "wombat"]) == ["quokka", "31415.93"]
