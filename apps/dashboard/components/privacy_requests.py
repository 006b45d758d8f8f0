"""Requests with their deadlines, the archives that wait, and receipts of erasures."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

import pandas as pd
import streamlit as st

from apps.dashboard import format as fmt
from apps.dashboard.components.table import Column, show_sentences
from apps.dashboard.data import privacy as data
from apps.dashboard.identity import Person
from control.privacy_records import PrivacyRequest
from pipeline.settings import Settings


def show_requests(
    settings: Settings, person: Person, requests: Sequence[PrivacyRequest], now: datetime
) -> None:
    """Show who asked for what, until when it is due, and what became of it."""
    if not requests:
        st.info("Nobody asked for anything yet.", icon=":material/inbox:")
        return
    names = data.member_names(settings, person)
    late = [each for each in requests if each.is_open and each.due_at < now]
    if late:
        st.error(f"{fmt.counted(len(late), 'request')} past the deadline.", icon=":material/alarm:")
    show_sentences(
        pd.DataFrame([_row(settings, each, now, names) for each in requests]),
        {
            "kind": Column("Asked for"),
            "about": Column("About"),
            "by": Column("By"),
            "received": Column("Received"),
            "state": Column("State"),
            "due": Column("Due"),
            "said": Column("What was said"),
        },
    )
    _show_archives(settings, person, requests)
    _show_receipts(requests)


def _show_archives(settings: Settings, person: Person, requests: Sequence[PrivacyRequest]) -> None:
    waiting = [each for each in requests if data.archive_is_kept(settings, each)]
    if not waiting:
        return
    st.subheader("Archives to fetch", anchor=False)
    for each in waiting:
        st.download_button(
            f"{each.subject_kind.capitalize()}, {fmt.day(each.received_at.date())}",
            data=partial(data.fetch_archive, settings, person, each),
            file_name=f"cloudprune-{each.subject_kind}-{each.received_at:%Y-%m-%d}.zip",
            mime="application/zip",
            key=f"archive-{each.request_id}",
            icon=":material/download:",
            on_click="ignore",
        )


def _show_receipts(requests: Sequence[PrivacyRequest]) -> None:
    receipts = [each for each in requests if each.kind == "erasure" and each.state == "done"]
    if receipts:
        st.subheader("Receipts of erasures", anchor=False)
    for each in receipts:
        with st.expander(f"A {each.subject_kind}, {fmt.instant(each.finished_at)}"):
            rows = [
                {"what": what, "count": count} for what, count in json.loads(each.receipt).items()
            ]
            show_sentences(
                pd.DataFrame(rows, columns=["count", "what"]),
                {"count": Column("Erased", "count"), "what": Column("What")},
            )


def _row(
    settings: Settings, each: PrivacyRequest, now: datetime, names: Mapping[str, str]
) -> dict[str, str]:
    subject = names.get(each.subject_id, each.subject_id)
    name = "/".join(filter(None, (each.tenant_id, subject)))
    return {
        "kind": each.kind,
        "about": f"{each.subject_kind} {name}".strip(),
        "by": each.requested_by,
        "received": fmt.day(each.received_at.date()),
        "state": each.state,
        "due": _due(each, now),
        "said": _said(settings, each),
    }


def _said(settings: Settings, each: PrivacyRequest) -> str:
    is_gone = data.had_archive(each) and not data.archive_is_kept(settings, each)
    if is_gone:
        return "the archive is not kept any more; ask for another one"
    return each.message or each.extension_reason or each.note


def _due(each: PrivacyRequest, now: datetime) -> str:
    if not each.is_open:
        return "-"
    days = (each.due_at - now).days
    left = f"{fmt.counted(-days, 'day')} late" if days < 0 else f"{fmt.counted(days, 'day')} left"
    extended = ", extended" if each.extended_at else ""
    return f"{fmt.day(each.due_at.date())} ({left}{extended})"
