"""Two partners whose tenants, accounts, connections and members have the same ids and addresses.

They differ by their own name, a secret word that stands wherever somebody can write, an amount and
a threshold. Whatever one of them gets to see must hold none of the other's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from apps.dashboard.identity import Person
from apps.dashboard.sign_in.admission import person_of
from control import records
from control.decisions import Change, Subject
from control.directory import Directory
from control.onboarding import RequestKind, SetupKind
from control.privacy_records import RequestKind as PrivacyKind
from control.privacy_records import Subject as Whose
from control.privacy_records import SubjectKind
from control.roles import Role
from control.scan_states import ScanState
from pipeline.settings import Settings
from tests.integration.ingestion import made
from tests.integration.pipeline.scans import ACCOUNT, REGION, Scans

TENANT, OTHER_TENANT, CONNECTION = "contoso", "fabrikam", f"aws-{ACCOUNT}"
UNREAD_TENANT = "initech"
"""Whose cloud is asked in vain; a failed scan would hide what is known of the others."""
MONTH, SCANNED = "2026-05", date(2026, 5, 25)
VOLUME, RULE = "vol-1", "aws_ebs_volume_unattached"
ADMIN, ANALYST, VIEWER, LIMITED = (
    f"{name}@mail.example" for name in ("admin", "analyst", "viewer", "limited")
)
_ROLES = {
    ADMIN: (Role.ADMIN, ("*",)),
    ANALYST: (Role.ANALYST, ("*",)),
    VIEWER: (Role.VIEWER, ("*",)),
    LIMITED: (Role.ANALYST, (TENANT,)),
}
_OLD = datetime(2025, 1, 1)  # noqa: DTZ001 - UTC, as landed


@dataclass(frozen=True)
class Side:
    """One of the two partners, and what nobody but it may see.

    Attributes:
        partner_id: Its name.
        word: Stands in everything of it that is text.
        amount: A line of its bill.
        threshold: What it set in the place of a rule's default; its budget is 10,000 times that.
    """

    partner_id: str
    word: str
    amount: str
    threshold: float

    @property
    def words(self) -> tuple[str, ...]:
        """What no output for the other may hold, whoever asks."""
        return self.word, self.amount, f"{self.threshold}", f"{self.threshold * 10_000:.0f}"

    @property
    def needles(self) -> tuple[str, ...]:
        """What no output for the other may hold, its name included."""
        return self.partner_id, *self.words

    @property
    def hidden(self) -> str:
        """What members may not see who see the first tenant alone."""
        return f"{self.word}-hidden"


SIDES = (
    Side("northwind", "quokka", "31415.93", 31.4159),
    Side("southwind", "wombat", "27182.82", 27.1828),
)


def other(side: Side) -> Side:
    """Return the partner whose data must not be seen."""
    return SIDES[1 - SIDES.index(side)]


def persons(settings: Settings, side: Side) -> dict[str, Person]:
    """Return a partner's members, as they sign in, by address."""
    with Directory(settings.control) as directory:
        members = directory.members(side.partner_id)
    return {member.email: person_of(member) for member in members if member.email in _ROLES}


def prepare(settings: Settings, folder: Path, side: Side) -> None:
    """Make everything that comes before the first job: people, exports and what scans saw."""
    with Directory(settings.control) as directory:
        directory.ensure_tenant(side.partner_id, UNREAD_TENANT)
        for tenant in (TENANT, OTHER_TENANT):
            directory.ensure_tenant(side.partner_id, tenant)
            word = side.word if tenant == TENANT else side.hidden
            exports = folder / side.word / tenant
            _bill(exports, side, word)
            directory.add_source(side.partner_id, tenant, str(exports))
        _people(directory, side)
        _rules(directory, side)
        _connection(directory, side)
        _requests(directory, side)
        directory.log_access(side.partner_id, ADMIN, "see costs", target=f"{side.word}-target")
    _scans(settings, folder, side)


def decide(settings: Settings, side: Side, finding_id: str) -> None:
    """Decide and comment on a finding, which has the same identity at both partners."""
    with Directory(settings.control) as directory:
        subject = Subject(TENANT, finding_id)
        directory.comment(side.partner_id, subject, f"{side.word} comment", written_by=ANALYST)
        change = Change("open", assignee=f"{side.word}@mail.example", reason=f"{side.word} reason")
        directory.decide(side.partner_id, [subject], change, decided_by=ANALYST)


def _bill(exports: Path, side: Side, word: str) -> None:
    lines = list(_lines(side, word))
    bad = {**lines[0], "BilledCost": f"{word}-is-no-amount"}
    made.write(exports / "may.csv", made.FOCUS, *lines, bad)


def _lines(side: Side, word: str) -> Iterator[dict[str, str]]:
    tags = f'{{"team": "{word}-tag", "{word}-key": "x"}}'
    named = {"Tags": tags, "SubAccountName": f"{word}-account", "ResourceName": f"{word}-name"}
    for day in range(1, 25):
        start = datetime(2026, 5, day, tzinfo=UTC)
        period = {
            "ChargePeriodStart": f"{start:%Y-%m-%dT%H:%M:%SZ}",
            "ChargePeriodEnd": f"{start + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}",
        }
        for resource_id in (VOLUME, f"vol-{word}"):
            yield {**period, **named, "ResourceId": resource_id}
    cost = {"BilledCost": side.amount, "EffectiveCost": side.amount, "ListCost": side.amount}
    yield {**named, **cost, "ResourceId": f"i-{word}", "ServiceName": f"Service {word}"}


def _people(directory: Directory, side: Side) -> None:
    partner = side.partner_id
    for email, (role, tenants) in _ROLES.items():
        token = directory.invite(partner, email, role, invited_by="operator", tenants=tenants)
        directory.accept_invitation(
            partner, token, subject=email, email=email, name=f"{side.word} {role.value}"
        )
    own = f"{side.word}@mail.example"
    token = directory.invite(partner, own, Role.ADMIN, invited_by="operator")
    directory.accept_invitation(partner, token, subject=own, email=own)
    directory.invite(partner, f"{side.word}-invited@mail.example", Role.VIEWER, invited_by=own)
    directory.set_organization(partner, f"org_{side.word}")
    appears = {"name": f"{side.word} brand", "contact": own, "color": "", "logo": ""}
    directory.put_branding(partner, appears, changed_by=own, seen=None)
    directory.put_budget(
        partner, TENANT, "USD", int(side.threshold * 10_000), changed_by=own, seen=None
    )


def _rules(directory: Directory, side: Side) -> None:
    partner = side.partner_id
    directory.set_rule_threshold(
        partner, TENANT, "aws_ebs_snapshot_old", "min_age_days", side.threshold
    )
    directory.add_rule_exemption(
        partner,
        TENANT,
        "*",
        tag_key=f"{side.word}-exempt",
        tag_value="*",
        reason=f"{side.word} exemption",
        created_by=f"{side.word}@mail.example",
    )


def _connection(directory: Directory, side: Side) -> None:
    """Connect accounts without their secrets, so that no cloud is asked, and record a scan."""
    for tenant, word in ((UNREAD_TENANT, side.hidden), (TENANT, side.word)):
        whose = (side.partner_id, tenant, CONNECTION)
        directory.record_connection(*whose, provider="aws", scope=ACCOUNT, name=f"{word} account")
        directory.set_azure_access(
            *whose, directory_id=f"{word}-directory", client_id=f"{word}-client"
        )
    setup = directory.begin_setup(
        side.partner_id, TENANT, SetupKind.ACCOUNT, started_by=f"{side.word}@mail.example"
    )
    directory.request_connection(
        side.partner_id,
        TENANT,
        RequestKind.CONNECT,
        {"provider": "aws", "role_arn": f"{side.word} is no role", "setup_id": setup.setup_id},
        requested_by=f"{side.word}@mail.example",
    )
    scan_id = directory.request_scan(*whose, requested_by=f"{side.word}@mail.example")
    problem = records.ScanProblem(
        side.partner_id,
        scan_id,
        ACCOUNT,
        REGION,
        "aws_ebs_snapshots",
        "denied",
        f"{side.word}Denied",
        f"{side.word} scan error",
        f"{side.word} acts",
        datetime.now(UTC),
    )
    directory.finish_scan(
        side.partner_id,
        scan_id,
        status=ScanState.PARTIAL,
        message=f"{side.word} scan message",
        problems=[problem],
    )


def _requests(directory: Directory, side: Side) -> None:
    members = {m.email: m.member_id for m in directory.members(side.partner_id)}
    own = f"{side.word}@mail.example"
    about = Whose(SubjectKind.MEMBER, side.partner_id, subject_id=members[VIEWER])
    directory.request_privacy(
        about, PrivacyKind.OBJECTION, requested_by=own, note=f"{side.word} note"
    )
    directory.request_privacy(about, PrivacyKind.ACCESS, requested_by=VIEWER)
    partner = Whose(SubjectKind.PARTNER, side.partner_id)
    directory.request_privacy(partner, PrivacyKind.ACCESS, requested_by=ADMIN)
    directory.decide_consent(
        side.partner_id, members[ADMIN], f"{side.word} purpose", is_given=True, notice_version="1"
    )


def _scans(settings: Settings, folder: Path, side: Side) -> None:
    for tenant, word in ((TENANT, side.word), (OTHER_TENANT, side.hidden)):
        scans = Scans(settings, folder, tenant=tenant, partner=side.partner_id)
        volume = {
            "resource_name": f"{word} name",
            "state": "available",
            "volume_type": "gp2",
            "size_gib": 100,
            "created_at": _OLD,
            "tags": f'{{"Team": "{word}-tag"}}',
        }
        volumes = [{**volume, "resource_id": name} for name in (VOLUME, f"vol-{word}")]
        words = {"message": f"{word} scan error", "action": f"{word} acts"}
        scans.land(SCANNED, {"aws_ebs_volumes": volumes}, denied=["aws_ebs_snapshots"], words=words)
        used = {
            "resource_type": "aws_ec2_instances",
            "metric_name": f"{word}-metric",
            "average": 1.0,
            "unit": "Count",
        }
        scans.measure(SCANNED, 2, [{**used, "resource_id": f"i-{word}"}])
