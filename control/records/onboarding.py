"""Connections in the making."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class ConnectionSetup:
    """An AWS connection that somebody began to set up.

    Attributes:
        partner_id: Whose it is.
        setup_id: Its identity.
        tenant_id: Whose cloud it is to open.
        kind: `account`, or `organization` with all its member accounts.
        external_id: What the role's trust policy has to ask for; 128 random bits, made here.
        started_by: Who began it.
        started_at: When.
        finished_at: When a role was connected with it; None before.
    """

    partner_id: str
    setup_id: str
    tenant_id: str
    kind: str
    external_id: str
    started_by: str
    started_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True)
class ConnectionRequest:
    """Something that only a worker may do with a cloud.

    Attributes:
        partner_id: Whose it is.
        request_id: Its identity.
        tenant_id: Of which tenant.
        kind: connect, test, organization or disconnect.
        status: requested, running, done or failed.
        inputs: What was given, as the text of a JSON object; never a secret.
        results: What came of it, as the text of a JSON object.
        message: What came of it, in a sentence.
        requested_by: Who asked.
        member_id: The member who did, looked up again when it is done; empty for others.
        requested_at: When, UTC.
        started_at: When a worker took it; None before.
        finished_at: When it ended; None before.
    """

    partner_id: str
    request_id: str
    tenant_id: str
    kind: str
    status: str
    inputs: str
    results: str
    message: str
    requested_by: str
    member_id: str
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True)
class ConnectionState:
    """How a connection stood when it was tested last.

    Attributes:
        partner_id: Whose it is.
        tenant_id: Whose cloud it is.
        connection_id: The connection.
        verdict: good, partial (something is not granted), open (anybody could use the role) or bad.
        results: The whole test, as the text of a JSON object.
        tested_at: When it was tested last.
        verified_at: When it first proved to be this connection's; None before.
        secret_expires_on: Last day of its secret; None where it has none or nobody told.
    """

    partner_id: str
    tenant_id: str
    connection_id: str
    verdict: str
    results: str
    tested_at: datetime
    verified_at: datetime | None
    secret_expires_on: date | None
