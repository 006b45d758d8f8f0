"""What pages show, and the files that they offer, hold nothing of another partner or tenant."""

from collections.abc import Iterator

import pytest

from apps.dashboard.data.source import forget_answers
from apps.dashboard.identity import Person, demo_person
from apps.dashboard.pages import PAGES, PageEntry
from tests.e2e.isolation.conftest import Estate
from tests.e2e.isolation.estate import (
    ADMIN,
    ANALYST,
    CONNECTION,
    LIMITED,
    SIDES,
    TENANT,
    VIEWER,
    Side,
    other,
    persons,
)
from tests.e2e.isolation.found import leaks
from tests.integration.dashboard.person import Dashboard, shown

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("home")]

DEMO = "demo"
FOR_ALL = frozenset({"access_log", "connections", "partner", "privacy", "settings"})
"""Pages that are of the partner, not of the tenants that a member sees."""


def addresses(entry: PageEntry, estate: Estate) -> list[dict[str, str]]:
    """Return what addresses of a page name, for it to show all that it can."""
    named = {
        "costs": [{"by": "resource"}, {"show": "lines"}, {"by": "tag:team", "period": "all"}],
        "findings": [{}, {"by": "tag:Team"}],
        "data_health": [{}, {"tenant": TENANT, "connection": CONNECTION}],
        "connections": [{}, {"tenant": TENANT, "connection": CONNECTION}],
        "finding": [{"finding": estate.finding_id}],
    }
    return named.get(entry.name, [{}])


def visits(
    estate: Estate, person: Person, patch: pytest.MonkeyPatch
) -> Iterator[tuple[PageEntry, list[object]]]:
    """Open every page; yield what it showed and offered."""
    forget_answers()
    dashboard = Dashboard(patch, person)
    for entry in PAGES:
        for address in addresses(entry, estate):
            dashboard.files.clear()
            page = dashboard.open(entry, address)
            yield entry, [*shown(page), *dashboard.files]


def person_of(estate: Estate, side: Side, who: str) -> Person:
    if who == DEMO:
        return demo_person(side.partner_id)
    return persons(estate.settings, side)[who]


@pytest.mark.parametrize("who", [ADMIN, ANALYST, VIEWER, LIMITED, DEMO])
@pytest.mark.parametrize("side", SIDES, ids=lambda side: side.partner_id)
def test_no_page_shows_or_offers_anything_of_another_partner(
    side: Side, who: str, estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = person_of(estate, side, who)
    own = set()

    for entry, content in visits(estate, person, monkeypatch):
        assert leaks(content, other(side).needles) == [], entry.name
        if who == LIMITED and entry.name not in FOR_ALL:
            assert leaks(content, [side.hidden]) == [], entry.name
        if leaks(content, [side.word]):
            own.add(entry.name)

    opened = {entry.name for entry in PAGES if person.may(entry.action)}
    assert opened - own == set(), "the search is blind there, or these pages show nothing"
