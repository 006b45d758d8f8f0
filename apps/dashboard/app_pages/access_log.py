"""Access log: who did, saw or was refused what, of the last 90 days."""

import streamlit as st

from apps.dashboard import format as fmt
from apps.dashboard.components import access_log as shown
from apps.dashboard.components.downloads import show_downloads
from apps.dashboard.directory import open_directory
from apps.dashboard.identity import current_person
from apps.dashboard.partner import show_wrong_partner
from control.access_log import AccessFilter
from pipeline.settings import Settings

LIMIT = 500

person = current_person()
directory = open_directory(Settings().control)
st.title("Access log", anchor=False)
show_wrong_partner(person.partner_id)
st.caption("Every sign-in, refusal, page, file and change. Entries are kept for 90 days.")

wanted = shown.show_filters(*directory.access_choices(person.partner_id))
entries = directory.search_access(person.partner_id, wanted, limit=LIMIT)
if not entries:
    is_filtered = wanted != AccessFilter(since=wanted.since)
    st.info(
        "No entry passes these filters." if is_filtered else "Nothing has happened here yet.",
        icon=":material/history_toggle_off:",
    )
    st.stop()
entry_count = directory.count_access(person.partner_id, wanted)
with st.container(horizontal=True, vertical_alignment="bottom"):
    note = fmt.counted(entry_count, "entry").replace("entrys", "entries")
    newest = f"The newest {len(entries):,} of {note}" if entry_count > len(entries) else note
    st.caption(f"{newest}, the newest first. Times are UTC.", width="stretch")
    show_downloads(
        "access-log",
        lambda: shown.as_table(directory.search_access(person.partner_id, wanted)),
        f"All {note} that pass the filters.",
    )
shown.show_entries(entries)
