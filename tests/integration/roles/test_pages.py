"""Every page with every role, whoever looks and whatever is restricted."""

import pytest
from streamlit.testing.v1 import AppTest

from apps.dashboard.components.members import SEEN_BY
from apps.dashboard.data import privacy
from apps.dashboard.data.source import current_source
from apps.dashboard.identity import Person
from apps.dashboard.pages import PAGES, PageEntry
from control.directory import Directory
from control.errors import RestrictedError
from control.privacy_records import RequestKind, Subject, SubjectKind
from control.roles import Action, Role, may, processes
from pipeline.privacy.work import work_requests
from pipeline.settings import Settings
from tests.conftest import PARTNER
from tests.integration.dashboard.person import Dashboard

pytestmark = pytest.mark.integration

WHOLE = Subject(SubjectKind.PARTNER, PARTNER)
STOPPED = "shows nothing while processing is restricted"
CLOSED = "does not open this page"


@pytest.fixture
def restricted(settings: Settings, people: dict[Role, Person]) -> None:
    with Directory(settings.control) as directory:
        directory.restrict(WHOLE)


def opened(person: Person, entry: PageEntry, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    return Dashboard(monkeypatch, person).open(entry, {})


def said(page: AppTest) -> str:
    return " ".join(each.value for kind in (page.error, page.warning, page.info) for each in kind)


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.name)
@pytest.mark.parametrize("role", Role)
def test_a_page_opens_to_the_roles_of_the_table_alone(
    role: Role,
    entry: PageEntry,
    people: dict[Role, Person],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = opened(people[role], entry, monkeypatch)

    assert (CLOSED in said(page)) is not may(role, entry.action)
    with Directory(settings.control) as directory:
        entries = {(e.action, e.outcome) for e in directory.access_log(PARTNER)}
    outcome = "done" if may(role, entry.action) else "refused"
    assert (entry.action.value, outcome) in entries


def test_a_role_is_promised_sql_where_a_page_takes_it_alone() -> None:
    is_taken = Action.ASK_SQL in {entry.action for entry in PAGES}

    assert any("SQL" in words for words in SEEN_BY.values()) is is_taken


@pytest.mark.usefixtures("restricted")
@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.name)
def test_a_restricted_partners_pages_say_so_and_show_nothing(
    entry: PageEntry, people: dict[Role, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(people[Role.ADMIN], entry, monkeypatch)

    assert "is restricted since" in said(page)
    assert "cloudprune privacy lift" in said(page)
    assert (STOPPED in said(page)) is processes(entry.at_least)


@pytest.mark.usefixtures("restricted")
def test_a_restricted_partner_has_a_copy_of_its_data(
    people: dict[Role, Person], settings: Settings
) -> None:
    admin = people[Role.ADMIN]

    asked = privacy.ask(settings, admin, WHOLE, RequestKind.PORTABILITY)
    done = work_requests(settings)

    (request,) = privacy.visible_requests(settings, admin)
    assert (done.done, done.failed, request.request_id) == (1, {}, asked.request_id)
    assert privacy.fetch_archive(settings, admin, request).startswith(b"PK")


@pytest.mark.usefixtures("restricted", "home")
def test_nothing_of_a_restricted_partner_is_read(settings: Settings) -> None:
    with pytest.raises(RestrictedError):
        current_source(settings, PARTNER)
