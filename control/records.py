"""What the directory answers with: plain values, detached from the database."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Partner:
    """An organization that serves tenants; a restricted one is kept and not processed."""

    partner_id: str
    created_at: datetime
    restricted_at: datetime | None = None


@dataclass(frozen=True)
class Tenant:
    """A client company of one partner; a restricted one is kept and not processed."""

    partner_id: str
    tenant_id: str
    created_at: datetime
    restricted_at: datetime | None = None


@dataclass(frozen=True)
class Connection:
    """An AWS account or an Azure billing scope of one tenant.

    Attributes:
        partner_id: Whose it is.
        tenant_id: Whose cloud it is.
        connection_id: Name in paths, such as `aws-123456789012`.
        provider: `aws`, `azure` or `other`.
        scope: The provider's own identifier of what is connected.
        name: What people call it; None where nobody named it.
        created_at: When it was first seen.
    """

    partner_id: str
    tenant_id: str
    connection_id: str
    provider: str
    scope: str
    name: str | None
    created_at: datetime


@dataclass(frozen=True)
class Source:
    """A place where a tenant's exports are delivered: a folder or an address."""

    partner_id: str
    tenant_id: str
    uri: str
    created_at: datetime


@dataclass(frozen=True)
class Load:
    """One delivery of one billing period, as it landed or was refused.

    Attributes:
        partner_id: Whose it is.
        tenant_id: Whose cost it holds.
        connection_id: Where it came from.
        billing_period: Month, `YYYY-MM`.
        load_id: Identity of the delivery's content.
        dataset: `focus`, `cur`, `azure_actual` or `azure_amortized`.
        status: What became of it, in the words of the ingestion report.
        row_count: Rows that landed.
        rejected_row_count: Rows set aside with a reason.
        byte_count: Size of the delivered files.
        delivered_at: When the provider wrote it, UTC.
        loaded_at: When it landed, UTC.
        message: What the ingestion report said.
    """

    partner_id: str
    tenant_id: str
    connection_id: str
    billing_period: str
    load_id: str
    dataset: str
    status: str
    row_count: int
    rejected_row_count: int
    byte_count: int
    delivered_at: datetime
    loaded_at: datetime
    message: str


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


@dataclass(frozen=True)
class MartsState:
    """How far a partner's marts are: built from what has landed, and published.

    Attributes:
        partner_id: Whose they are.
        stage: building, built, publishing, published or failed.
        started_at: When the last build began, UTC.
        alive_at: When whoever builds or publishes was last known to be at it.
        built_from: When the last build that succeeded began: what landed before is in it.
        published_from: The same of what is served; None before the first publication.
        message: What failed, in a sentence.
    """

    partner_id: str
    stage: str
    started_at: datetime
    alive_at: datetime
    built_from: datetime | None
    published_from: datetime | None
    message: str


@dataclass(frozen=True)
class RuleThreshold:
    """A threshold in place of a rule's default.

    Attributes:
        partner_id: Who set it.
        tenant_id: For whom; empty for every tenant of the partner.
        rule_id: Rule it belongs to.
        threshold_name: Its name there.
        value: Value in the threshold's own unit.
        changed_at: When it was set last.
    """

    partner_id: str
    tenant_id: str
    rule_id: str
    threshold_name: str
    value: float
    changed_at: datetime


@dataclass(frozen=True)
class RuleExemption:
    """Resources that rules leave alone for a tag they bear.

    Attributes:
        partner_id: Who exempted them.
        tenant_id: Of whom; empty for every tenant of the partner.
        rule_id: Rule; `*` for every rule.
        tag_key: Tag key, in any case.
        tag_value: Tag value; `*` for every value.
        reason: Why.
        created_by: Who asked for it.
        created_at: When.
    """

    partner_id: str
    tenant_id: str
    rule_id: str
    tag_key: str
    tag_value: str
    reason: str
    created_by: str
    created_at: datetime


@dataclass(frozen=True)
class Member:
    """One person of a partner.

    Attributes:
        partner_id: Whose member.
        member_id: Its identity here.
        subject: The identity provider's name for the person; None until the first sign-in.
        email: Address in lower case.
        name: As the identity provider says.
        picture: Address of a picture, or empty.
        role: viewer, analyst or admin.
        tenants: JSON list of the tenants it may see; `["*"]` is all of them.
        status: active, restricted (kept, may not enter) or removed.
        created_at: When it became a member.
        last_sign_in_at: Its last sign-in.
        signed_out_at: Sessions that began before this instant are over.
    """

    partner_id: str
    member_id: str
    subject: str | None
    email: str
    name: str
    picture: str
    role: str
    tenants: str
    status: str
    created_at: datetime
    last_sign_in_at: datetime | None
    signed_out_at: datetime | None


@dataclass(frozen=True)
class Invitation:
    """An address that may become a member by a link that was sent to it."""

    partner_id: str
    invitation_id: str
    email: str
    role: str
    tenants: str
    invited_by: str
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True)
class AccessEntry:
    """One thing that somebody did, saw or was refused.

    Attributes:
        partner_id: Of whose data; empty where none is known.
        entry_id: Its identity.
        logged_at: When.
        member_id: Who, of the partner's members; empty for others.
        actor: Who, in words: an address, `operator`, a job.
        action: What, such as `sign in` or an action of `control.roles`.
        outcome: done or refused.
        tenant_id: Of which tenant; empty for all, or none.
        target: Of what, such as a page or a finding.
        detail: What else is to be known.
    """

    partner_id: str
    entry_id: str
    logged_at: datetime
    member_id: str
    actor: str
    action: str
    outcome: str
    tenant_id: str
    target: str
    detail: str


@dataclass(frozen=True)
class FindingDecision:
    """What holds of a finding now.

    Attributes:
        partner_id: Whose finding.
        tenant_id: Of which tenant.
        finding_id: The finding.
        state: open, snoozed, dismissed or done.
        assignee: Address of who takes care of it, or empty.
        snoozed_until: First day on which it shows again.
        reason: Why it was dismissed or snoozed.
        version: Counts up; a change must name the one that it saw.
        decided_by: Who changed it last.
        decided_at: When.
    """

    partner_id: str
    tenant_id: str
    finding_id: str
    state: str
    assignee: str
    snoozed_until: date | None
    reason: str
    version: int
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True)
class FindingNote:
    """One step in the course of a finding: a comment or a decision."""

    partner_id: str
    note_id: str
    tenant_id: str
    finding_id: str
    kind: str
    text: str
    written_by: str
    written_at: datetime


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
