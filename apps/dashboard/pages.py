"""Every page: its address, and what a person has to be allowed to do to open it."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from apps.dashboard.identity import Person
from control.roles import Action

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class PageEntry:
    """One page.

    Attributes:
        name: Its module in `app_pages`.
        title: Its name in the navigation.
        action: What opens it.
        icon: Its sign there.
        url_path: Its address; empty for the root.
        is_listed: Whether the navigation shows it.
        target_param: Parameter of the address that says what it shows, for the access log.
        when_restricted: What is left of it while processing is restricted, if not all or nothing.
    """

    name: str
    title: str
    action: Action
    icon: str | None = None
    url_path: str = ""
    is_listed: bool = True
    target_param: str = ""
    when_restricted: Action | None = None

    @property
    def at_least(self) -> Action:
        """What it is for where processing is restricted."""
        return self.when_restricted or self.action

    def registered(self) -> Page:
        """Return the page as the framework knows it."""
        return st.Page(
            _HERE / f"app_pages/{self.name}.py",
            title=self.title,
            icon=self.icon,
            url_path=self.url_path or None,
            default=not self.url_path,
        )


PAGES = (
    PageEntry("overview", "Overview", Action.SEE_COSTS, ":material/monitoring:"),
    PageEntry("costs", "Costs", Action.SEE_COSTS, ":material/payments:", "costs"),
    PageEntry("findings", "Findings", Action.SEE_FINDINGS, ":material/savings:", "findings"),
    PageEntry("scans", "Scans", Action.SEE_HEALTH, ":material/radar:", "scans"),
    PageEntry(
        "data_health", "Data health", Action.SEE_HEALTH, ":material/fact_check:", "data-health"
    ),
    PageEntry(
        "connections",
        "Connections",
        Action.CONNECT,
        ":material/link:",
        "connections",
        when_restricted=Action.DISCONNECT,
    ),
    PageEntry("partner", "Partner", Action.SEE_MEMBERS, ":material/group:", "partner"),
    PageEntry(
        "access_log", "Access log", Action.SEE_ACCESS_LOG, ":material/history:", "access-log"
    ),
    PageEntry("settings", "Settings", Action.SET_PARTNER, ":material/tune:", "settings"),
    PageEntry("privacy", "Privacy", Action.OWN_PRIVACY, ":material/shield_person:", "privacy"),
    PageEntry(
        "finding",
        "Finding",
        Action.SEE_FINDINGS,
        url_path="finding",
        is_listed=False,
        target_param="finding",
    ),
)


def entry_of(page: Page) -> PageEntry:
    """Return what is known of a page."""
    return next(entry for entry in PAGES if entry.url_path == page.url_path)


def page_named(name: str) -> Page:
    """Return the page of a module in `app_pages`, to link to."""
    return next(entry for entry in PAGES if entry.name == name).registered()


def listed_for(person: Person) -> list[PageEntry]:
    """Return the pages that the navigation shows a person."""
    return [entry for entry in PAGES if entry.is_listed and person.may(entry.action)]
