"""Findings that the last scan could neither find again nor close."""

import pandas as pd
import streamlit as st

from apps.dashboard import format as fmt
from apps.dashboard.components.finding_links import open_finding
from apps.dashboard.components.table import Column, clicked_row, show_table
from apps.dashboard.finding_words import resource_label


def show_unverified(findings: pd.DataFrame) -> None:
    """Show them apart, each opening its page: they are in no total, and not resolved either."""
    if findings.empty:
        return
    told = f"Show {fmt.counted(len(findings), 'finding')} not verified by the last scan"
    if not st.toggle(told, key="unverified"):
        return
    st.caption(
        "What they rest on could not be read, so they are neither open nor resolved. They are "
        "judged again as soon as it can be read."
    )
    key = f"unverified-{hash(tuple(findings['finding_id']))}"
    show_table(
        findings.assign(
            resource=[resource_label(None, str(found)) for found in findings["resource_id"]],
            currency=[
                fmt.text(None if pd.isna(value) else value)
                for value in findings["billing_currency"]
            ],
        ),
        {
            "rule_title": Column("Finding", help="Open the finding", width=300),
            "resource": Column("Resource", width=300),
            "tenant_id": Column("Tenant", width=120),
            "last_seen_date": Column("Last seen", "day", width=110),
            "estimated_monthly_savings": Column("Savings per month then", "amount", width=170),
            "currency": Column("Currency", width=80),
        },
        key=key,
        button="rule_title",
    )
    opened = clicked_row(key)
    if opened is not None and opened < len(findings):
        open_finding(str(findings.iloc[opened]["finding_id"]))
