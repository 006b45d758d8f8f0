"""The words every collector is written in: columns, metrics, resource types and answers."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import TracebackType
from typing import Any, Protocol, Self

import pyarrow as pa

EVERYWHERE = "*"
"""Every region of a sub account, or every sub account of a connection."""

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a landed table.

    Attributes:
        name: Name in the Parquet file.
        path: Where the value is found in one item of the provider's answer.
        dtype: Arrow type the value is stored as.
        description: What the value means, in one sentence.
    """

    name: str
    path: str
    dtype: pa.DataType
    description: str


@dataclass(frozen=True, slots=True)
class Metric:
    """One measured quantity of a resource type.

    Attributes:
        name: The provider's name.
        namespace: The provider's namespace.
        unit: The provider's unit.
        statistics: Columns of `utilization_daily` that are filled, beside `sample_count`.
        period_seconds: Length of what the provider is asked for: an hour or a day.
        dimensions: Provider's names of the dimensions that identify the resource, each with the
            column that holds its value, where the provider needs it.
        only: Columns and values that a resource must have for the metric to exist.
    """

    name: str
    namespace: str
    unit: str
    statistics: tuple[str, ...]
    period_seconds: int = 86400
    dimensions: Mapping[str, str] = field(default_factory=dict)
    only: Mapping[str, str] = field(default_factory=dict)

    def applies_to(self, resource: Mapping[str, Any]) -> bool:
        """Whether the provider keeps this metric of a resource."""
        return all(resource.get(name) == value for name, value in self.only.items())


class ResourceType(Protocol):
    """What the rest of the system may know about a resource type."""

    @property
    def name(self) -> str:
        """Name of the landed table, `<provider>_<plural noun>`."""

    @property
    def provider(self) -> str:
        """Short name of the cloud: `aws` or `azure`."""

    @property
    def description(self) -> str:
        """One sentence on what a row is."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """Columns in landing order, beginning with `resource_id`, `resource_name` and `tags`."""

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """What is read of its utilization."""

    @property
    def permissions(self) -> tuple[str, ...]:
        """What a role must allow to list it."""


@dataclass(frozen=True, slots=True)
class AwsAccess:
    """How one AWS account lets us in.

    Attributes:
        role_arn: Role that is assumed.
        external_id: What the role's trust policy asks for; made by us, one per connection.
    """

    role_arn: str
    external_id: str

    @property
    def account_id(self) -> str:
        """Account the role is in."""
        return self.role_arn.split(":")[4]


@dataclass(frozen=True, slots=True)
class AzureAccess:
    """A service principal and what it is to read.

    Attributes:
        directory_id: Entra tenant of the principal.
        client_id: Application that asks.
        client_secret: Its secret; never printed.
        subscriptions: What to read; empty for all it can see.
        assertion: Without a secret: makes tokens of ours, which the application trusts.
    """

    directory_id: str
    client_id: str
    client_secret: str = field(repr=False)
    subscriptions: tuple[str, ...] = ()
    assertion: Callable[[], str] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Connection:
    """One AWS account or Azure directory of a tenant, and how it is read.

    Attributes:
        partner_id: Whose tenant.
        tenant_id: Whose cloud.
        connection_id: Name in paths, such as `aws-123456789012`.
        provider: `aws` or `azure`.
        access: What opens it.
    """

    partner_id: str
    tenant_id: str
    connection_id: str
    provider: str
    access: AwsAccess | AzureAccess


class ScopeStatus(StrEnum):
    """What became of one table in one place."""

    COMPLETE = "complete"
    DENIED = "denied"
    THROTTLED = "throttled"
    DISABLED = "disabled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a connection that is known or unknown as a whole.

    Attributes:
        sub_account_id: AWS account or Azure subscription; `*` for all of the connection.
        region_id: Region; `*` where the provider answers a sub account whole.
    """

    sub_account_id: str
    region_id: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What one place of a cloud answered for one table.

    Attributes:
        sub_account_id: AWS account or Azure subscription; `*` for all of the connection.
        region_id: Region; `*` where the provider answers a sub account whole.
        table_name: Table of the lake.
        status: Whether it is all there.
        rows: What was read; of an inventory table it counts only where the status is complete.
        call_count: Calls made for it, repeated ones included.
        error_code: The provider's own code, where it is not complete.
        message: What happened.
        action: Who must do what.
    """

    sub_account_id: str
    region_id: str
    table_name: str
    status: ScopeStatus
    rows: pa.Table | Sequence[Mapping[str, Any]] = ()
    call_count: int = 0
    error_code: str = ""
    message: str = ""
    action: str = ""

    @property
    def place(self) -> Place:
        """Where it was asked."""
        return Place(self.sub_account_id, self.region_id)

    @property
    def is_complete(self) -> bool:
        """Whether everything that was asked for came."""
        return self.status is ScopeStatus.COMPLETE


@dataclass(frozen=True, slots=True)
class UtilizationRequest:
    """Resources of one type and place whose utilization is to be read.

    Attributes:
        resource_type: Their type.
        place: Where they are; with a region.
        resources: Their rows, with `resource_id` and the columns that the type's metrics name.
        first_day: First day, UTC.
        last_day: Last day, included.
        is_listed: Whether these are all there are, by a list of this scan.
    """

    resource_type: ResourceType
    place: Place
    resources: Sequence[Mapping[str, Any]]
    first_day: date
    last_day: date
    is_listed: bool = True


class Collector(Protocol):
    """Reads one connection for one scan; leaving its block drops the credentials.

    What a place refuses is an answer, never an exception.
    """

    def __enter__(self) -> Self:
        """Return itself."""

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Forget the credentials."""

    def places(self) -> Sequence[Place]:
        """Return the places that `inventory` will answer for; asks the provider once."""

    def inventory(self, resource_types: Sequence[Any]) -> Iterator[Answer]:
        """Yield one answer per place and resource type of its provider, in any order."""

    def utilization(self, requests: Sequence[UtilizationRequest]) -> Iterator[Answer]:
        """Yield answers of table `utilization_daily`; a place may have several."""


def described(columns: Iterable[Column]) -> pa.Schema:
    """Return an Arrow schema that carries the columns' descriptions."""
    return pa.schema(
        pa.field(c.name, c.dtype, metadata={"description": c.description}) for c in columns
    )


PLACE_COLUMNS = (
    Column("sub_account_id", "", pa.string(), "AWS account or Azure subscription it is in."),
    Column("region_id", "", pa.string(), "Region it is in."),
)


def landed_schema(resource_type: ResourceType) -> pa.Schema:
    """Return the Arrow schema that a resource type lands with."""
    return described((*PLACE_COLUMNS, *resource_type.columns))


def arrow_rows(rows: Iterable[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    """Return rows as a table, a thousand at a time: columns take a tenth of what dicts take."""
    batches: list[pa.RecordBatch] = []
    pending: list[Mapping[str, Any]] = []
    for row in rows:
        pending.append(row)
        if len(pending) == _BATCH:
            batches.append(pa.RecordBatch.from_pylist(pending, schema=schema))
            pending = []
    batches.append(pa.RecordBatch.from_pylist(pending, schema=schema))
    return pa.Table.from_batches(batches, schema=schema)
