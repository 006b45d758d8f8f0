"""One answer as CSV, Excel or Parquet; made when a reader asks for it."""

from collections.abc import Callable

import pyarrow as pa
import streamlit as st

from apps.dashboard.export_log import exported
from apps.dashboard.exports import EXCEL_ROWS, to_csv, to_excel, to_parquet
from apps.dashboard.identity import current_person
from apps.dashboard.restriction import stops
from control.roles import Action
from pipeline.settings import Settings

_KINDS: dict[str, tuple[str, str, Callable[[pa.Table], bytes]]] = {
    "CSV": ("csv", "text/csv", to_csv),
    "Excel": (
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        to_excel,
    ),
    "Parquet": ("parquet", "application/vnd.apache.parquet", to_parquet),
}


def show_downloads(name: str, load: Callable[[], pa.Table], help_text: str) -> None:
    """Show three buttons, to whoever may export.

    Args:
        name: Name of the file without its ending.
        load: Returns the rows; runs when a button is pressed.
        help_text: What the file holds.
    """
    person = current_person()
    if not person.may(Action.EXPORT) or stops(Settings(), person, Action.EXPORT):
        return
    with st.container(horizontal=True, gap="small", width="content"):
        for label, (ending, mime, convert) in _KINDS.items():
            note = f" At most {EXCEL_ROWS:,} rows." if label == "Excel" else ""
            st.download_button(
                label,
                data=exported(person, f"{name}.{ending}", _made(load, convert)),
                file_name=f"{name}.{ending}",
                mime=mime,
                key=f"download-{name}-{ending}",
                icon=":material/download:",
                on_click="ignore",
                help=f"{help_text}{note}",
            )


def _made(
    load: Callable[[], pa.Table], convert: Callable[[pa.Table], bytes]
) -> Callable[[], bytes]:
    return lambda: convert(load())
