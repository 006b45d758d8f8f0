"""`cloudprune members` and `cloudprune dashboard`, as the operator types them."""

from pathlib import Path

import pytest

from control.directory import Directory
from pipeline.settings import Settings
from tests.integration.cli.running import run

pytestmark = pytest.mark.integration

PARTNER = "northwind"
ADD = ("members", "add-partner", PARTNER, "--organization", "org_1")
INVITE = ("members", "invite", "--partner", PARTNER)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CLOUDPRUNE_OIDC_REDIRECT_URI", "https://app.acme.test/oauth2callback")
    monkeypatch.delenv("CLOUDPRUNE_SMTP_HOST", raising=False)
    assert run(tmp_path, *ADD).returncode == 0
    return tmp_path


def directory(home: Path) -> Directory:
    return Directory(Settings(home=home, control_url="").control)


def join(home: Path, email: str, role: str) -> None:
    done = run(home, *INVITE, "--role", role, email)
    assert done.returncode == 0, done.stderr
    token = done.stdout.strip().partition("invitation=")[2]
    directory(home).accept_invitation(PARTNER, token, subject=f"idp|{email}", email=email)


def test_the_first_admin_comes_by_a_link(home: Path) -> None:
    join(home, "ada@acme.test", "admin")

    listed = run(home, "members", "list", "--partner", PARTNER)

    assert directory(home).partner_of_organization("org_1") == PARTNER
    assert "ada@acme.test" in listed.stdout
    assert "admin" in listed.stdout
    actions = [entry.action for entry in directory(home).access_log(PARTNER)]
    assert actions == ["see members", "invite member", "manage members"]


def test_members_are_changed_signed_out_and_removed(home: Path) -> None:
    join(home, "ada@acme.test", "admin")
    join(home, "bob@acme.test", "viewer")
    directory(home).ensure_tenant(PARTNER, "contoso")
    bob = ("--partner", PARTNER, "bob@acme.test")

    changed = run(home, "members", "set-role", *bob, "--role", "analyst", "--tenant", "contoso")
    ended = run(home, "members", "sign-out", *bob)
    (_, member) = directory(home).members(PARTNER)
    removed = run(home, "members", "remove", *bob)

    assert (changed.returncode, ended.returncode, removed.returncode) == (0, 0, 0)
    assert (member.role, member.tenants) == ("analyst", '["contoso"]')
    assert member.signed_out_at is not None
    assert [each.email for each in directory(home).members(PARTNER)] == ["ada@acme.test"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("members", "remove", "--partner", PARTNER, "ada@acme.test"), "no admin left"),
        (("members", "remove", "--partner", PARTNER, "eve@acme.test"), "no member eve@acme.test"),
        ((*INVITE, "--role", "owner", "b@acme.test"), "there is no role owner"),
        ((*INVITE, "--role", "operator", "b@acme.test"), "there is no role operator"),
        ((*INVITE, "--tenant", "nobody", "b@acme.test"), "no tenant nobody"),
        ((*INVITE, "not an address"), "no e-mail address"),
        (("members", "invite", "--partner", "nobody", "b@acme.test"), "members add-partner"),
        (("members", "add-partner", "other", "--organization", "org_1"), "of its own"),
        (("members", "add-partner", "../x", "--organization", "org_2"), "cannot be used"),
    ],
)
def test_what_is_wrong_is_a_sentence(arguments: tuple[str, ...], told: str, home: Path) -> None:
    join(home, "ada@acme.test", "admin")

    done = run(home, *arguments)

    assert done.returncode == 1
    assert told in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert "does not exist" not in done.stderr or "nobody" in arguments
    assert [each.partner_id for each in directory(home).partners()] == [PARTNER]


def test_a_link_needs_the_dashboards_address(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLOUDPRUNE_OIDC_REDIRECT_URI")

    done = run(home, *INVITE, "ada@acme.test")

    assert done.returncode == 1
    assert "CLOUDPRUNE_OIDC_REDIRECT_URI" in done.stderr
    assert directory(home).invitations(PARTNER) == ()


def test_a_mail_that_is_not_taken_leaves_the_link(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOUDPRUNE_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("CLOUDPRUNE_SMTP_PORT", "1")
    monkeypatch.setenv("CLOUDPRUNE_SMTP_SENDER", "app@acme.test")

    done = run(home, *INVITE, "ada@acme.test")

    assert done.returncode == 0
    assert "did not take the message" in done.stderr
    assert done.stdout.startswith("https://app.acme.test/?invitation=")


@pytest.mark.parametrize("command", ["demo", "dashboard"])
def test_nothing_is_served_with_a_provider_in_part(command: str, home: Path) -> None:
    done = run(home, command)

    assert done.returncode == 1
    assert "CLOUDPRUNE_OIDC_" in done.stderr
