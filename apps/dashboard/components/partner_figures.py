"""What a partner looks after, in figures: as many as the role of who looks allows."""

import streamlit as st

from apps.dashboard import format as fmt
from apps.dashboard.components import freshness, savings
from apps.dashboard.data import partner as data
from apps.dashboard.data import savings as savings_data
from apps.dashboard.data import scans as scan_data
from apps.dashboard.data.decided import load_decided
from apps.dashboard.data.findings import load_scan_state
from apps.dashboard.data.source import Source
from apps.dashboard.identity import Person
from control.roles import Action


def show(source: Source, person: Person) -> None:
    """Show accounts, scans and savings of the whole partner, of the tenants that may be seen."""
    if person.tenants is not None:
        st.caption(f"Of the tenants that you may see: {', '.join(sorted(person.tenants))}.")
    is_scanned = bool(load_scan_state(source).scan_count)
    with st.container(horizontal=True, key="partner-extent"):
        if person.may(Action.SEE_COSTS):
            extent = data.load_extent(source)
            _figure("Tenants", fmt.count(extent.tenant_count))
            _figure("Accounts and subscriptions", fmt.count(extent.account_count))
            _figure("Resources with costs", fmt.count(extent.resource_count))
        if person.may(Action.SEE_HEALTH):
            _show_scans(source, is_scanned=is_scanned)
    if person.may(Action.SEE_FINDINGS) and is_scanned:
        st.subheader("Savings", anchor=False)
        savings.show_savings(
            savings_data.load_open_savings(source, "", load_decided(source)),
            savings_data.load_realized_savings(source, ""),
            "",
        )


def _show_scans(source: Source, *, is_scanned: bool) -> None:
    if not is_scanned:
        _figure("Last scan", "never")
        return
    scans = scan_data.load_scans(source)
    _figure("Scanned connections", fmt.count(len(scans)))
    _figure("Last scan", fmt.age(scans["finished_at"].max(), freshness.now()))
    unread = int(scans["unread_count"].sum())
    _figure("Places not read", fmt.count(unread))


def _figure(label: str, value: str) -> None:
    st.metric(label, value, border=True, height="stretch")
