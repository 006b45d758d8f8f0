"""Whether our totals are the provider's, in one line or in red."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from apps.dashboard import format as fmt
from apps.dashboard.components.text import escaped

STATUS = {
    "reconciled": "equal",
    "explained": "explained",
    "gap": "gap",
    "no_total": "no total",
}


def show_gaps(gaps: pd.DataFrame, health_page: str) -> None:
    """Show a red banner if any total differs from the provider's."""
    if gaps.empty:
        return
    first = gaps.iloc[0]
    rest = len(gaps) - 1
    st.error(
        f"**{fmt.counted(len(gaps), 'total')} of ours "
        f"{'differs' if len(gaps) == 1 else 'differ'} from the provider's without an "
        f"explanation.** {escaped(first['tenant_id'])}, {escaped(first['connection_id'])}, "
        f"{fmt.month(first['billing_period'])}: {first['cost_type']} cost is "
        f"{fmt.signed_amount(first['gap'])} {escaped(first['billing_currency'])} off"
        f"{f', and {rest:,} more' if rest else ''}. See {health_page}.",
        icon=":material/error:",
    )


def state_of(counts: Mapping[str, int]) -> str:
    """Return the worst of some statuses for a table cell."""
    for status in ("gap", "explained", "no_total"):
        if counts.get(status):
            return f"{counts[status]:,} {STATUS[status]}"
    return "equal" if counts else "unknown"


def summary(counts: pd.DataFrame) -> str:
    """Return how many figures are in which state, as a sentence without data in it."""
    totals = counts.groupby("status")["figure_count"].sum().to_dict()
    figure_count = sum(totals.values())
    parts = [f"{fmt.count(totals.get('reconciled', 0))} of {fmt.count(figure_count)} equal"]
    for status, words in (
        ("explained", "explained"),
        ("gap", "with a gap"),
        ("no_total", "without a total to compare with"),
    ):
        if totals.get(status):
            parts.append(f"{fmt.count(totals[status])} {words}")
    return ", ".join(parts)
