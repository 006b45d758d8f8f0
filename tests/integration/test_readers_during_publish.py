"""Readers while generations are published: no error, and never two generations in one answer."""

import threading
from pathlib import Path

import duckdb
import pytest

from pipeline.settings import Settings
from serving.encryption import attach_encrypted, load_encryption
from serving.keys import partner_key
from serving.publish import Warehouse, publish_warehouse
from serving.session import open_session

pytestmark = pytest.mark.integration

PARTNER = "northwind"
GENERATIONS = 12
ROWS = 2_000


def publish(settings: Settings, number: int) -> None:
    """Publish two marts in which every row holds the same number."""
    path = settings.work(PARTNER) / f"warehouse-{number}.duckdb"
    path.parent.mkdir(parents=True, exist_ok=True)
    key = partner_key(settings.keys, PARTNER)
    with duckdb.connect() as connection:
        load_encryption(connection)
        attach_encrypted(connection, path, alias="warehouse", key=key, read_only=False)
        connection.execute("create schema warehouse.marts")
        for mart in ("fct_a", "fct_b"):
            connection.execute(
                f"create table warehouse.marts.{mart} as "
                f"select {number} as version, i from range({ROWS}) t(i)"
            )
    publish_warehouse(
        Warehouse(path, "marts", path.parent / "scratch", "500MB", 1, is_whole=lambda _: True),
        serving_root=settings.serving,
        keys_root=settings.keys,
        partner_id=PARTNER,
        say=lambda _: None,
    )


def test_readers_never_see_an_error_or_a_mixed_state(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    publish(settings, 0)
    seen: list[tuple[int, int, int, int]] = []
    failures: list[BaseException] = []
    is_over = threading.Event()

    def read() -> None:
        try:
            while not is_over.is_set():
                with open_session(settings.serving, settings.keys, PARTNER) as session:
                    for _ in range(2):
                        (row,) = session.query(
                            "select min(a.version) as low, max(b.version) as high, count(*) as n "
                            "from fct_a a join fct_b b using (i)"
                        ).to_pylist()
                        seen.append((session.generation, row["low"], row["high"], row["n"]))
        except BaseException as error:
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(1, GENERATIONS):
        publish(settings, number)
    is_over.set()
    for reader in readers:
        reader.join()

    assert failures == []
    assert {(generation - 1, generation - 1, ROWS) for generation, *_ in seen} == {
        (low, high, n) for _, low, high, n in seen
    }
    assert all(low == high == generation - 1 for generation, low, high, _ in seen)
    assert len({generation for generation, *_ in seen}) > 1
