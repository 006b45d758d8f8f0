"""Whether whoever looks is still let in: a fragment runs by itself, and past the gate."""

import streamlit as st

from apps.dashboard.directory import open_directory
from apps.dashboard.identity import current_person
from control.permission import is_present
from pipeline.settings import Settings


def require_presence() -> None:
    """Let the gate say why, where whoever looks is no member any more or its session is over."""
    if not is_present(open_directory(Settings().control), current_person().as_actor):
        st.rerun(scope="app")
