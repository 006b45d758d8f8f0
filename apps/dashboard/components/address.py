"""Controls whose value lives in the address, so that a link and the back button restore it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import streamlit as st

PARTNER_PARAM = "partner"
Style = Literal["list", "buttons"]


def replace_params(params: Mapping[str, Sequence[str]]) -> None:
    """Replace what the address says of the page; the partner stays."""
    partner = st.query_params.get_all(PARTNER_PARAM)
    st.query_params.from_dict({PARTNER_PARAM: partner, **{k: list(v) for k, v in params.items()}})


def read_params() -> dict[str, list[str]]:
    """Return what the address says of the page, without the partner."""
    names = [name for name in st.query_params if name != PARTNER_PARAM]
    return {name: st.query_params.get_all(name) for name in names}


def choose(
    label: str,
    options: Mapping[str, str],
    *,
    param: str,
    style: Style = "list",
    help_text: str | None = None,
) -> str:
    """Show a choice and return the key that the address names, or the first.

    Args:
        label: Name of the control.
        options: What can be chosen: words on the page by value in the address.
        param: Its name in the address; the first option is left out of it.
        style: A list for many or a stranger's options, buttons for a few of ours.
        help_text: A sentence about it.
    """
    keys = list(options)
    asked = st.query_params.get(param, keys[0])
    key = f"address-{param}"
    st.session_state[key] = asked if asked in options else keys[0]
    write: Callable[[str], str] = options.__getitem__
    store = (param, key, keys[0])
    if style == "buttons":
        st.segmented_control(
            label,
            keys,
            key=key,
            format_func=write,
            required=True,
            on_change=_store,
            args=store,
            help=help_text,
        )
    else:
        st.selectbox(
            label, keys, key=key, format_func=write, on_change=_store, args=store, help=help_text
        )
    return str(st.session_state[key])


def _store(param: str, key: str, default: str) -> None:
    chosen = st.session_state[key]
    if chosen in (None, default):
        st.query_params.pop(param, None)
    else:
        st.query_params[param] = chosen
