"""Pages run in the test's own process, which they must leave as it was."""

import sys

import pytest


@pytest.fixture(autouse=True)
def _main_module(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take back `__main__`, which a page replaces; processes started later would run the page."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
