"""The dashboard for a test: its own entry point, with a person who signed in."""

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from apps.dashboard.identity import Person
from apps.dashboard.pages import PageEntry

APP = Path(__file__).parents[3] / "apps/dashboard/app.py"
_TIMEOUT_S = 120


class Dashboard:
    """One person at the dashboard.

    Args:
        patch: Takes back what is changed for the test.
        person: Who signed in.

    Attributes:
        files: Name and content of every file that the pages offered.
    """

    def __init__(self, patch: pytest.MonkeyPatch, person: Person) -> None:
        patch.setitem(sys.modules, "__main__", sys.modules["__main__"])
        patch.setattr("apps.dashboard.entrance.find_person", lambda _: person)
        patch.setattr("apps.dashboard.entrance.show_account", lambda *_: None)
        patch.setattr(st, "download_button", self._offered(st.download_button))
        self.files: list[tuple[str, bytes]] = []
        self._app = AppTest.from_file(str(APP), default_timeout=_TIMEOUT_S)
        self._is_open = False

    def open(self, entry: PageEntry, params: Mapping[str, str]) -> AppTest:
        """Open a page as an address names it."""
        if not self._is_open:
            self._app.run()  # pages are known by their addresses once they are registered
            self._is_open = True
        self._app.switch_page(f"app_pages/{entry.name}.py")
        self._app.query_params.clear()
        for name, value in params.items():
            self._app.query_params[name] = value
        self._app.run()
        assert not self._app.exception
        return self._app

    def _offered(self, show: Callable[..., Any]) -> Callable[..., Any]:
        def offer(label: str, data: Any, *arguments: Any, **named: Any) -> Any:
            content = data() if callable(data) else data
            content = content.encode() if isinstance(content, str) else content
            self.files.append((str(named.get("file_name", label)), content))
            return show(label, content, *arguments, **named)

        return offer


def shown(app: AppTest) -> Iterator[object]:
    """Yield everything that a page sent to the browser."""
    waiting: list[Any] = [app._tree]
    while waiting:
        node = waiting.pop()
        waiting.extend(getattr(node, "children", {}).values())
        proto = getattr(node, "proto", None)
        if proto is not None:
            yield proto.SerializeToString()
        if type(node).__name__ == "Dataframe":
            yield node.value
