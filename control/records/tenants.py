"""Who is served, what is connected, and what was delivered."""

from dataclasses import dataclass
from datetime import datetime


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
