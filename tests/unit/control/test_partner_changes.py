"""Budgets and branding: who may set them, what is refused, and two admins at once."""

import base64
import io
from collections.abc import Iterator

import pytest
from PIL import Image

from control.directory import Directory
from control.errors import (
    ChangedMeanwhileError,
    InvalidInputError,
    NotPermittedError,
    UnknownParentError,
)
from control.logo import LONGEST_FILE, clean_logo
from control.partner_changes import Appearance, remove_budget, set_branding, set_budget
from control.permission import Actor
from control.roles import Role

ADMIN = Actor("acme", "ada@acme.test", Role.ADMIN)
OTHER = Actor("globex", "bob@globex.test", Role.ADMIN)


@pytest.fixture
def directory(control_url: str) -> Iterator[Directory]:
    with Directory(control_url) as opened:
        for partner in ("acme", "globex"):
            opened.ensure_tenant(partner, "retail")
        yield opened


def picture(form: str = "PNG", size: tuple[int, int] = (1200, 300)) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", size, "#1f6feb").save(content, form)
    return content.getvalue()


def test_a_budget_is_set_changed_and_taken_away(directory: Directory) -> None:
    set_budget(directory, ADMIN, "retail", "eur", 1_000)
    set_budget(directory, ADMIN, "", "EUR", 5_000)
    (whole, retail) = directory.budgets("acme")
    assert [(each.tenant_id, each.billing_currency, each.amount) for each in (whole, retail)] == [
        ("", "EUR", 5_000),
        ("retail", "EUR", 1_000),
    ]

    set_budget(directory, ADMIN, "retail", "EUR", 2_000, retail)
    remove_budget(directory, ADMIN, whole)

    (held,) = directory.budgets("acme")
    assert (held.amount, held.changed_by) == (2_000, "ada@acme.test")
    assert directory.budgets("globex") == ()
    actions = [(entry.action, entry.target) for entry in directory.access_log("acme")]
    assert actions.count(("set budget", "EUR")) == 3
    assert ("remove budget", "EUR") in actions


def test_of_two_admins_the_second_is_told(directory: Directory) -> None:
    set_budget(directory, ADMIN, "retail", "EUR", 1_000)
    (seen,) = directory.budgets("acme")
    set_budget(directory, ADMIN, "retail", "EUR", 2_000, seen)
    set_branding(directory, ADMIN, Appearance("Acme", "", ""), None)

    with pytest.raises(ChangedMeanwhileError, match=r"ada@acme\.test changed it"):
        set_budget(directory, ADMIN, "retail", "EUR", 3_000, seen)
    with pytest.raises(ChangedMeanwhileError):
        remove_budget(directory, ADMIN, seen)
    with pytest.raises(ChangedMeanwhileError):
        set_branding(directory, ADMIN, Appearance("Acme Ltd", "", ""), None)

    assert [each.amount for each in directory.budgets("acme")] == [2_000]
    assert directory.display_name("acme") == "Acme"


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ANALYST, Role.OPERATOR])
def test_only_an_admin_sets_them(directory: Directory, role: Role) -> None:
    actor = Actor("acme", "eve@acme.test", role)

    with pytest.raises(NotPermittedError):
        set_budget(directory, actor, "retail", "EUR", 1_000)
    with pytest.raises(NotPermittedError):
        set_branding(directory, actor, Appearance("Eve", "", ""), None)

    assert directory.budgets("acme") == ()
    assert directory.branding("acme") is None
    assert {entry.outcome for entry in directory.access_log("acme")} == {"refused"}


@pytest.mark.parametrize(
    ("tenant", "currency", "amount", "error", "words"),
    [
        ("retail", "euro", 1, InvalidInputError, "no currency"),
        ("retail", "E'R", 1, InvalidInputError, "no currency"),
        ("retail", "EUR", 0, InvalidInputError, "between 1 and"),
        ("retail", "EUR", 10**13, InvalidInputError, "between 1 and"),
        ("../retail", "EUR", 1, UnknownParentError, "does not exist"),
    ],
)
def test_what_is_no_budget_is_refused(
    directory: Directory,
    tenant: str,
    currency: str,
    amount: int,
    error: type[Exception],
    words: str,
) -> None:
    with pytest.raises(error, match=words):
        set_budget(directory, ADMIN, tenant, currency, amount)
    assert directory.budgets("acme") == ()


def test_branding_is_kept_and_each_partner_has_its_own(directory: Directory) -> None:
    set_branding(
        directory, ADMIN, Appearance(" Acme\nCloud ", "ops@acme.test", "#1F6FEB", picture()), None
    )
    set_branding(directory, OTHER, Appearance("Globex", "", ""), None)

    held = directory.branding("acme")
    assert held is not None
    assert (held.name, held.contact, held.color) == ("Acme Cloud", "ops@acme.test", "#1f6feb")
    assert directory.display_name("globex") == "Globex"
    with Image.open(io.BytesIO(base64.b64decode(held.logo))) as logo:
        assert (logo.format, logo.size) == ("PNG", (640, 160))

    set_branding(directory, ADMIN, Appearance("Acme", "", ""), held)
    kept = directory.branding("acme")
    assert kept is not None
    assert kept.logo == held.logo

    set_branding(directory, ADMIN, Appearance("Acme", "", "", b""), kept)
    bare = directory.branding("acme")
    assert bare is not None
    assert bare.logo == ""


@pytest.mark.parametrize(
    ("appearance", "words"),
    [
        (Appearance("x" * 81, "", ""), "the name has 81 characters"),
        (Appearance("", "x" * 201, ""), "the contact has 201 characters"),
        (Appearance("", "", "red; background: url(//x)"), "no color"),
        (Appearance("", "", "", b"<svg onload='alert(1)'/>"), "PNG or JPEG"),
        (Appearance("", "", "", b"\x89PNG\r\n\x1a\n" + bytes(20)), "PNG or JPEG"),
    ],
)
def test_what_could_harm_is_refused(
    directory: Directory, appearance: Appearance, words: str
) -> None:
    with pytest.raises(InvalidInputError, match=words):
        set_branding(directory, ADMIN, appearance, None)
    assert directory.branding("acme") is None


def test_a_logo_is_small_in_bytes_and_pixels() -> None:
    with pytest.raises(InvalidInputError, match="at most 1,000,000"):
        clean_logo(bytes(LONGEST_FILE + 1))
    with pytest.raises(InvalidInputError, match="5,000 by 10 pixels"):
        clean_logo(picture(size=(5_000, 10)))
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    with pytest.raises(InvalidInputError, match="PNG or JPEG"):
        clean_logo(bomb.getvalue())


def test_nothing_but_pixels_of_a_logo_is_kept() -> None:
    hidden = picture("JPEG") + b"<script>alert(1)</script>"

    assert b"script" not in base64.b64decode(clean_logo(hidden))
