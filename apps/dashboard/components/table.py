"""Tables whose figures are written as everywhere else, and still sort as figures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
import streamlit as st

from apps.dashboard import format as fmt
from apps.dashboard.components.text import escaped

Kind = Literal["text", "amount", "signed", "ratio", "count", "day", "instant", "month", "bytes"]
_FORMATTERS: dict[Kind, Callable[[Any], str]] = {
    "text": fmt.text,
    "amount": fmt.amount,
    "signed": fmt.signed_amount,
    "ratio": fmt.percent,
    "count": fmt.count,
    "day": fmt.day,
    "instant": fmt.instant,
    "month": fmt.month,
    "bytes": fmt.byte_count,
}
_FIGURES: frozenset[Kind] = frozenset({"amount", "signed", "ratio", "count", "bytes"})
_ROW_HEIGHT = 35
Width = Literal["small", "medium", "large"]


@dataclass(frozen=True)
class Column:
    """How one column is shown.

    Attributes:
        label: Its heading; our words, never the data's.
        kind: How its values are written.
        help: A sentence about it.
        width: Its width in pixels, or one of the framework's names.
    """

    label: str
    kind: Kind = "text"
    help: str | None = None
    width: int | Width | None = None


def show_table(
    frame: pd.DataFrame,
    columns: Mapping[str, Column],
    *,
    key: str,
    on_select: Callable[[], None] | None = None,
    max_rows: int = 15,
    is_multiple: bool = False,
    button: str | None = None,
) -> None:
    """Show some columns of a frame; `selected_rows` and `clicked_row` tell what a reader chose.

    Args:
        frame: The rows, in their order.
        columns: The columns to show, by name in the frame.
        key: Name of the table, unique on its page.
        on_select: Called when a reader selects a row; without it none can be.
        max_rows: Rows visible without scrolling.
        is_multiple: Whether a reader can select several rows, which draws the page again.
        button: Column whose cells are buttons; its values must be our own words, for the framework
            reads icons in them.
    """
    shown = frame[list(columns)].reset_index(drop=True).astype(object)
    formats: dict[Any, str | Callable[[object], str] | None] = {
        name: _formatter(column.kind) for name, column in columns.items()
    }
    st.dataframe(
        shown.style.format(formats),
        hide_index=True,
        key=key,
        height=min(len(shown), max_rows) * _ROW_HEIGHT + _ROW_HEIGHT + 3,
        row_height=_ROW_HEIGHT,
        column_config={
            name: _button(column, key) if name == button else _config(column)
            for name, column in columns.items()
        },
        on_select="rerun" if is_multiple else on_select or "ignore",
        selection_mode="multi-row" if is_multiple else "single-row",
        placeholder=fmt.UNKNOWN,
    )


def show_sentences(frame: pd.DataFrame, columns: Mapping[str, Column]) -> None:
    """Show some columns of a few rows, each as high as its text needs.

    Args:
        frame: The rows, in their order.
        columns: The columns to show, by name in the frame; widths have no effect.
    """
    shown = pd.DataFrame(
        {
            column.label: frame[name]
            if column.kind in _FIGURES
            else [escaped(_formatter(column.kind)(value)) for value in frame[name]]
            for name, column in columns.items()
        }
    )
    formats: dict[Any, str | Callable[[object], str] | None] = {
        column.label: _formatter(column.kind)
        for column in columns.values()
        if column.kind in _FIGURES
    }
    st.table(shown.style.format(formats), border="horizontal", hide_index=True)


def selected_row(key: str) -> int | None:
    """Return the position of the row that a reader selected in a table."""
    rows = selected_rows(key)
    return rows[0] if rows else None


def selected_rows(key: str) -> list[int]:
    """Return the positions of the rows that a reader selected in a table, from the top."""
    state = st.session_state.get(key)
    return sorted(int(row) for row in state["selection"]["rows"]) if state else []


def clicked_row(key: str) -> int | None:
    """Return the position of the row whose button was clicked just now."""
    click = st.session_state.get(_button_key(key))
    return int(click["row"]) if click else None


def _formatter(kind: Kind) -> Callable[[Any], str]:
    write = _FORMATTERS[kind]
    return lambda value: write(None if pd.isna(value) else value)


def _button(column: Column, key: str) -> Any:
    return st.column_config.ButtonColumn(
        column.label,
        help=column.help,
        width=column.width,
        alignment="left",
        type="tertiary",
        key=_button_key(key),
    )


def _button_key(key: str) -> str:
    return f"{key}-button"


def _config(column: Column) -> Any:
    return st.column_config.Column(
        column.label,
        help=column.help,
        width=column.width,
        alignment="right" if column.kind in _FIGURES else "left",
    )
