"""One finding: what is wrong, the figures that say so, what it costs and what acting saves."""

import streamlit as st

from apps.dashboard import finding_views
from apps.dashboard.components import finding_detail as detail
from apps.dashboard.components import finding_gone as gone
from apps.dashboard.components.address import read_params
from apps.dashboard.components.finding_course import show_course, show_standing
from apps.dashboard.components.finding_links import LIST_PAGE, page_params
from apps.dashboard.data import finding as data
from apps.dashboard.data.findings import load_scan_state
from apps.dashboard.finding_state import FINDING_PARAM
from apps.dashboard.identity import current_person
from apps.dashboard.params import one
from apps.dashboard.partner import require_source
from pipeline.settings import Settings

source = require_source(Settings())
params = read_params()
finding_id = one(params, FINDING_PARAM)
way_back = {name: values for name, values in params.items() if name != FINDING_PARAM}
with st.container(key="way-back"):
    st.page_link(
        LIST_PAGE,
        label="Back to the findings",
        icon=":material/arrow_back:",
        query_params=page_params(way_back),
        width="content",
    )
is_known = load_scan_state(source).is_current
finding = data.load_finding(source, finding_id) if is_known else None
if finding is None:
    history = data.load_history(source, finding_id) if is_known else None
    if history is None:
        gone.show_unknown(finding_id, source.partner_id)
    else:
        gone.show_resolved(history)
    st.stop()

detail.show_heading(finding)
detail.show_figures(finding)
person = current_person()
show_standing(source, person, finding["tenant_id"], finding_id)
main, side = st.columns([2.6, 1], gap="large")
with main:
    st.subheader("Evidence", anchor=False)
    detail.show_evidence(finding)
    st.subheader("Utilization, 35 days", anchor=False)
    finding_views.show_utilization(source, finding)
    st.subheader("Cost, 90 days", anchor=False)
    finding_views.show_cost(source, finding)
    st.subheader("How the saving was computed", anchor=False)
    detail.show_savings(finding)
    subject = data.Subject(finding["tenant_id"], finding["resource_id"])
    detail.show_others(data.load_others(source, subject, finding_id), way_back)
    st.subheader("The rule", anchor=False)
    detail.show_rule(finding, data.load_rule(source, finding["rule_id"]))
    st.subheader("What people said", anchor=False)
    show_course(source, person, finding["tenant_id"], finding_id)
with side:
    detail.show_ways_out(finding)
    detail.show_facts(finding)
    detail.show_tags(finding["tags"])
