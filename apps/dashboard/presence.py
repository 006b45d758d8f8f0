"""Whether whoever looks is still let in: a fragment runs by itself, and past the gate."""

import streamlit as st

from apps.dashboard.directory import open_directory
from apps.dashboard.identity import current_person
from apps.dashboard.sign_in.admission import as_held
from control.permission import is_present
from pipeline.settings import Settings


def require_presence() -> None:
    """Let the gate ask again, where whoever looks may not by now, or is something else."""
    directory, person = open_directory(Settings().control), current_person()
    if as_held(directory, person) != person or not is_present(directory, person.as_actor):
        st.rerun(scope="app")
