"""Every command asks the table, whatever it holds, and a restriction, too."""

from collections.abc import Callable
from pathlib import Path

import pytest

from control import roles
from control.directory import Directory
from control.privacy_records import RequestKind, Subject, SubjectKind
from control.roles import ALLOWED, Role, processes
from pipeline.settings import Settings
from tests.conftest import PARTNER, TENANT
from tests.integration.cli.arguments import (
    ACTIONS,
    ARGUMENTS,
    OF_ALL,
    TOUCHES_NO_PARTNER,
    Given,
)
from tests.integration.cli.commands import commands
from tests.integration.cli.running import Done, run
from tests.integration.roles.conftest import address

pytestmark = pytest.mark.integration

WHOLE = Subject(SubjectKind.PARTNER, PARTNER)
REFUSED = [
    (name, role) for name, action in ACTIONS.items() for role in Role if action not in ALLOWED[role]
]


@pytest.fixture
def execute(
    home: Path,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[str], Done]:
    """Run a command by its name, with what it has to be given."""

    def of(name: str) -> Done:
        monkeypatch.setenv("CLOUDPRUNE_OIDC_REDIRECT_URI", "https://app.acme.test/oauth2callback")
        with Directory(settings.control) as directory:
            asked = directory.request_privacy(WHOLE, RequestKind.OBJECTION, requested_by="ann")
        member, nothing = address(Role.VIEWER), "of-nobody"
        given = Given(
            PARTNER, TENANT, nothing, member, tmp_path, tmp_path, asked.request_id, nothing
        )
        return run(settings.home, *name.split(), *ARGUMENTS[name](given))

    return of


def test_every_command_is_in_the_walk() -> None:
    assert set(ACTIONS) == set(ARGUMENTS)
    assert set(commands()) == {*ARGUMENTS, *TOUCHES_NO_PARTNER}, (
        "add to tests.integration.cli.arguments what new commands are given and which action they "
        "ask for, or why they touch no partner"
    )


@pytest.mark.parametrize(("name", "role"), REFUSED)
def test_a_command_does_nothing_that_the_operators_row_lacks(
    name: str,
    role: Role,
    execute: Callable[[str], Done],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(roles.ALLOWED, Role.OPERATOR, ALLOWED[role])

    done = execute(name)

    assert done.returncode == 1, done.stderr
    assert f"operator may not {ACTIONS[name]}" in " ".join(done.stderr.split())
    with Directory(settings.control) as directory:
        # the demo's partner does not exist yet, and an entry of one that does not has no name
        whose = "" if name in OF_ALL - {"doctor"} | {"demo"} else PARTNER
        entries = [(e.action, e.outcome) for e in directory.access_log(whose)]
    assert entries == [(ACTIONS[name].value, "refused")]


@pytest.mark.parametrize("name", [n for n in ACTIONS if n not in OF_ALL and n != "demo"])
def test_a_command_that_processes_a_restricted_partner_says_so(
    name: str, execute: Callable[[str], Done], settings: Settings
) -> None:
    with Directory(settings.control) as directory:
        directory.restrict(WHOLE)

    done = execute(name)

    is_told = "is restricted since" in " ".join(done.stderr.split())
    assert is_told is processes(ACTIONS[name]), done.stderr
    assert done.returncode == 1 or not processes(ACTIONS[name])


def test_the_doctor_says_what_is_restricted_and_goes_on(
    execute: Callable[[str], Done], settings: Settings
) -> None:
    with Directory(settings.control) as directory:
        directory.restrict(WHOLE)

    done = execute("doctor")

    assert "is restricted since" in " ".join(done.stdout.split())
    assert "Partner southwind" in done.stdout
