"""Why a list of findings is empty or incomplete, and what to do about it."""

from dataclasses import replace

import streamlit as st

from apps.dashboard import format as fmt
from apps.dashboard.components import finding_controls as controls
from apps.dashboard.components.finding_links import HEALTH_PAGE, page_params
from apps.dashboard.components.text import escaped
from apps.dashboard.data.findings import ScanState
from apps.dashboard.finding_fields import FIELDS
from apps.dashboard.finding_state import FindingView


def show_no_findings(state: ScanState, partner_id: str) -> None:
    """Say why there is no open finding at all."""
    if not state.is_current:
        st.info(
            f"The marts of {escaped(partner_id)} were published before there were findings. Run "
            f"`cloudprune build --partner {partner_id}` and then "
            f"`cloudprune publish --partner {partner_id}`.",
            icon=":material/hourglass_empty:",
        )
    elif not state.scan_count:
        st.info(
            "No cloud was scanned yet, so there are no findings. Connect an account with "
            "`cloudprune connect` and scan it: "
            f"`cloudprune scan --partner {partner_id} --tenant T`.",
            icon=":material/radar:",
        )
    else:
        st.success(
            f"No open findings after {fmt.counted(state.scan_count, 'scan')}.",
            icon=":material/check_circle:",
        )
        show_unread(state)


def show_unread(state: ScanState) -> None:
    """Say that places were not read, which findings may lie in."""
    if not state.unread_count:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="finding-unread"):
        st.caption(
            f":material/warning: The last scans could not read "
            f"{fmt.counted(state.unread_count, 'place')}: findings there are of earlier scans, "
            "or missing.",
            width="content",
        )
        st.page_link(HEALTH_PAGE, label="See why", query_params=page_params({}), width="content")


def show_too_narrow(view: FindingView, state: ScanState, finding_count: int) -> None:
    """Say that the filters or the page leave nothing, and offer the way back."""
    if finding_count:
        st.info(
            f"These filters leave {fmt.counted(finding_count, 'finding')}; the list has no page "
            f"{view.page:,}.",
            icon=":material/search_off:",
        )
        st.button("First page", on_click=controls.go_to, args=(replace(view, page=1),))
        return
    if not view.is_narrowed:
        st.success(
            f"Nothing to do now: {fmt.counted(state.finding_count, 'finding')} snoozed, dismissed "
            "or done.",
            icon=":material/check_circle:",
        )
        every = view.filtered("state", [key for key, _ in FIELDS["state"].words])
        st.button("Show them", on_click=controls.go_to, args=(every,))
        return
    st.info(
        f"None of the {fmt.counted(state.finding_count, 'open finding')} passes these filters.",
        icon=":material/search_off:",
    )
    controls.show_reset(view, "Show all findings")
