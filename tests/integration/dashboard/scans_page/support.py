"""The page of scans as somebody sees it."""

from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from apps.dashboard.identity import Person
from apps.dashboard.sign_in.admission import person_of
from control.directory import Directory
from control.membership import find_member
from control.people import EVERY_TENANT
from control.records import Scan
from control.roles import Role
from pipeline.settings import Settings

ROOT = Path(__file__).parents[4]
PAGE = ROOT / "apps/dashboard/app_pages/scans.py"
A, B = "northwind", "southwind"
ROLES = {
    "contoso": "arn:aws:iam::222233334444:role/r",
    "fabrikam": "arn:aws:iam::555566667777:role/r",
}


def person(
    role: Role = Role.ANALYST, partner: str = A, tenants: frozenset[str] | None = None
) -> Person:
    """Return a member who signs in now; the operator, who is none, as if it could."""
    email = f"{role.value}@{partner}.example"
    if role is Role.OPERATOR:
        return Person(partner, email, "", role)
    seen = EVERY_TENANT if tenants is None else sorted(tenants)
    with Directory(Settings().control) as directory:
        if email not in {member.email for member in directory.members(partner)}:
            token = directory.invite(partner, email, role, invited_by="operator")
            directory.accept_invitation(partner, token, subject=email, email=email)
        held = find_member(directory, partner, email)
        directory.set_role(partner, held.member_id, role, seen)
        return person_of(find_member(directory, partner, email))


def shown(who: Person, **params: str) -> AppTest:
    app = AppTest.from_file(str(PAGE), default_timeout=60)
    app.session_state["partner"] = who.partner_id
    app.session_state["person"] = who
    for name, value in {"partner": who.partner_id, **params}.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


def words(app: AppTest) -> str:
    """Return every sentence of the page, without the marks that keep strangers' text plain."""
    parts = [*app.markdown, *app.caption, *app.success, *app.info, *app.warning, *app.error]
    text = "\n".join(str(part.value) for part in parts)
    text += "\n".join(str(part.proto.text) for part in app.get("progress"))
    return text.replace("\\", "").replace("\u2060", "")


def history(app: AppTest) -> list[dict[Any, Any]]:
    if not app.dataframe:
        return []
    rows: list[dict[Any, Any]] = app.dataframe[0].value.to_dict("records")
    return rows


def records_of(settings: Settings, partner: str = A) -> tuple[Scan, ...]:
    with Directory(settings.control) as directory:
        return directory.scans(partner)


def scans(settings: Settings, partner: str = A) -> list[tuple[str, str, str]]:
    found = records_of(settings, partner)
    return sorted((scan.tenant_id, scan.status, scan.requested_by) for scan in found)
