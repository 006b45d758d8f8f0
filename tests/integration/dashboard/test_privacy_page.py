"""The privacy page with each role: what it shows, and what it refuses whatever it shows."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from apps.dashboard.data import privacy as data
from apps.dashboard.identity import Person
from apps.dashboard.sign_in import way
from control.directory import Directory
from control.errors import PrivacyRequestError
from control.privacy_records import RequestKind, Subject, SubjectKind
from control.roles import Role
from pipeline.privacy.notice import privacy_notice
from pipeline.privacy.work import work_requests
from pipeline.settings import Settings

pytestmark = pytest.mark.integration

PAGE = Path(__file__).parents[3] / "apps/dashboard/app_pages/privacy.py"
PARTNERS = ("northwind", "southwind")
PARTNER = Subject(SubjectKind.PARTNER, "northwind")


@pytest.fixture
def people(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> dict[Role, Person]:
    """Members of each role, in two partners with the same addresses."""
    monkeypatch.setenv("CLOUDPRUNE_HOME", str(settings.home))
    found = {}
    with Directory(settings.control) as directory:
        for partner in PARTNERS:
            directory.ensure_tenant(partner, "acme")
            for role in (Role.ADMIN, Role.ANALYST, Role.VIEWER):
                email = f"{role.value}@mail.example"
                token = directory.invite(partner, email, role, invited_by="operator")
                member = directory.accept_invitation(partner, token, subject=email, email=email)
                if partner == PARTNERS[0]:
                    found[role] = Person(partner, email, member.member_id, role)
    return found


def shown(person: Person) -> AppTest:
    app = AppTest.from_file(str(PAGE), default_timeout=60)
    app.session_state["partner"] = person.partner_id
    app.session_state["person"] = person
    app.run()
    assert not app.exception
    return app


@pytest.mark.parametrize("role", [Role.ADMIN, Role.ANALYST, Role.VIEWER])
def test_only_an_admin_sees_the_organizations_part(role: Role, people: dict[Role, Person]) -> None:
    labels = [tab.label for tab in shown(people[role]).tabs]

    assert ("Your organization" in labels) is (role is Role.ADMIN)
    assert {"Your data", "Requests", "Sub-processors", "Retention", "Cookies"} <= set(labels)


def test_a_member_asks_for_a_copy_of_its_data_and_fetches_it(
    settings: Settings, people: dict[Role, Person]
) -> None:
    viewer = people[Role.VIEWER]
    app = shown(viewer)

    next(b for b in app.button if b.label == "Ask for a copy").click().run()
    assert "It is due on" in app.success[0].value
    work_requests(settings)
    (request,) = data.visible_requests(settings, viewer)

    assert data.fetch_archive(settings, viewer, request).startswith(b"PK")
    with pytest.raises(PrivacyRequestError, match="somebody else's"):
        data.fetch_archive(settings, people[Role.ANALYST], request)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.VIEWER])
def test_whatever_the_page_shows_nobody_else_exports_or_erases_the_partner(
    role: Role, settings: Settings, people: dict[Role, Person]
) -> None:
    with pytest.raises(PrivacyRequestError, match="an admin"):
        data.ask(settings, people[role], PARTNER, RequestKind.ACCESS)
    with pytest.raises(PrivacyRequestError, match="an admin"):
        data.ask_to_erase(settings, people[role], PARTNER, PARTNER.name)


def test_an_admin_reaches_nothing_of_another_partner(
    settings: Settings, people: dict[Role, Person]
) -> None:
    other = Subject(SubjectKind.PARTNER, "southwind")
    with Directory(settings.control) as directory:
        directory.request_privacy(other, RequestKind.ACCESS, requested_by="admin@mail.example")

    with pytest.raises(PrivacyRequestError, match="an admin"):
        data.ask_to_erase(settings, people[Role.ADMIN], other, other.name)

    assert data.visible_requests(settings, people[Role.ADMIN]) == ()
    names = [each.confirmation for each in data.erasables(settings, people[Role.ADMIN])]
    assert not [name for name in names if "southwind" in name]


def test_an_erasure_needs_the_name_whatever_the_button_says(
    settings: Settings, people: dict[Role, Person]
) -> None:
    with pytest.raises(PrivacyRequestError, match="type exactly northwind"):
        data.ask_to_erase(settings, people[Role.ADMIN], PARTNER, "northwnd")

    assert data.visible_requests(settings, people[Role.ADMIN]) == ()


def test_a_member_erases_itself_and_the_log_says_that_it_asked(
    settings: Settings, people: dict[Role, Person]
) -> None:
    viewer = people[Role.VIEWER]

    data.ask_to_erase(settings, viewer, data.own_subject(viewer), viewer.actor)
    with Directory(settings.control) as directory:
        (entry,) = directory.access_log("northwind")
    assert (entry.actor, entry.action, entry.detail) == (
        viewer.actor, "ask for privacy", "erasure",
    )  # fmt: skip
    assert work_requests(settings).done == 1

    with Directory(settings.control) as directory:
        assert viewer.actor not in {member.email for member in directory.members("northwind")}
        assert viewer.actor in {member.email for member in directory.members("southwind")}


def test_a_consent_taken_back_is_a_request_that_is_done(
    settings: Settings, people: dict[Role, Person]
) -> None:
    app = shown(people[Role.VIEWER])

    app.toggle[0].set_value(True).run()
    assert data.consents(settings, people[Role.VIEWER]) == {"statistics": True}
    app.toggle[0].set_value(False).run()

    assert data.consents(settings, people[Role.VIEWER]) == {"statistics": False}
    (request,) = data.visible_requests(settings, people[Role.VIEWER])
    assert (request.kind, request.state) == ("consent withdrawn", "done")


def test_the_notice_is_whole() -> None:
    notice = privacy_notice()

    assert notice.sections
    assert notice.sub_processors
    assert {rule.what for rule in notice.retention} >= {"Access log", "Backups"}
    assert all(cookie.is_essential for cookie in notice.cookies)


def test_the_notice_names_every_cookie_and_how_long_it_is_kept() -> None:
    kept = {cookie.name: cookie.kept for cookie in privacy_notice().cookies}

    assert kept[way.USER_COOKIE].startswith(f"{way.KEPT_S // 3600} hours")
    for name in (way.INVITATION_COOKIE, way.WAY_COOKIE):
        assert kept[name] == f"{way.WAITS_S // 60} minutes"
