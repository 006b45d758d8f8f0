"""How a cloud is opened, and what became of reading it."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Access:
    """How a connection is opened; no secret is among it.

    Attributes:
        partner_id: Whose it is.
        tenant_id: Whose cloud it is.
        connection_id: Connection it opens.
        role_arn: AWS: the role that is assumed.
        external_id: AWS: what its trust policy asks for.
        directory_id: Azure: Entra tenant.
        client_id: Azure: application that asks.
        subscriptions: Azure: what is read, as the text of a JSON list; empty for all it can see.
        changed_at: When it was set.
    """

    partner_id: str
    tenant_id: str
    connection_id: str
    role_arn: str | None
    external_id: str | None
    directory_id: str | None
    client_id: str | None
    subscriptions: str
    changed_at: datetime


@dataclass(frozen=True)
class Scan:
    """One run over a connection.

    Attributes:
        partner_id: Whose it is.
        scan_id: Its identity.
        tenant_id: Whose cloud it reads.
        connection_id: What it reads.
        status: requested, running, complete, partial, failed, interrupted or cancelled.
        requested_by: Who asked for it.
        member_id: The member who did, looked up again when it starts; empty for others.
        requested_at: When, UTC.
        started_at: When it started; None before.
        finished_at: When it ended; None before.
        snapshot_date: Day it lands as; None before it started.
        done_count: Places and tables that answered.
        total_count: Places and tables that are asked.
        resource_count: Resources seen.
        call_count: Calls made to the provider, repeated ones included.
        message: What became of it, in a sentence.
        alive_at: When its worker was last known to be at it; None before it started.
    """

    partner_id: str
    scan_id: str
    tenant_id: str
    connection_id: str
    status: str
    requested_by: str
    member_id: str
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    snapshot_date: date | None
    done_count: int
    total_count: int
    resource_count: int
    call_count: int
    message: str
    alive_at: datetime | None = None


@dataclass(frozen=True)
class ScanProblem:
    """What one place did not answer in a scan.

    Attributes:
        partner_id: Whose it is.
        scan_id: The scan.
        sub_account_id: AWS account or Azure subscription; `*` for all.
        region_id: Region; `*` for all.
        table_name: Table that is not known there.
        status: denied, throttled, disabled or failed.
        error_code: The provider's own code.
        message: What happened.
        action: Who must do what.
        noted_at: When, UTC.
    """

    partner_id: str
    scan_id: str
    sub_account_id: str
    region_id: str
    table_name: str
    status: str
    error_code: str
    message: str
    action: str
    noted_at: datetime
