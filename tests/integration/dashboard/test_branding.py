"""Branding where it shows: the side bar, and the preview of what is about to be saved."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from control.partner_settings import Branding

pytestmark = pytest.mark.integration


def drawing(logo: bytes) -> None:
    """Draw the preview of an upload; runs as a page of its own."""
    import streamlit as st

    from apps.dashboard.components.branding import _drawn

    st.text("drawn" if _drawn(logo, None) else "nothing")


def side_bar(branding: "Branding") -> None:
    """Draw what the side bar shows; runs as a page of its own."""
    from apps.dashboard.components.branding import show_brand

    show_brand(branding)


def shown(page: Any, *given: object) -> AppTest:
    app = AppTest.from_function(page, args=given, default_timeout=60).run()
    assert not app.exception
    return app


def picture(size: tuple[int, int]) -> bytes:
    content = io.BytesIO()
    Image.new("L", size).save(content, "PNG")
    return content.getvalue()


@pytest.mark.parametrize(
    ("logo", "told"),
    [
        (b"no picture", "The logo is no picture that can be read"),
        (picture((5000, 10)), "The logo is 5,000 by 10 pixels"),
    ],
)
def test_what_would_be_refused_is_said_and_never_drawn(logo: bytes, told: str) -> None:
    app = shown(drawing, logo)

    assert app.text[0].value == "nothing"
    assert told in app.error[0].value


def test_a_logo_is_previewed_as_it_would_be_kept() -> None:
    app = shown(drawing, picture((60, 20)))

    assert app.text[0].value == "drawn"
    assert not app.error


def test_the_side_bar_shows_contact_and_accent() -> None:
    when = datetime(2026, 5, 20, tzinfo=UTC)

    app = shown(side_bar, Branding("acme", "Acme", "finops@acme.test", "#1f6feb", "", "ada", when))

    assert app.caption[0].value.replace("\\", "").replace("\u2060", "") == "finops@acme.test"
    assert "#1f6feb" in str(app.get("html")[0].proto)
