"""Charts of cost over time, in colours that hold on a light and on a dark page."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import altair as alt
import pandas as pd

from apps.dashboard import format as fmt

PALETTE = (
    "#4e79a7",
    "#f28e2b",
    "#59a14f",
    "#e15759",
    "#76b7b2",
    "#b07aa1",
    "#d4a72c",
    "#9c755f",
    "#e7849b",
    "#5b8c85",
)
REST_COLOUR = "#8a8f98"
SERIES_LIMIT = len(PALETTE)
_HEIGHT = 300
_LABEL_LENGTH = 40


def cost_over_time(
    frame: pd.DataFrame, *, grain: str, currency: str, title: str, height: int = _HEIGHT
) -> alt.Chart:
    """Return stacked bars of `cost` by `period` and `series`.

    Args:
        frame: Columns period (date or billing period), series, series_rank and cost; series are
            coloured and stacked by rank, and ranks above `SERIES_LIMIT` are grey.
        grain: `day` or `month`.
        currency: What the amounts are in.
        title: Which amount it is.
        height: Height of the plot in pixels.
    """
    names = _names(frame)
    colours = [_colour(rank) for rank in names]
    shown = pd.DataFrame(
        {
            "period": [_label(period, grain) for period in frame["period"]],
            "series": [names[rank] for rank in frame["series_rank"]],
            "rank": [int(rank) for rank in frame["series_rank"]],
            "cost": [_plotted(cost) for cost in frame["cost"]],
            "amount": [fmt.money(_known(cost), currency) for cost in frame["cost"]],
        }
    )
    periods = list(dict.fromkeys(shown["period"]))
    chart: alt.Chart = (
        alt.Chart(shown, height=height)
        .mark_bar()
        .encode(
            x=alt.X("period:N", sort=periods, title=None, axis=_period_axis(periods)),
            y=alt.Y("cost:Q", title=f"{title}, {currency}", axis=alt.Axis(format="~s")),
            color=alt.Color(
                "series:N",
                sort=list(names.values()),
                scale=alt.Scale(domain=list(names.values()), range=colours),
                legend=alt.Legend(title=None, orient="bottom", columns=4, labelLimit=240),
            ),
            order=alt.Order("rank:Q", sort="ascending"),
            tooltip=[
                alt.Tooltip("period:N", title=grain.capitalize()),
                alt.Tooltip("series:N", title="Part"),
                alt.Tooltip("amount:N", title=title),
            ],
        )
    )
    return chart


def _period_axis(periods: Sequence[str]) -> alt.Axis:
    step = max(1, len(periods) // 12)
    return alt.Axis(
        values=list(periods[::step]), labelAngle=0, labelOverlap=True, ticks=False, title=None
    )


def _label(period: date | str, grain: str) -> str:
    return fmt.month(period) if grain == "month" else fmt.day(_as_date(period))


def _as_date(period: date | str) -> date:
    return date.fromisoformat(period) if isinstance(period, str) else period


def _colour(rank: int) -> str:
    return PALETTE[rank - 1] if rank <= SERIES_LIMIT else REST_COLOUR


def _known(cost: Any) -> Decimal | None:
    return None if pd.isna(cost) else cost


def _plotted(cost: Any) -> float | None:
    return None if pd.isna(cost) else float(cost)


def _names(frame: pd.DataFrame) -> dict[int, str]:
    """Return a name per rank, short enough for a legend and different from every other."""
    names: dict[int, str] = {}
    for rank, series in sorted(set(zip(frame["series_rank"], frame["series"], strict=True))):
        name = _short(str(series))
        names[int(rank)] = f"{name} ({rank})" if name in names.values() else name
    return names


def _short(name: str) -> str:
    """Return the beginning and the end of a long name: identifiers differ at their ends."""
    return name if len(name) <= _LABEL_LENGTH else f"{name[:12]}…{name[-27:]}"
