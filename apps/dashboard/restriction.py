"""Where the processing of a partner is restricted: what members are told, and what they reach."""

from datetime import datetime

import streamlit as st

from apps.dashboard import format as fmt
from apps.dashboard.components.text import escaped
from apps.dashboard.directory import open_directory
from apps.dashboard.identity import Person
from control.roles import Action, processes
from pipeline.settings import Settings


def restricted_since(settings: Settings, partner_id: str) -> datetime | None:
    """Return since when a partner may not be processed; None where it may."""
    return open_directory(settings.control).restricted_since(partner_id)


def stops(settings: Settings, person: Person, action: Action) -> bool:
    """Whether a restriction keeps a person from something that its role permits."""
    return processes(action) and restricted_since(settings, person.partner_id) is not None


def show_restriction(settings: Settings, person: Person) -> None:
    """Say above every page that processing is restricted, since when, and who can lift it."""
    since = restricted_since(settings, person.partner_id)
    if since is None:
        return
    partner = escaped(person.partner_id)
    with st.container(key="restriction"):
        st.warning(
            f"**The processing of {partner} is restricted since {fmt.instant(since)}.** Its data "
            "is kept as it is: nothing is ingested, scanned, built, asked or shown (GDPR, Article "
            "18). Members, access log and Privacy stay open; there you can have a copy of your "
            "data. Clouds can be disconnected. Whoever operates this installation lifts it, when "
            "your organization asks for it: `cloudprune privacy lift --partner "
            f"{person.partner_id}`. A restriction for an erasure that runs ends with it.",
            icon=":material/pause_circle:",
        )
