"""Data health: what has landed per connection, what was rejected, and whether totals agree."""

import streamlit as st

from apps.dashboard import format as fmt
from apps.dashboard.components import freshness, health, reconciliation, scans
from apps.dashboard.components.downloads import show_downloads
from apps.dashboard.data import health as data
from apps.dashboard.data import overview
from apps.dashboard.data import scans as scan_data
from apps.dashboard.data.findings import load_scan_state
from apps.dashboard.partner import require_source
from pipeline.settings import Settings

REJECTED_LIMIT = 200
REJECTED_DOWNLOAD_LIMIT = 1_000_000

source = require_source(Settings())
present = freshness.now()
st.title("Data health", anchor=False)
connections = data.load_connections(source)
if connections.empty:
    st.info("No costs have landed yet. Load some: `cloudprune ingest PATH --partner P --tenant T`.")
    st.stop()

reconciliation.show_gaps(overview.load_gaps(source, ""), "the table below")
health.show_summary(connections, present)
health.show_connections(connections, present, source.generation)
st.subheader("Scans", anchor=False)
is_scanned = bool(load_scan_state(source).scan_count)
if is_scanned:
    st.caption("Select a connection to see what was read of which region.")
    scans.show_scans(scan_data.load_scans(source), present, source.generation)
    scans.show_unread(scan_data.load_unread(source))
else:
    st.caption(
        f"No cloud was scanned yet: `cloudprune scan --partner {source.partner_id} --tenant T`."
    )
st.caption(f"Published {fmt.age(source.published_at, present)}, generation {source.generation:,}.")
tenant, connection = health.asked_for()
is_billed = health.is_among(connections, tenant, connection)
coverage = scan_data.load_coverage(source, tenant, connection) if is_scanned else None
has_coverage = coverage is not None and not coverage.empty
if not (is_billed or has_coverage):
    st.stop()

health.show_heading(tenant, connection)
if coverage is not None and has_coverage:
    st.subheader("Rows read by the last scan, by region and table", anchor=False)
    scans.show_coverage(coverage)
if not is_billed:
    st.stop()
st.subheader("Our totals against the provider's", anchor=False)
health.show_reconciliation(data.load_reconciliation(source, tenant, connection))
st.subheader("Loads", anchor=False)
health.show_loads(data.load_loads(source, tenant, connection))
st.subheader("Rejected rows", anchor=False)
rejected_count = data.load_rejected_count(source, tenant, connection)
if not rejected_count:
    st.caption("No row was rejected or altered.")
    st.stop()
health.show_reasons(data.load_rejected_reasons(source, tenant, connection))
rejected = data.load_rejected(source, tenant, connection, REJECTED_LIMIT)
with st.container(horizontal=True, vertical_alignment="bottom"):
    st.caption(
        f"{len(rejected):,} of {rejected_count:,} rows, as they stand in the source.",
        width="stretch",
    )
    show_downloads(
        f"rejected-{connection}",
        lambda: data.export_rejected(source, tenant, connection, REJECTED_DOWNLOAD_LIMIT),
        "Every rejected or altered row with its reason and place in the source.",
    )
health.show_rejected(rejected)
