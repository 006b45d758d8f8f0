"""A stranger's text inside our sentences."""

import pytest

from apps.dashboard.components.text import escaped


@pytest.mark.parametrize(
    "text",
    ["dana@example.com", "www.example.com", "WWW.example.com", "http://example.com", ":smile:"],
)
def test_nothing_that_becomes_a_link_or_icon_stands_whole(text: str) -> None:
    written = escaped(text)

    assert text not in written.replace("\\", "")
    assert written.replace("\\", "").replace("\u2060", "") == text


def test_a_line_break_becomes_a_space() -> None:
    assert escaped("a\nb") == "a b"
