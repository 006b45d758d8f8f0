"""Entry point: finds out who looks, and shows the page that was asked for, if it may be seen."""

from pathlib import Path

import streamlit as st

from apps.dashboard.components.branding import show_brand
from apps.dashboard.components.navigation import show_navigation
from apps.dashboard.directory import open_directory
from apps.dashboard.entrance import find_person, show_account
from apps.dashboard.failure import told_in_a_sentence
from apps.dashboard.identity import be
from apps.dashboard.pages import PAGES, entry_of, listed_for
from apps.dashboard.reads import note_read, refuse_page, refuse_restricted
from apps.dashboard.restriction import show_restriction, stops
from pipeline.settings import Settings

HERE = Path(__file__).parent

st.set_page_config(
    page_title="CloudPrune",
    page_icon=HERE / "icon.svg",
    layout="wide",
    initial_sidebar_state=232,
)
registered = {entry.name: entry.registered() for entry in PAGES}
page = st.navigation(list(registered.values()), position="hidden")
st.html(HERE / "style.css")
with told_in_a_sentence():
    settings = Settings()
    person = find_person(settings)
    be(person)
    with st.sidebar:
        show_brand(open_directory(settings.control).branding(person.partner_id))
        show_account(settings, person)
        show_navigation([registered[entry.name] for entry in listed_for(person)])
    entry = entry_of(page)
    if not person.may(entry.action):
        refuse_page(settings, person, entry)
        st.stop()
    show_restriction(settings, person)
    if stops(settings, person, entry.at_least):
        refuse_restricted(settings, person, entry)
        st.stop()
    note_read(settings, person, entry)
    page.run()
