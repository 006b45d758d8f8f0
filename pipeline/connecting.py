"""What every way to connect a cloud has in common: its outcome, its test, its record."""

from dataclasses import dataclass
from typing import Any

from control import records
from control.connection_states import Verdict
from control.directory import Directory
from control.roles import Action
from ingestion.collectors import probe_connection
from ingestion.model import AwsAccess, AzureAccess, Connection
from ingestion.names import connection_name
from ingestion.probes import ConnectionTest, Outcome, Probe
from pipeline.scan_run import limits_of
from pipeline.settings import Settings


@dataclass(frozen=True, slots=True)
class Connected:
    """What came of connecting, or of testing what is connected.

    Attributes:
        connection_id: What it is called, connected or not.
        test: What the test found; None where it could not be asked for.
        access: What opens it now; None where it was not connected.
        message: What came of it, in a sentence.
        external_id: AWS: what the role's trust policy has to ask for.
    """

    connection_id: str
    test: ConnectionTest | None
    access: records.Access | None
    message: str
    external_id: str = ""

    @property
    def is_connected(self) -> bool:
        """Whether scans read it from now on."""
        return self.access is not None

    def as_values(self) -> dict[str, Any]:
        """Return it as plain values, for JSON; no secret and no External ID is among them."""
        return {
            "connection_id": self.connection_id,
            "is_connected": self.is_connected,
            "message": self.message,
            "test": self.test.as_values() if self.test else None,
        }


def probe(
    settings: Settings, partner_id: str, tenant_id: str, access: AwsAccess | AzureAccess
) -> ConnectionTest:
    """Test what would open a connection."""
    is_aws = isinstance(access, AwsAccess)
    provider = "aws" if is_aws else "azure"
    scope = access.account_id if isinstance(access, AwsAccess) else access.directory_id
    connection_id = connection_name(provider, scope)
    connection = Connection(partner_id, tenant_id, connection_id, provider, access)
    return probe_connection(connection, limits_of(settings))


def record(
    directory: Directory, access: records.Access, test: ConnectionTest, *, actor: str, what: str
) -> None:
    """Record what a test found, and in the access log what was done."""
    whose = (access.partner_id, access.tenant_id, access.connection_id)
    directory.record_connection_test(
        *whose,
        verdict=Verdict(test.verdict),
        results=test.as_values(),
        is_proved=test.is_proved and test.verdict in (Verdict.GOOD, Verdict.PARTIAL),
    )
    directory.log_access(
        access.partner_id,
        actor,
        Action.CONNECT.value,
        tenant_id=access.tenant_id,
        target=access.connection_id,
        detail=f"{what}: {test.verdict}",
    )


def record_refusal(
    directory: Directory,
    whose: tuple[str, str],
    connection_id: str,
    test: ConnectionTest,
    *,
    actor: str,
) -> None:
    """Record in the access log that what was tested is not connected."""
    directory.log_access(
        whose[0],
        actor,
        Action.CONNECT.value,
        is_refused=True,
        tenant_id=whose[1],
        target=connection_id,
        detail=f"test: {test.verdict}",
    )


def sentence(test: ConnectionTest) -> str:
    """Return what a test came to, worst first."""
    if test.identity.outcome is not Outcome.OK:
        return test.identity.note
    if opening := _first(test.trust, Outcome.OPEN):
        return f"{opening.subject}: {opening.note}"
    lacking = [p.subject for p in test.permissions if p.outcome is Outcome.DENIED]
    if test.verdict == "bad":
        return f"it opens, but nothing can be read: {', '.join(lacking) or 'nothing answered'}"
    granted = sum(p.outcome is Outcome.OK for p in test.permissions)
    untried = len(test.permissions) - granted - len(lacking)
    parts = [f"{granted} of {len(test.permissions)} permissions are granted"]
    if untried:
        parts.append(f"{untried} could not be tried")
    if lacking:
        parts.append(f"without {', '.join(lacking)}")
    if held := _first(test.changes, Outcome.HELD):
        parts.append(held.note)
    if unproved := _first(test.trust, Outcome.UNKNOWN):
        parts.append(f"{unproved.subject}: {unproved.note}")
    return "; ".join(parts)


def _first(probes: tuple[Probe, ...], outcome: Outcome) -> Probe | None:
    return next((found for found in probes if found.outcome is outcome), None)
