"""Scans: asking for them, how far they are, and what became of those before."""

import streamlit as st

from apps.dashboard import format as fmt
from apps.dashboard.components import freshness
from apps.dashboard.components import scan_history as shown
from apps.dashboard.components.feedback import show_feedback
from apps.dashboard.components.scan_asking import show_asking
from apps.dashboard.components.scan_progress import show_progress
from apps.dashboard.data.scanning import Scanning
from apps.dashboard.identity import current_person
from apps.dashboard.partner import show_wrong_partner
from pipeline.settings import Settings

LIMIT = 200

person = current_person()
scanning = Scanning(Settings(), person)
present = freshness.now()
st.title("Scans", anchor=False)
show_wrong_partner(person.partner_id)
st.caption(
    "A scan reads, and never changes, which resources a tenant's clouds hold and how much they "
    "are used. The findings follow it by themselves."
)
with st.container():  # always there, so that nothing below it moves to another place
    show_feedback()
show_asking(scanning)
show_progress(scanning)

st.subheader("History", anchor=False)
tenant, statuses = shown.show_filters(scanning.known_tenants())
scans, scan_count = scanning.history(tenant, statuses, LIMIT)
if not scans:
    st.info(
        "No scan passes these filters."
        if tenant or statuses
        else "Nothing was scanned yet. Choose a tenant above and press Scan now; what was read, "
        "and what could not be, is then listed here.",
        icon=":material/radar:",
    )
else:
    note = fmt.counted(scan_count, "scan")
    newest = f"The newest {len(scans):,} of {note}" if scan_count > len(scans) else note
    st.caption(f"{newest}, the newest first. Select one to see what it could not read, and why.")
    shown.show_history(scans, scanning.unread_counts(scans), present)
chosen = scanning.scan(st.query_params.get("scan", ""))
if chosen:
    shown.show_scan(chosen, scanning.reasons(chosen), present)
