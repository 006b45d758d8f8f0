"""The privacy notice, sub-processors, retention and cookies, as their one file says them."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st
from pydantic import BaseModel

from apps.dashboard.components.table import Column, show_sentences
from apps.dashboard.data import privacy as data
from apps.dashboard.identity import Person
from pipeline.privacy.notice import Notice
from pipeline.settings import Settings

_READABLE = 820
"""Pixels of a line of running text."""


def show_notice(notice: Notice) -> None:
    """Show the notice."""
    for section in notice.sections:
        st.markdown(f"**{section.title}**  \n{section.text}", width=_READABLE)
    st.caption(f"Version {notice.version}")


def show_sub_processors(notice: Notice) -> None:
    """Show who else processes data."""
    _show(
        notice.sub_processors,
        {"name": "Who", "purpose": "For what", "data": "Which data", "place": "Where"},
    )


def show_retention(notice: Notice) -> None:
    """Show what is kept how long."""
    _show(notice.retention, {"what": "What", "kept": "Kept", "then": "Then"})


def show_cookies(settings: Settings, person: Person, notice: Notice) -> None:
    """Show what lies in the browser, and what is only done with consent."""
    st.caption("Only what is essential is set before you consent; each consent can be taken back.")
    frame = pd.DataFrame([cookie.model_dump() for cookie in notice.cookies])
    frame["needs"] = ["essential" if is_it else "with consent" for is_it in frame["is_essential"]]
    show_sentences(
        frame,
        {
            "name": Column("Cookie"),
            "purpose": Column("For what"),
            "kept": Column("Kept"),
            "needs": Column("Set"),
        },
    )
    given = data.consents(settings, person)
    for purpose in notice.purposes:
        key = f"consent-{person.partner_id}-{person.member_id}-{purpose.purpose}"
        st.session_state[key] = given.get(purpose.purpose, False)
        st.toggle(
            f"**{purpose.title}**: {purpose.text}",
            key=key,
            on_change=_decide,
            args=(settings, person, purpose.purpose, key),
        )


def _decide(settings: Settings, person: Person, purpose: str, key: str) -> None:
    data.decide_consent(settings, person, purpose, is_given=bool(st.session_state[key]))


def _show(facts: Sequence[BaseModel], columns: dict[str, str]) -> None:
    show_sentences(
        pd.DataFrame([fact.model_dump() for fact in facts]),
        {name: Column(label) for name, label in columns.items()},
    )
