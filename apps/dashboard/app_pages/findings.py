"""Findings: what costs money for nothing, filtered and grouped; the address says all of it."""

import streamlit as st

from apps.dashboard import format as fmt
from apps.dashboard.components import finding_controls as controls
from apps.dashboard.components import finding_empty as empty
from apps.dashboard.components import finding_list as shown
from apps.dashboard.components.address import read_params
from apps.dashboard.components.decisions import show_decide, show_outcome
from apps.dashboard.components.downloads import show_downloads
from apps.dashboard.components.finding_links import open_finding
from apps.dashboard.components.finding_unverified import show_unverified
from apps.dashboard.components.table import clicked_row
from apps.dashboard.components.text import escaped
from apps.dashboard.data import findings as data
from apps.dashboard.data.costs import load_account_names
from apps.dashboard.data.decided import load_decided
from apps.dashboard.finding_state import read_finding_view, write_finding_view
from apps.dashboard.identity import current_person
from apps.dashboard.partner import require_source
from control.roles import Action
from pipeline.settings import Settings

PAGE_SIZE = 200

source = require_source(Settings())
st.title("Findings", anchor=False)
state = data.load_scan_state(source)
if not state.finding_count:
    empty.show_no_findings(state, source.partner_id)
    if state.is_current:
        show_unverified(data.load_unverified(source))
    st.stop()
empty.show_unread(state)

person = current_person()
decided = load_decided(source)
read = read_finding_view(read_params())
view = read.view
if read.ignored:
    ignored = ", ".join(escaped(name) for name in read.ignored)
    st.warning(f"The link has values that mean nothing here: {ignored}.")
names = load_account_names(source)
controls.show_controls(view, data.load_tag_keys(source))
controls.show_filters(view, data.load_choices(source, view, decided), names)
controls.show_chosen(view, names)
show_outcome(source, person)

totals = data.load_totals(source, view, decided)
finding_count = int(totals["finding_count"].sum())
page_count = -(-finding_count // PAGE_SIZE)
if not finding_count or view.page > page_count:
    empty.show_too_narrow(view, state, finding_count)
    st.stop()
shown.show_totals(totals, data.load_not_counted(source, view, decided))
table = f"{hash((view, source))}"
if view.by:
    st.caption("Subtotals. Select one to see its findings alone.")
    shown.show_groups(
        data.load_groups(source, view, decided),
        view.by,
        table_key=f"groups-{table}",
        drill=lambda value: controls.go_to(view.drilled(value)),
    )

rows = data.load_rows(source, view, decided, PAGE_SIZE)
chosen = shown.chosen_rows(rows, f"findings-{table}")
chosen_ids = [str(key) for key in chosen["finding_id"]]
with st.container(horizontal=True, vertical_alignment="bottom", key="finding-actions"):
    if chosen_ids:
        st.markdown(shown.selection_note(chosen), width="stretch")
        if len(chosen_ids) == 1 and st.button("Open finding", icon=":material/open_in_full:"):
            open_finding(chosen_ids[0], write_finding_view(view))
        shown.show_links(chosen)
        if person.may(Action.DECIDE):
            pairs = zip(chosen["tenant_id"], chosen["finding_id"], strict=True)
            show_decide(source, person, [(str(tenant), str(key)) for tenant, key in pairs])
    else:
        first = (view.page - 1) * PAGE_SIZE + 1
        places = fmt.span(f"{first:,}", f"{first + len(rows) - 1:,}")
        st.caption(
            f"{places} of {fmt.counted(finding_count, 'finding')}. Open one by its name; "
            "select rows, with Shift+Space too, to copy their links or download them alone.",
            width="stretch",
        )
    show_downloads(
        "findings-selected" if chosen_ids else "findings",
        lambda: data.export_rows(source, view, decided, chosen_ids),
        f"{fmt.counted(len(chosen_ids) or finding_count, 'finding')} with every column.",
    )
shown.show_rows(rows, view.by, table_key=f"findings-{table}")
if totals["billing_currency"].nunique() > 1:
    st.caption("Amounts in different currencies are neither added nor converted.")
controls.show_pages(view, page_count)
show_unverified(data.load_unverified(source))
opened = clicked_row(f"findings-{table}")
if opened is not None and opened < len(rows):
    open_finding(str(rows.iloc[opened]["finding_id"]), write_finding_view(view))
