"""What an erasure takes out of the control database, and what it leaves."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from control.decisions import Change
from control.decisions import Subject as Finding
from control.directory import Directory
from control.errors import LastAdminError
from control.models import Base
from control.onboarding import RequestKind as Asked
from control.onboarding import SetupKind
from control.privacy_records import RequestKind, Subject, SubjectKind
from control.roles import Role
from control.scoping import EVERYONE, scope
from control.tombstones import Erased

KEY = b"k" * 32
ACCOUNT, CONNECTION = "999988887777", "aws-999988887777"
ANN, BOB, CAT = "ann@mail.example", "bob@mail.example", "cat@mail.example"
PARTNERS = ("acme", "globex")


@pytest.fixture
def directory(control_url: str) -> Iterator[Directory]:
    """Two partners with the same tenants, connections and people, and something in every table."""
    with Directory(control_url) as opened:
        for partner in PARTNERS:
            fill(opened, partner)
        yield opened


def fill(directory: Directory, partner: str) -> None:
    for tenant in ("web", "shop"):
        directory.ensure_tenant(partner, tenant)
        directory.record_connection(partner, tenant, CONNECTION, provider="aws", scope=ACCOUNT)
        directory.record_connection(partner, tenant, "aws-111", provider="aws", scope="111")
        directory.add_source(partner, tenant, f"/exports/{tenant}")
        directory.set_aws_access(
            partner,
            tenant,
            CONNECTION,
            role_arn=f"arn:aws:iam::{ACCOUNT}:role/r",
            external_id=f"{partner}-{tenant}",
        )
        scan = directory.request_scan(partner, tenant, CONNECTION, requested_by=ANN)
        assert scan
        finding = Finding(tenant, f"finding-{tenant}")
        directory.decide(partner, [finding], Change("dismissed", assignee=ANN), decided_by=ANN)
        directory.comment(partner, finding, f"ask {ANN}, not jo{ANN}", written_by=BOB)
        directory.set_rule_threshold(partner, tenant, "rule", "days", 1)
        directory.log_access(partner, ANN, "see costs", tenant_id=tenant, target="costs")
    people = (
        (ANN, Role.ADMIN, ["*"]),
        (BOB, Role.ADMIN, ["*"]),
        (CAT, Role.VIEWER, ["web", "shop"]),
    )
    for email, role, tenants in people:
        token = directory.invite(partner, email, role, invited_by="operator", tenants=tenants)
        directory.accept_invitation(partner, token, subject=f"s-{email}", email=email)
    directory.log_access(partner, BOB, "connect", target=CONNECTION)
    directory.log_access("", ANN, "sign in", is_refused=True, detail=partner)


def rows(directory: Directory, partner: str) -> dict[str, list[str]]:
    """Return a partner's rows as texts, by table."""
    with scope(EVERYONE), directory._engine.begin() as connection:
        return {
            name: sorted(map(str, connection.execute(select(t).where(t.c.partner_id == partner))))
            for name, t in Base.metadata.tables.items()
            if name != "erasure_tombstones"
        }


def limited(directory: Directory) -> str:
    """Return the tenants of the member that may see some alone."""
    (cat,) = (member for member in directory.members("acme") if member.email == CAT)
    return cat.tenants


def erase(
    directory: Directory,
    subject: Subject,
    finding_ids: tuple[str, ...] = (),
    source_uris: tuple[str, ...] = (),
) -> Counter[str]:
    asked = directory.request_privacy(subject, RequestKind.ERASURE, requested_by=BOB)
    stone = directory.erase(
        asked,
        KEY,
        Counter({"lake files": 3}),
        finding_ids=finding_ids,
        source_uris=source_uris,
    )
    return Counter(json.loads(stone.receipt))


def test_a_partner_goes_with_every_row_and_the_other_keeps_all(directory: Directory) -> None:
    kept = rows(directory, "globex")

    receipt = erase(directory, Subject(SubjectKind.PARTNER, "acme"))

    assert not any(rows(directory, "acme").values())
    assert rows(directory, "globex") == kept
    assert receipt["rows of tenants"] == 2
    assert receipt["rows of members"] == 3
    assert receipt["lake files"] == 3
    assert "acme" not in str(directory.tombstones())


def test_a_tenant_goes_and_nothing_else_of_its_partner_or_of_others(directory: Directory) -> None:
    other = rows(directory, "globex")

    erase(directory, Subject(SubjectKind.TENANT, "acme", "web"))

    left = rows(directory, "acme")
    assert rows(directory, "globex") == other
    assert [tenant.tenant_id for tenant in directory.tenants("acme")] == ["shop"]
    for table, found in left.items():
        assert not [row for row in found if "'web'" in row or "-web" in row], table
    assert len(left["finding_decisions"]) == 1
    assert limited(directory) == '["shop"]'


def test_a_member_limited_to_an_erased_tenant_sees_none_not_all(directory: Directory) -> None:
    erase(directory, Subject(SubjectKind.TENANT, "acme", "web"))
    erase(directory, Subject(SubjectKind.TENANT, "acme", "shop"))

    assert limited(directory) == "[]"


def test_a_connection_goes_with_its_findings_and_the_tenants_others_stay(
    directory: Directory,
) -> None:
    other = rows(directory, "globex")
    subject = Subject(SubjectKind.CONNECTION, "acme", "web", CONNECTION)

    erase(directory, subject, ("finding-web",), ("/exports/web",))

    kept = directory.connections("acme", "web")
    assert rows(directory, "globex") == other
    assert [each.connection_id for each in kept] == ["aws-111"]
    assert len(directory.connections("acme", "shop")) == 2
    assert not directory.scans("acme", "web")
    assert not directory.sources("acme", "web")
    assert [d.tenant_id for d in directory.decisions("acme")] == ["shop"]
    assert not [e for e in directory.access_log("acme") if CONNECTION in e.target]


def connected(directory: Directory, tenant: str, account: str) -> tuple[str, str]:
    """Connect an account the way a page does; return the connection and its External ID."""
    setup = directory.begin_setup("acme", tenant, SetupKind.ACCOUNT, started_by=ANN)
    role_arn = f"arn:aws:iam::{account}:role/read"
    asked = {"provider": "aws", "role_arn": role_arn, "setup_id": setup.setup_id}
    request_id = directory.request_connection(
        "acme", tenant, Asked.CONNECT, asked, requested_by=ANN
    )
    whose = ("acme", tenant, f"aws-{account}")
    directory.record_connection(*whose, provider="aws", scope=account)
    directory.set_aws_access(*whose, role_arn=role_arn, external_id=setup.external_id)
    results = {"connection_id": f"aws-{account}"}
    directory.finish_connection_request(
        "acme", request_id, is_done=True, message="connected", results=results
    )
    directory.finish_setup("acme", setup.setup_id)
    return f"aws-{account}", setup.external_id


@pytest.mark.parametrize("how", ["erased", "disconnected first"])
def test_what_was_asked_about_a_connection_goes_with_it(how: str, directory: Directory) -> None:
    connection_id, external_id = connected(directory, "web", "123456789012")
    _, kept = connected(directory, "web", "333344445555")
    subject = Subject(SubjectKind.CONNECTION, "acme", "web", connection_id)

    if how == "disconnected first":
        directory.remove_access("acme", "web", connection_id)
    erase(directory, subject)

    left = str(rows(directory, "acme"))
    assert "123456789012" not in left
    assert external_id not in left
    assert left.count(kept) == 2
    assert "role/read" in left


@pytest.mark.parametrize("tenant", ["bytes", "role", "costs"])
def test_no_evidence_goes_with_a_tenant_or_connection_that_is_called_like_it(
    tenant: str, directory: Directory
) -> None:
    directory.ensure_tenant("acme", tenant)
    directory.log_access("acme", ANN, "export data", target="costs.csv", detail="12,345 bytes")
    directory.log_access("acme", ANN, "manage members", is_refused=True, detail="role viewer")
    directory.log_access("acme", ANN, "set budget", tenant_id=tenant, target="USD")
    directory.record_connection("acme", "shop", "aws-5", provider="aws", scope="5", name=BOB)
    directory.log_access("acme", ANN, "invite member", target=BOB, detail="admin, all tenants")
    before = directory.access_log("acme")

    erase(directory, Subject(SubjectKind.TENANT, "acme", tenant))
    erase(directory, Subject(SubjectKind.CONNECTION, "acme", "shop", "aws-5"))

    assert directory.access_log("acme") == tuple(e for e in before if e.tenant_id != tenant)


def test_an_entry_that_mentions_what_is_erased_stays_without_its_names(
    directory: Directory,
) -> None:
    told = f"tenants acme/web, acme/shop; {ACCOUNT}; where tenant_id = 'web'; the web"
    for tenant in ("", "shop"):
        directory.log_access("acme", ANN, "told", tenant_id=tenant, target="111", detail=told)
    directory.log_access("acme", ANN, "connect", tenant_id="web", target=CONNECTION)

    erase(directory, Subject(SubjectKind.CONNECTION, "acme", "web", CONNECTION))
    erase(directory, Subject(SubjectKind.TENANT, "acme", "web"))

    left = {e.tenant_id: (e.target, e.detail) for e in directory.access_log("acme")[:2]}
    kept = "acme/shop; 999988887777; where tenant_id = erased; the web"
    assert left == {
        "": ("erased", f"tenants erased, {kept.replace(ACCOUNT, 'erased')}"),
        "shop": ("111", f"tenants erased, {kept}"),
    }


def test_a_member_goes_and_what_it_decided_stays_without_its_name(directory: Directory) -> None:
    other = rows(directory, "globex")
    (ann,) = (m for m in directory.members("acme") if m.email == ANN)

    erase(directory, Subject(SubjectKind.MEMBER, "acme", subject_id=ann.member_id))

    left = str(rows(directory, "acme")).replace(f"jo{ANN}", "")
    assert rows(directory, "globex") == other
    assert ANN not in left
    assert ann.member_id not in left
    assert {d.decided_by for d in directory.decisions("acme")} == {"erased member"}
    assert {d.assignee for d in directory.decisions("acme")} == {""}
    comments = [n.text for n in directory.course("acme", "web", "finding-web")]
    assert f"ask erased member, not jo{ANN}" in comments
    assert not [entry for entry in directory.access_log("") if entry.actor == ANN]


def test_the_last_admin_is_not_erased_and_nothing_changes(directory: Directory) -> None:
    ann, bob, _ = directory.members("acme")
    erase(directory, Subject(SubjectKind.MEMBER, "acme", subject_id=ann.member_id))
    asked = directory.request_privacy(
        Subject(SubjectKind.MEMBER, "acme", subject_id=bob.member_id),
        RequestKind.ERASURE,
        requested_by=BOB,
    )
    before = rows(directory, "acme")

    with pytest.raises(LastAdminError, match="erase the partner"):
        directory.erase(asked, KEY, Counter())

    assert rows(directory, "acme") == before


def test_a_request_keeps_its_receipt_and_loses_its_names(directory: Directory) -> None:
    erase(directory, Subject(SubjectKind.TENANT, "acme", "web"))

    (request,) = directory.privacy_requests("acme")

    assert (request.state, request.tenant_id, request.subject_id) == ("done", "", "")
    assert json.loads(request.receipt)["rows of tenants"] == 1


def test_tombstones_know_what_was_erased_with_the_key_alone(directory: Directory) -> None:
    (ann,) = (m for m in directory.members("acme") if m.email == ANN)
    subject = Subject(SubjectKind.TENANT, "acme", "web")
    erase(directory, subject)
    erase(directory, Subject(SubjectKind.MEMBER, "acme", subject_id=ann.member_id))
    stones = directory.tombstones()

    erased = Erased(KEY, stones)

    assert erased.has(subject)
    assert erased.has(Subject(SubjectKind.CONNECTION, "acme", "web", CONNECTION))
    assert not erased.has(Subject(SubjectKind.TENANT, "globex", "web"))
    assert not erased.has(Subject(SubjectKind.TENANT, "acme", "shop"))
    assert erased.has_address("acme", ANN.upper())
    assert not erased.has_address("globex", ANN)
    assert not Erased(b"x" * 32, stones).has(subject)
    assert directory.tombstones_of(KEY, subject)[0].subject_kind == "tenant"


def test_no_byte_of_what_was_erased_stays_in_the_databases_files(
    directory: Directory, tmp_path: Path
) -> None:
    erase(directory, Subject(SubjectKind.PARTNER, "acme"))
    directory.scrub()

    for path in tmp_path.glob("control.db*"):
        assert b"acme" not in path.read_bytes(), path


def test_erasing_is_all_or_nothing(directory: Directory, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = directory.request_privacy(
        Subject(SubjectKind.PARTNER, "acme"), RequestKind.ERASURE, requested_by=BOB
    )
    before = rows(directory, "acme")

    def failing(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("control.erasure.put_tombstone", failing)
        with pytest.raises(KeyboardInterrupt):
            directory.erase(asked, KEY, Counter())

    assert rows(directory, "acme") == before


def test_the_names_of_a_subject_are_its_ids_accounts_and_addresses(directory: Directory) -> None:
    names = directory.names(Subject(SubjectKind.PARTNER, "acme"))

    assert {"acme", "web", "shop", ACCOUNT, CONNECTION, ANN, BOB} <= set(names)
    assert "globex" not in names


def test_erased_at_is_an_instant(directory: Directory) -> None:
    erase(directory, Subject(SubjectKind.PARTNER, "acme"))

    (stone,) = directory.tombstones()

    assert stone.erased_at <= datetime.now(UTC)
    directory.finish_tombstone(stone, stone.erased_at)
    assert directory.tombstones()[0].finished_at == stone.erased_at
