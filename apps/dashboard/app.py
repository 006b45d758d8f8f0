"""Entry point: refuses strangers, chooses the partner and routes to a page."""

from pathlib import Path

import streamlit as st

from apps.dashboard.components.navigation import show_navigation
from apps.dashboard.failure import told_in_a_sentence
from apps.dashboard.loopback import is_loopback
from apps.dashboard.partner import choose_partner
from pipeline.settings import Settings

HERE = Path(__file__).parent

st.set_page_config(
    page_title="CloudPrune",
    page_icon=HERE / "icon.svg",
    layout="wide",
    initial_sidebar_state=232,
)
if not is_loopback(st.get_option("server.address")):
    st.error(
        "The dashboard has no sign-in yet and shows nothing to other computers. Start it with "
        "`cloudprune demo`, which binds it to 127.0.0.1.",
        icon=":material/lock:",
    )
    st.stop()

pages = [
    st.Page(
        HERE / "app_pages/overview.py",
        title="Overview",
        icon=":material/monitoring:",
        default=True,  # its address is the root
    ),
    st.Page(
        HERE / "app_pages/costs.py", title="Costs", icon=":material/payments:", url_path="costs"
    ),
    st.Page(
        HERE / "app_pages/findings.py",
        title="Findings",
        icon=":material/savings:",
        url_path="findings",
    ),
    st.Page(
        HERE / "app_pages/data_health.py",
        title="Data health",
        icon=":material/fact_check:",
        url_path="data-health",
    ),
    st.Page(
        HERE / "app_pages/privacy.py",
        title="Privacy",
        icon=":material/shield_person:",
        url_path="privacy",
    ),
]
finding = st.Page(HERE / "app_pages/finding.py", title="Finding", url_path="finding")
page = st.navigation([*pages, finding], position="hidden")
st.html(HERE / "style.css")
with told_in_a_sentence():
    with st.sidebar:
        choose_partner(Settings())
        show_navigation(pages)
    page.run()
