"""The control database, opened once for all who look."""

import streamlit as st

from control.directory import Directory


@st.cache_resource(max_entries=4, show_spinner=False, on_release=lambda held: held.close())
def open_directory(url: str) -> Directory:
    """Return the directory at an address.

    Raises:
        ControlUnavailableError: It cannot be opened, or is newer than this version.
    """
    return Directory(url)
