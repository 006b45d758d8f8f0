"""The scans that were: a filtered list, and what one of them could not read and why."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import pandas as pd
import streamlit as st

from apps.dashboard import format as fmt
from apps.dashboard.components.address import choose, read_params, replace_params
from apps.dashboard.components.scans import STATUS as PLACE_STATUS
from apps.dashboard.components.table import Column, selected_row, show_sentences, show_table
from apps.dashboard.components.text import escaped
from apps.dashboard.scan_words import FILTERS, STATUS, places, sentence, took
from control.records import Scan
from control.scan_states import ScanState
from pipeline.scan_problems import Reason, few


def show_filters(tenants: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Show what can be filtered by, and return the tenant and the states that are wanted."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=260):
            tenant = choose(
                "Tenant", {"": "All tenants", **{name: name for name in tenants}}, param="tenant"
            )
        words = {value: word for value, (word, _) in FILTERS.items()}
        status = choose("Status", words, param="status", style="buttons")
    return tenant, FILTERS[status][1]


def show_history(
    scans: Sequence[Scan], unread_counts: Mapping[str, int], present: datetime
) -> None:
    """Show scans, in their order; selecting one names it in the address."""
    scan_ids = [scan.scan_id for scan in scans]
    key = f"scan-history-{hash(tuple(scan_ids))}"
    show_table(
        pd.DataFrame(
            {
                "asked_at": [scan.requested_at for scan in scans],
                "tenant": [scan.tenant_id for scan in scans],
                "connection": [scan.connection_id for scan in scans],
                "status": [STATUS[ScanState(scan.status)] for scan in scans],
                "who": [scan.requested_by for scan in scans],
                "took": [took(scan, present) for scan in scans],
                "resources": [scan.resource_count for scan in scans],
                "calls": [scan.call_count for scan in scans],
                "places": [places(scan) for scan in scans],
                "unread": [unread_counts.get(scan.scan_id, 0) for scan in scans],
            }
        ),
        {
            "asked_at": Column("Asked for", "instant", width=150),
            "tenant": Column("Tenant", width=95),
            "connection": Column("Connection", width=155),
            "status": Column("Status", width=80),
            "who": Column("Asked by", width=130),
            "took": Column("Took", width=58),
            "resources": Column("Resources", "count", width=80),
            "calls": Column("Calls", "count", "Calls of the cloud's API", width=58),
            "places": Column("Places", help="A place is a table of one region", width=65),
            "unread": Column("Not read", "count", "Places that did not answer", width=68),
        },
        key=key,
        on_select=lambda: _choose(key, scan_ids),
        max_rows=10,
    )


def show_scan(scan: Scan, reasons: Sequence[Reason], present: datetime) -> None:
    """Show one scan: what it did, and what somebody has to do."""
    with st.container(horizontal=True, vertical_alignment="center"):
        title = f"{scan.tenant_id}, {scan.connection_id}"
        st.subheader(escaped(title), anchor=False, width="stretch")
        st.button("Close", icon=":material/close:", on_click=_close)
    st.caption(
        escaped(
            f"Asked for by {scan.requested_by}, {fmt.instant(scan.requested_at)}; "
            + (f"began {fmt.instant(scan.started_at)}." if scan.started_at else "never began.")
        )
    )
    with st.container(horizontal=True):
        st.metric("Status", STATUS[ScanState(scan.status)], border=True)
        st.metric("Took", took(scan, present), border=True)
        st.metric("Resources", fmt.count(scan.resource_count), border=True)
        st.metric("Calls", fmt.count(scan.call_count), border=True)
        st.metric("Places", places(scan), border=True)
    if reasons:
        _show_reasons(reasons)
    elif scan.status == ScanState.COMPLETE:
        st.success("Everything was read.", icon=":material/check_circle:")
    elif scan.message:
        st.warning(escaped(sentence(scan.message)), icon=":material/warning:")


def _show_reasons(reasons: Sequence[Reason]) -> None:
    show_sentences(
        pd.DataFrame(
            {
                "state": [PLACE_STATUS.get(reason.status, reason.status) for reason in reasons],
                "what": [sentence(reason.message) for reason in reasons],
                "advice": [sentence(reason.action) for reason in reasons],
                "where": [few(reason.places) for reason in reasons],
                "tables": [few(reason.tables) for reason in reasons],
            }
        ),
        {
            "state": Column("State"),
            "what": Column("What happened"),
            "advice": Column("What to do"),
            "where": Column("Where"),
            "tables": Column("Not read"),
        },
    )


def _choose(key: str, scan_ids: Sequence[str]) -> None:
    row = selected_row(key)
    if row is None:
        _close()
    else:
        replace_params({**read_params(), "scan": [scan_ids[row]]})


def _close() -> None:
    replace_params({name: values for name, values in read_params().items() if name != "scan"})
