"""The course of one metric of a resource, with the limit that it is held against."""

from typing import Any

import altair as alt
import pandas as pd

from apps.dashboard import format as fmt
from apps.dashboard.charts import PALETTE

_HEIGHT = 230
_LINE, _LIMIT, _GAP = PALETTE[0], PALETTE[3], "#8a8f98"


def utilization_over_time(
    days: pd.DataFrame, *, title: str, threshold: float | None
) -> alt.LayerChart | alt.FacetChart:
    """Return a line that breaks where a day has no data, and the limit across it.

    Args:
        days: Columns usage_date (every day), value, unit.
        title: What the values are.
        threshold: The limit, in the unit of the values.
    """
    units = days["unit"].dropna()
    unit = str(units.iloc[0]) if len(units) else ""
    shown = pd.DataFrame(
        {
            "day": pd.to_datetime(days["usage_date"]),
            "label": [fmt.day(day) for day in days["usage_date"]],
            "value": [_plotted(value) for value in days["value"]],
            "written": [_written(value, unit) for value in days["value"]],
        }
    )
    parts = [
        _gaps(shown),
        *_course(shown, unit or title),
    ]
    if threshold is not None:
        parts += _limit(threshold, unit)
    return alt.layer(*parts, height=_HEIGHT)


def _course(shown: pd.DataFrame, title: str) -> list[alt.Chart]:
    """Return line and points; a day between two gaps would be no line."""
    base = alt.Chart(shown).encode(
        x=alt.X("day:T", title=None, axis=alt.Axis(format="%-d %b", grid=False)),
        y=alt.Y(
            "value:Q",
            title=title,
            scale=alt.Scale(zero=True),
            axis=alt.Axis(format="~s", tickCount=5),
        ),
        tooltip=[alt.Tooltip("label:N", title="Day"), alt.Tooltip("written:N", title="Value")],
    )
    line: alt.Chart = base.mark_line(color=_LINE, invalid="break-paths-show-path-domains")
    points: alt.Chart = base.mark_point(color=_LINE, filled=True, size=26, invalid="filter")
    return [line, points]


def _gaps(shown: pd.DataFrame) -> alt.Chart:
    """Return a grey band over each day without data."""
    missing = shown[shown["value"].isna()]
    bands = pd.DataFrame(
        {
            "from": missing["day"] - pd.Timedelta(hours=12),
            "to": missing["day"] + pd.Timedelta(hours=12),
            "label": missing["label"],
            "written": "no data points",
        }
    )
    chart: alt.Chart = (
        alt.Chart(bands)
        .mark_rect(color=_GAP, opacity=0.22)
        .encode(
            x=alt.X("from:T", title=None),
            x2="to:T",
            tooltip=[alt.Tooltip("label:N", title="Day"), alt.Tooltip("written:N", title="Value")],
        )
    )
    return chart


def _limit(threshold: float, unit: str) -> list[alt.Chart]:
    """Return the limit as a dashed line with its figure."""
    data = pd.DataFrame({"limit": [threshold], "label": [f"limit {fmt.figure(threshold, unit)}"]})
    base = alt.Chart(data).encode(y="limit:Q")
    line: alt.Chart = base.mark_rule(color=_LIMIT, strokeDash=[6, 4], strokeWidth=2).encode(
        tooltip=[alt.Tooltip("label:N", title="Threshold")]
    )
    text: alt.Chart = base.mark_text(
        color=_LIMIT, align="right", baseline="bottom", dx=-4, dy=-4, x="width", fontWeight=600
    ).encode(text="label:N")
    return [line, text]


def _plotted(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _written(value: Any, unit: str) -> str:
    return "no data points" if pd.isna(value) else fmt.figure(float(value), unit)
