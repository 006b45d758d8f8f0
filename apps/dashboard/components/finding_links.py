"""Addresses of findings: on the page, to copy, and back to the list they were opened from."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode, urljoin

import streamlit as st

from apps.dashboard.components.address import PARTNER_PARAM
from apps.dashboard.finding_state import FINDING_PARAM

LIST_PAGE = "app_pages/findings.py"
FINDING_PAGE = "app_pages/finding.py"
COSTS_PAGE = "app_pages/costs.py"
HEALTH_PAGE = "app_pages/data_health.py"
Params = Mapping[str, Sequence[str]]


def page_params(params: Params) -> list[tuple[str, str]]:
    """Return parameters of another page of the same partner."""
    partner = [(PARTNER_PARAM, value) for value in st.query_params.get_all(PARTNER_PARAM)]
    return partner + [(name, value) for name, values in params.items() for value in values]


def open_finding(finding_id: str, params: Params | None = None) -> None:
    """Go to a finding; the parameters say to which list its reader returns."""
    found = {name: values for name, values in (params or {}).items() if name != FINDING_PARAM}
    st.switch_page(FINDING_PAGE, query_params=page_params({**found, FINDING_PARAM: [finding_id]}))


def finding_url(finding_id: str) -> str:
    """Return the whole address of a finding, to be sent to somebody."""
    query = urlencode(page_params({FINDING_PARAM: [finding_id]}))
    return urljoin(st.context.url or "", f"finding?{query}")
