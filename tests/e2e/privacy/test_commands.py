"""The privacy commands: requests, export, erasure, backup, and what is wrong in a sentence."""

import io
import json
import re
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from apps.cli.main import main
from control.directory import Directory
from control.roles import Role
from pipeline.ingest import ingest_costs
from pipeline.privacy.archives import read_archive
from pipeline.settings import Settings
from tests.conftest import PARTNER, TENANT
from tests.integration.ingestion import made

pytestmark = pytest.mark.e2e

ANN, BOB = "ann@mail.example", "bob@mail.example"
COMMANDS = (
    "request", "list", "extend", "close", "export", "rectify", "restrict", "lift", "erase",
    "work", "retention", "breach",
)  # fmt: skip


@dataclass(frozen=True)
class Done:
    """What a command did."""

    status: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Run `cloudprune` in this process."""
    monkeypatch.setenv("CLOUDPRUNE_HOME", str(settings.home))
    monkeypatch.setenv("COLUMNS", "200")

    def command(*arguments: str, given: str = "") -> Done:
        monkeypatch.setattr(sys, "argv", ["cloudprune", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(given))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return Done(int(ended.value.code or 0), " ".join(told.out.split()), told.err)

    return command


@pytest.fixture
def landed(settings: Settings, exports: Path) -> Settings:
    """A partner with a bill and two admins."""
    made.write(exports / "may.csv", made.FOCUS, {}, {"ServiceName": "=1+1"})
    ingest_costs(settings, PARTNER, TENANT, str(exports), makes_tenant=True)
    with Directory(settings.control) as directory:
        for email in (ANN, BOB):
            token = directory.invite(PARTNER, email, Role.ADMIN, invited_by="operator")
            directory.accept_invitation(PARTNER, token, subject=f"sub-{email}", email=email)
        directory.log_access(PARTNER, ANN, "see costs", tenant_id=TENANT)
    return settings


@pytest.mark.parametrize(
    "command", [*(f"privacy {name}" for name in COMMANDS), "backup", "restore"]
)
def test_every_command_has_an_example_in_its_help(command: str, run: Run) -> None:
    done = run(*command.split(), "--help")

    assert done.status == 0
    assert f"Example: cloudprune {command}" in done.out


def test_a_request_is_listed_with_its_deadline_extended_and_closed(
    run: Run, landed: Settings
) -> None:
    day = datetime.now(UTC) - timedelta(days=28)
    asked = run(
        "privacy", "request", "objection", "--partner", PARTNER, "--member", ANN, "--by", ANN,
        "--received", f"{day:%Y-%m-%dT%H:%M}",
    )  # fmt: skip
    (request_id,) = re.findall(r"Request (\w{32})", asked.err)
    listed = run("privacy", "list", "--partner", PARTNER)
    extended = run("privacy", "extend", request_id, "--partner", PARTNER, "--reason", "holidays")
    run("privacy", "close", request_id, "--partner", PARTNER, "--said", "answered by mail")
    closed = run("privacy", "list", "--partner", PARTNER)

    assert f"{day + timedelta(days=30):%Y-%m-%d} (in 1 days)" in listed.out
    assert f"{day + timedelta(days=90):%Y-%m-%d}" in extended.err
    assert ANN in extended.err
    assert "done" in closed.out
    assert "answered by mail" in closed.out


def test_a_partners_export_holds_records_and_lake_in_three_forms(
    run: Run, landed: Settings, tmp_path: Path
) -> None:
    target = tmp_path / "northwind.zip"

    done = run("privacy", "export", "--partner", PARTNER, "--output", str(target))
    again = run("privacy", "export", "--partner", PARTNER, "--output", str(target))

    assert done.status == 0, done.err
    assert again.status == 1
    assert "exists already" in again.err
    assert target.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(target) as archive:
        names = set(archive.namelist())
        members = json.loads(archive.read("json/records/members.json"))
        (csv,) = (n for n in names if n.startswith("csv/lake/contoso/cost_lines"))
        lines = archive.read(csv).decode()
        (parquet,) = (n for n in names if n.startswith("parquet/lake/contoso/cost_lines"))
        assert pq.read_table(io.BytesIO(archive.read(parquet))).num_rows == 2
        assert "README.txt" in names
        assert "records/members" in archive.read("README.txt").decode()
        assert "token_digest" not in archive.read("json/records/invitations.json").decode()
    assert {member["email"] for member in members} == {ANN, BOB}
    assert "'=1+1" in lines


def test_a_members_export_holds_what_is_about_it_and_nothing_else(
    run: Run, landed: Settings, tmp_path: Path
) -> None:
    target = tmp_path / "ann.zip"

    done = run("privacy", "export", "--partner", PARTNER, "--member", ANN, "--output", str(target))

    assert done.status == 0, done.err
    with zipfile.ZipFile(target) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
        assert len(json.loads(archive.read("json/records/access_log.json"))) == 1
    assert BOB.encode() not in everything
    assert not any("lake" in name for name in archive.namelist())


def test_a_member_is_corrected_wherever_it_stands(run: Run, landed: Settings) -> None:
    done = run(
        "privacy", "rectify", "--partner", PARTNER, "--member", ANN, "--email", "Anna@Mail.example",
        "--name", "Anna",
    )  # fmt: skip
    taken = run("privacy", "rectify", "--partner", PARTNER, "--member", BOB, "--email",
                "anna@mail.example")  # fmt: skip

    with Directory(landed.control) as directory:
        assert {m.email for m in directory.members(PARTNER)} == {"anna@mail.example", BOB}
        actors = {e.actor for e in directory.access_log(PARTNER)}
        assert actors == {"anna@mail.example", "operator"}
    assert done.status == 0, done.err
    assert (taken.status, "another member" in taken.err) == (1, True)


def test_restricting_stops_ingestion_until_it_is_lifted(
    run: Run, landed: Settings, exports: Path
) -> None:
    ingest = ("ingest", str(exports), "--partner", PARTNER, "--tenant", TENANT)
    run("privacy", "restrict", "--partner", PARTNER, "--tenant", TENANT)

    refused = run(*ingest)
    run("privacy", "lift", "--partner", PARTNER, "--tenant", TENANT)

    assert refused.status == 1
    assert "is restricted since" in refused.err
    assert run(*ingest).status == 0


def test_an_erasure_asks_for_the_name_and_shows_its_receipt_again(
    run: Run, landed: Settings
) -> None:
    erase = ("privacy", "erase", "--partner", PARTNER)

    wrong = run(*erase, given="northwnd\n")
    done = run(*erase, given=f"{PARTNER}\n")
    again = run(*erase)

    assert (wrong.status, "type exactly northwind" in " ".join(wrong.err.split())) == (1, True)
    assert done.status == 0, done.err
    assert "rows of tenants" in done.out
    assert again.out == done.out
    assert run("privacy", "list", "--partner", PARTNER).status == 1


def test_the_worker_does_what_waits(run: Run, landed: Settings) -> None:
    asked = run("privacy", "request", "access", "--partner", PARTNER, "--member", ANN, "--by", ANN)
    (request_id,) = re.findall(r"Request (\w{32})", asked.err)

    done = run("privacy", "work")
    archive = read_archive(landed, PARTNER, request_id)
    run("privacy", "request", "erasure", "--partner", PARTNER, "--member", BOB, "--by", BOB)
    erased = run("privacy", "work")
    late = run("privacy", "request", "erasure", "--partner", PARTNER, "--member", ANN, "--by", ANN)
    failed = run("privacy", "work")

    assert (done.status, "1 done, 0 not" in done.err) == (0, True)
    assert archive.startswith(b"PK")
    assert erased.status == 0
    with Directory(landed.control) as directory:
        assert [member.email for member in directory.members(PARTNER)] == [ANN]
    assert late.status == 0
    assert failed.status == 1
    assert "last admin" in failed.err


def test_a_letter_that_takes_consent_back_does_so(run: Run, landed: Settings) -> None:
    with Directory(landed.control) as directory:
        ann = next(m.member_id for m in directory.members(PARTNER) if m.email == ANN)
        directory.decide_consent(PARTNER, ann, "news", is_given=True, notice_version="1")

    done = run(
        "privacy", "request", "consent withdrawn", "--partner", PARTNER, "--member", ANN,
        "--by", ANN,
    )  # fmt: skip

    with Directory(landed.control) as directory:
        assert not directory.has_consented(PARTNER, ann, "news")
        assert directory.privacy_requests(PARTNER)[0].state == "done"
    assert "1 consents are withdrawn" in done.err


def test_retention_deletes_what_is_too_old(run: Run, landed: Settings) -> None:
    done = run("privacy", "retention")

    assert done.status == 0
    assert "0 access log entries, 0 invitations, 0 backups, 0 archives" in done.err


def test_a_breach_names_who_was_affected_and_when_it_is_due(run: Run, landed: Settings) -> None:
    aware = datetime.now(UTC) - timedelta(hours=50)
    since = datetime.now(UTC) - timedelta(hours=60)

    done = run("privacy", "breach", "--since", f"{since:%Y-%m-%dT%H:%M}", "--aware",
               f"{aware:%Y-%m-%dT%H:%M}")  # fmt: skip
    nobody = run("privacy", "breach", "--since", f"{since:%Y-%m-%dT%H:%M}", "--actor", "eve")
    shouted = run("privacy", "breach", "--since", f"{since:%Y-%m-%dT%H:%M}", "--actor", ANN.upper())
    wrong = run("privacy", "breach", "--since", "2999-01-01T00:00")

    assert f"due on {aware + timedelta(hours=72):%Y-%m-%d %H:%M} UTC" in done.out
    assert f"{PARTNER}: 1 entries, tenants {TENANT}" in done.out
    assert ANN in done.out
    assert "22 hours are left" in done.err or "21 hours are left" in done.err
    assert "none in the access log" in nobody.out
    assert f"{PARTNER}: 1 entries" in shouted.out
    assert (wrong.status, "lies in the past" in wrong.err) == (1, True)


def test_a_backup_is_made_listed_checked_and_restored(
    run: Run, landed: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOUDPRUNE_BACKUP_PASSPHRASE", "correct horse battery")

    made_one = run("backup", "--with-keys")
    listed = run("backup", "--list")
    checked = run("backup", "--check", made_one.out)
    refused = run("restore", made_one.out)
    with Directory(landed.control) as directory:
        directory.ensure_tenant("newcomer", "shop")
    restored = run("restore", made_one.out, "--replace", "--with-keys")

    assert made_one.status == 0, made_one.err
    assert made_one.out in listed.out
    assert "inside" in listed.out
    assert "all 3 parts open" in checked.err
    assert (refused.status, "--replace" in refused.err) == (1, True)
    assert restored.status == 0, restored.err
    assert f"cloudprune build --partner {PARTNER}" in restored.err
    assert "cloudprune privacy erase --partner newcomer" in restored.err
    assert "cloudprune build --partner newcomer" not in restored.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("privacy", "erase", "--partner", "nobody"), "there is no partner nobody"),
        (("privacy", "erase", "--partner", "../x"), "cannot be used"),
        (
            ("privacy", "export", "--partner", PARTNER, "--member", "eve", "-o", "x.zip"),
            "no member",
        ),
        (("privacy", "restrict", "--partner", PARTNER, "--tenant", "nope"), "no tenant"),
        (("privacy", "erase", "--partner", PARTNER, "--connection", "c"), "which with --tenant"),
        (
            ("privacy", "erase", "--partner", PARTNER, "--member", ANN, "--tenant", TENANT),
            "a member is a partner's",
        ),
        (("privacy", "extend", "0", "--partner", PARTNER, "--reason", "x"), "has no request 0"),
        (("privacy", "rectify", "--partner", PARTNER, "--member", ANN), "what is to be corrected"),
        (
            ("privacy", "rectify", "--partner", PARTNER, "--member", ANN, "--email", "ann"),
            "is no address",
        ),
        (("restore", "nothing"), "there is no backup nothing"),
    ],
)
def test_what_is_wrong_is_a_sentence(
    arguments: tuple[str, ...], told: str, run: Run, landed: Settings
) -> None:
    done = run(*arguments)

    assert done.status == 1
    assert told in " ".join(done.err.split())
    assert "Traceback" not in done.err


def test_an_instant_that_is_none_is_exit_status_2(run: Run) -> None:
    done = run("privacy", "breach", "--since", "yesterday")

    assert done.status == 2
    assert "no instant" in done.err
