"""What commands print, write and send for one partner holds nothing of another."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from control.directory import Directory
from pipeline.backup.creating import create_backup
from pipeline.backup.manifest import backup_storage
from pipeline.backup.opening import OpenBackup
from pipeline.settings import Settings
from tests.e2e.isolation.conftest import Copied
from tests.e2e.isolation.estate import CONNECTION, LIMITED, SIDES, TENANT, Side, other
from tests.e2e.isolation.found import leaks
from tests.integration.cli.arguments import ACTIONS, ARGUMENTS, OF_ALL, TOUCHES_NO_PARTNER, Given
from tests.integration.cli.commands import commands, formats
from tests.integration.cli.running import run
from tests.integration.delivery.test_mail import Inbox
from tests.servers import free_port

pytestmark = pytest.mark.e2e

DECLARED = commands()
LOGGED_AS = {
    "members invite": ("invite member",),
    "members set-role": ("change member",),
    "members remove": ("remove member",),
    "members sign-out": ("sign out everywhere",),
}
CASES = [(name, form) for name in ARGUMENTS for form in formats(DECLARED[name])]


@pytest.fixture(scope="module")
def inbox() -> Iterator[tuple[Inbox, int]]:
    handler, port = Inbox(), free_port()
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield handler, port
    finally:
        server.stop()


@pytest.fixture
def environment(inbox: tuple[Inbox, int], monkeypatch: pytest.MonkeyPatch) -> None:
    handler, port = inbox
    handler.messages.clear()
    for name, value in {
        "CLOUDPRUNE_SMTP_HOST": "127.0.0.1",
        "CLOUDPRUNE_SMTP_PORT": f"{port}",
        "CLOUDPRUNE_SMTP_SECURITY": "none",
        "CLOUDPRUNE_SMTP_SENDER": "app@acme.test",
        "CLOUDPRUNE_OIDC_REDIRECT_URI": "https://app.acme.test/oauth2callback",
        "CLOUDPRUNE_AWS_PRINCIPAL": "arn:aws:iam::999988887777:role/scanner",
        "CLOUDPRUNE_SCAN_ATTEMPTS": "1",
        "COLUMNS": "400",
    }.items():
        monkeypatch.setenv(name, value)


def test_every_command_is_run_here() -> None:
    covered = set(ARGUMENTS) | set(TOUCHES_NO_PARTNER)

    assert set(DECLARED) == covered, (
        "add to tests.integration.cli.arguments what these commands are given, or why they touch "
        f"no partner: {sorted(set(DECLARED) ^ covered)}"
    )


@pytest.mark.parametrize(("name", "form"), CASES)
@pytest.mark.parametrize("side", SIDES, ids=lambda side: side.partner_id)
@pytest.mark.usefixtures("environment")
def test_no_command_tells_anything_of_another_partner(
    name: str,
    form: str,
    side: Side,
    copied: Copied,
    inbox: tuple[Inbox, int],
    tmp_path: Path,
) -> None:
    settings, since = copied().settings, datetime.now(UTC)
    given = given_of(settings, side, tmp_path, name)
    arguments = ARGUMENTS[name](given)
    if form:
        arguments += ["--format", form, "--output", str(given.folder / "rows")]

    done = run(settings.home, *name.split(), *arguments)

    written = [path.read_bytes() for path in given.folder.rglob("*") if path.is_file()]
    sent = [_whole(message) for _, message in inbox[0].messages]
    told = [done.stdout, done.stderr, *written, *sent]
    assert done.returncode != 2, done.stderr
    assert "something unforeseen" not in done.stderr
    assert leaks(told, other(side).words if name in OF_ALL else other(side).needles) == []
    assert sent or name != "members invite"
    assert is_on_record(settings, side, name, since)
    assert leaks(told, [side.word]) or name not in {"sql", "privacy export", "rules exemptions"}


def is_on_record(settings: Settings, side: Side, name: str, since: datetime) -> bool:
    """Whether the access log says that the operator did it."""
    whose = {"demo": "local"}.get(name, side.partner_id)
    with Directory(settings.control) as directory:
        entries = [
            entry for partner in ("", whose) for entry in directory.access_log(partner, since=since)
        ]
    # invitations and members are logged by what changes them, in its own words
    wanted = {ACTIONS[name].value, *LOGGED_AS.get(name, ())}
    return any(e.actor == "operator" and e.action in wanted for e in entries)


def given_of(settings: Settings, side: Side, tmp_path: Path, name: str) -> Given:
    folder = tmp_path / "written"
    folder.mkdir()
    exports = tmp_path / "exports"
    with Directory(settings.control) as directory:
        (source,) = directory.sources(side.partner_id, TENANT)
        waiting = [r for r in directory.privacy_requests(side.partner_id) if r.is_open]
    shutil.copytree(source, exports)
    backup_id = create_backup(settings).backup_id if name == "restore" else ""
    return Given(
        side.partner_id, TENANT, CONNECTION, LIMITED, exports, folder, waiting[0].request_id,
        backup_id,
    )  # fmt: skip


def _whole(message: Message) -> bytes:
    payload = message.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return message.as_bytes() + payload


def test_a_backup_keeps_partners_in_parts_of_their_own(copied: Copied) -> None:
    settings = copied().settings
    made = create_backup(settings)
    storage = backup_storage(settings)
    sealed = [(Path(settings.backups) / found.path).read_bytes() for found in storage.list_files()]
    with Directory(settings.control) as directory:
        stones = directory.tombstones()
    backup = OpenBackup(settings, made.backup_id, "")
    erased = backup.erased_since(backup.tombstones(stones))

    opened: dict[str, list[bytes]] = {side.partner_id: [] for side in SIDES}
    for kind in ("control", "lake"):
        for owned in backup.parts(kind, erased):
            with backup.opened(owned) as reader:
                opened[owned.partner_id].append(reader.read())

    assert leaks(sealed, [word for side in SIDES for word in side.words]) == []
    for side in SIDES:
        assert leaks(opened[side.partner_id], [side.word])
        assert leaks(opened[side.partner_id], other(side).needles) == []
