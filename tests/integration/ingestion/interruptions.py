"""Kills what lands a bill between two of its files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingestion.lake import TenantLake


@contextmanager
def killed_after(monkeypatch: pytest.MonkeyPatch, last: str) -> Iterator[None]:
    """Kill whatever lands in the block as soon as a table of a partition was replaced."""
    replace = TenantLake.replace

    def killed(self: TenantLake, written: Path, table: str, *partition: str) -> None:
        replace(self, written, table, *partition)
        if table == last:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(TenantLake, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            yield
