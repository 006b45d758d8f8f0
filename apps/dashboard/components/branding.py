"""How the partner appears: the form, and a preview of what others see."""

import base64
from functools import partial

import streamlit as st

from apps.dashboard.components.feedback import attempt
from apps.dashboard.components.text import escaped
from apps.dashboard.identity import Person
from control.directory import Directory
from control.errors import InvalidInputError
from control.logo import LONGEST_FILE, clean_logo
from control.partner_changes import (
    LONGEST_CONTACT,
    LONGEST_NAME,
    Appearance,
    set_branding,
)
from control.partner_settings import Branding

OWN_COLOR = "#0b6e4f"
_LOGO_WIDTH = 180


def show_brand(branding: Branding | None) -> None:
    """Show logo, name, contact and accent of a partner that has them."""
    if branding is None:
        return
    if branding.logo:
        st.image(base64.b64decode(branding.logo), width=_LOGO_WIDTH)
    if branding.name:
        st.markdown(f"**{escaped(branding.name)}**")
    if branding.contact:
        st.caption(escaped(branding.contact))
    if branding.color:
        _show_accent(branding.color)


def show_branding(directory: Directory, person: Person, held: Branding | None) -> None:
    """Show the form, and beside it the preview of what it holds."""
    key = f"branding-{held.changed_at.isoformat() if held else 'new'}"
    form, preview = st.columns([3, 2], gap="large")
    with form:
        name = st.text_input(
            "Name", held.name if held else "", max_chars=LONGEST_NAME,
            placeholder=person.partner_id, key=f"{key}-name",
        )  # fmt: skip
        contact = st.text_input(
            "Contact", held.contact if held else "", max_chars=LONGEST_CONTACT,
            placeholder="finops@example.com, +49 30 1234567", key=f"{key}-contact",
        )  # fmt: skip
        color = st.color_picker(
            "Accent", (held.color if held else "") or OWN_COLOR, key=f"{key}-color"
        )
        given = st.file_uploader(
            "Logo", type=["png", "jpg", "jpeg"], key=f"{key}-logo", max_upload_size=1,
            help=f"PNG or JPEG of at most {LONGEST_FILE // 1_000_000} MB; it is drawn anew.",
        )  # fmt: skip
        removes = bool(held and held.logo) and st.checkbox("Without a logo", key=f"{key}-no-logo")
        logo = given.getvalue() if given is not None else (b"" if removes else None)
        drawn = _drawn(logo, held)
        st.button(
            "Save",
            type="primary",
            key=f"{key}-save",
            on_click=attempt,
            args=(
                "Saved: the side bar shows it, and invitations name you and your contact.",
                partial(
                    set_branding, directory, person.as_actor,
                    Appearance(name, contact, color, logo), held,
                ),
            ),
        )  # fmt: skip
    with preview:
        st.caption("Preview")
        with st.container(border=True, key="branding-preview"):
            if drawn:
                st.image(base64.b64decode(drawn), width=_LOGO_WIDTH)
            st.markdown(f"**{escaped(name or person.partner_id)}**")
            if contact:
                st.caption(escaped(contact))
            _show_accent(color)


def _drawn(logo: bytes | None, held: Branding | None) -> str:
    """Return the logo as it would be kept, or nothing, and why, where it would be refused."""
    if logo is None:
        return held.logo if held else ""
    try:
        return clean_logo(logo) if logo else ""
    except InvalidInputError as error:
        text = str(error)
        st.error(f"{text[:1].upper()}{text[1:]}.", icon=":material/error:")
        return ""


def _show_accent(color: str) -> None:
    st.html(f'<div style="height: 4px; background: {color}; border-radius: 2px"></div>')
