"""What makes two deliveries the same."""

import os
from pathlib import Path

import pytest

from ingestion.costs.deliveries import find_deliveries
from ingestion.storage import Storage

SIZE = 9 * 1024 * 1024


def load_id(folder: Path) -> str:
    (delivery,) = find_deliveries(Storage(str(folder))).deliveries
    return delivery.load_id


@pytest.mark.parametrize("name", ["may.parquet", "may.csv.gz", "may.zip"])
def test_a_value_changed_in_the_middle_of_a_large_file_is_another_delivery(
    name: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(bytes(SIZE))
    written = path.stat()
    before = load_id(tmp_path)
    with path.open("r+b") as handle:
        handle.seek(SIZE // 2)
        handle.write(b"\x01")
    os.utime(path, ns=(written.st_atime_ns, written.st_mtime_ns))

    assert load_id(tmp_path) != before


def test_large_plain_text_is_another_delivery_when_it_was_written_again(tmp_path: Path) -> None:
    path = tmp_path / "may.csv"
    path.write_bytes(bytes(SIZE))
    before = load_id(tmp_path)
    again = load_id(tmp_path)
    os.utime(path, ns=(0, 10**18))

    assert again == before
    assert load_id(tmp_path) != before
