"""The two halves of the costs page: groups with their chart, and single lines."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from apps.dashboard import charts
from apps.dashboard import format as fmt
from apps.dashboard.components import cost_controls as controls
from apps.dashboard.components import cost_tables as tables
from apps.dashboard.components.downloads import show_downloads
from apps.dashboard.data import costs as data
from apps.dashboard.data.cost_sql import Question, group_names
from apps.dashboard.data.source import Source
from apps.dashboard.dimensions import COST_TYPES, label
from apps.dashboard.state import drill_into

GROUP_LIMIT = 500
LINE_LIMIT = 500
LINE_DOWNLOAD_LIMIT = 1_000_000


def show_group_view(source: Source, question: Question, total: pd.Series) -> None:
    """Show costs by the chosen dimensions: over time, and as a table to go deeper from."""
    view, chosen = question.view, COST_TYPES[question.view.cost]
    series = data.load_series(source, question, charts.SERIES_LIMIT)
    rest = f"All other {label(view.by).lower()}s"
    series["series"] = [
        rest if rank > charts.SERIES_LIMIT else fmt.text(name)
        for rank, name in zip(series["series_rank"], series["series"], strict=True)
    ]
    st.altair_chart(
        charts.cost_over_time(
            series, grain=view.grain, currency=question.currency, title=chosen.label
        )
    )
    groups = data.load_groups(source, question, GROUP_LIMIT)
    group_count = int(groups["group_count"].iloc[0]) if len(groups) else 0
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.caption(_group_note(len(groups), group_count), width="stretch")
        show_downloads(
            f"costs-{question.first}-{question.last}-{question.currency}",
            lambda: data.export_groups(source, question),
            f"All {group_count:,} groups per {view.grain}, with every amount.",
        )
    tables.show_groups(
        groups,
        question.keys,
        group_names(question.keys),
        cost=view.cost,
        currency=question.currency,
        total=tables.known(total[chosen.column]),
        is_compared=question.is_comparable,
        table_key=f"groups-{hash((view, source))}",
        drill=lambda values: controls.go_to(drill_into(view, values)),
    )
    st.button(
        "Show the single lines",
        icon=":material/receipt_long:",
        on_click=controls.go_to,
        args=(replace(view, is_lines=True),),
    )


def show_line_view(source: Source, question: Question) -> None:
    """Show the lines behind the filters, and the resource if it is one."""
    view = question.view
    st.button(
        "Back to groups",
        icon=":material/arrow_back:",
        on_click=controls.go_to,
        args=(replace(view, is_lines=False),),
    )
    tenants, resources = view.values("tenant"), view.values("resource")
    if len(resources) == 1 and len(tenants) == 1 and resources[0]:
        tables.show_resource(resources[0], data.load_resource(source, tenants[0], resources[0]))
    line_count = data.load_line_count(source, question)
    lines = data.load_lines(source, question, LINE_LIMIT)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.caption(_line_note(len(lines), line_count), width="stretch")
        show_downloads(
            f"lines-{question.first}-{question.last}-{question.currency}",
            lambda: data.export_lines(source, question, LINE_DOWNLOAD_LIMIT),
            f"The newest {min(line_count, LINE_DOWNLOAD_LIMIT):,} lines with every column.",
        )
    chosen = [key for key, values in view.filters if len(values) == 1]
    tables.show_lines(lines, question.currency, chosen)


def _group_note(shown: int, group_count: int) -> str:
    note = "Select a row to go deeper: to its resources, then to their lines."
    if group_count <= shown:
        return note
    more = f"{group_count - shown:,} more in the download"
    return f"The {shown:,} costliest of {group_count:,} groups; {more}. {note}"


def _line_note(shown: int, line_count: int) -> str:
    if line_count <= shown:
        return f"{fmt.counted(line_count, 'line')}, newest first."
    return f"The newest {shown:,} of {line_count:,} lines; the download has more."
