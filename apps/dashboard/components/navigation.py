"""The list of pages; each link keeps the partner in the address."""

from collections.abc import Sequence

import streamlit as st
from streamlit.navigation.page import Page


def show_navigation(pages: Sequence[Page]) -> None:
    """Show a link to each page."""
    partner_id = st.query_params.get("partner")
    params = {"partner": partner_id} if partner_id else None
    for page in pages:
        st.page_link(page, query_params=params, width="stretch")
