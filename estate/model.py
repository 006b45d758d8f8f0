"""What exists in the simulated estate: accounts, resources, commitments, billing scopes.

Nothing here knows of bills or files: bills (`estate.billing`) and cloud answers are computed from
these facts, so that they agree.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Account:
    """An AWS account or an Azure subscription."""

    account_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Load:
    """How hard a resource works in its busiest hours; `estate.utilization` makes hours of it.

    Attributes:
        cpu: Percent of CPU; the 95th and 99th percentile of a weekday's hours.
        cpu_peak: Greatest percent of CPU within an hour.
        memory: Percent of memory used in the busiest hours; None if nothing measures it.
        iops: Disk operations a second in the busiest hour, reads and writes together.
        mibps: MiB a second in the busiest hour, reads and writes together.
        coverage: Part of the days that have samples.
    """

    cpu: float = 0.0
    cpu_peak: float = 0.0
    memory: float | None = None
    iops: float = 0.0
    mibps: float = 0.0
    coverage: float = 1.0


IDLE = Load()


@dataclass(frozen=True, slots=True)
class Resource:
    """One thing that exists in a cloud account.

    Attributes:
        resource_id: Id as the provider's API names it: `vol-0…`, a bucket's name, an ARM id.
        billing_id: Id as bills write it: AWS writes ARNs for some kinds, Azure varies the case.
        kind: Its kind, such as `aws_volume`; `estate.usage` says what each kind is metered for.
        size: Instance type, VM size, disk tier or volume type; empty if the kind has none.
        size_gib: Provisioned size.
        schedule: `always`, `office` (ten hours on weekdays) or `nightly` (an hour a day).
        traffic: GB or thousand requests a day, before weekdays and growth.
        growth: Relative growth of traffic and stored data a day.
        attached_to: Id of the machine, gateway or load balancer it belongs to; empty if none.
        created: First day of existence.
        deleted: First day without it; None while it exists.
        state: `running`, `stopped` or `deallocated` for machines and their disks; `ActiveSAS`.
        stopped_on: First day on which the machine, or the disk's machine, was off.
        attached_on: Day it was last attached or detached; None if that was on `created`.
        quiet_since: First day without traffic, operations or requests.
        is_root: Whether a disk is the one that its machine starts from.
        iops: Provisioned operations a second, where they are bought.
        throughput: Provisioned MiB a second, where they are bought.
        source_id: Disk of a snapshot, prefix of a public IP; the disk need not exist any more.
        image_id: Image that a machine, a launch template or an Auto Scaling group starts.
        last_launched: Day an image last started a machine.
        snapshot_ids: Snapshots of an image.
        shared_with: Accounts and organizations that may start an image, beside its own.
        targets: Machines behind a load balancer; subnets of an Azure NAT gateway.
        has_pools: Whether an Azure load balancer has a backend pool.
        has_nat_rules: Whether it has an inbound NAT rule for each of its machines.
        os: `linux` or `windows`.
        load: How hard it works.
        description: What its owner wrote.
        findings: Rules that must find it, by construction.
        near_misses: Rules that it escapes by one step or one exception.
        story: Why, in a sentence.
    """

    resource_id: str
    billing_id: str
    kind: str
    name: str
    account: Account
    region: str
    zone: str
    size: str
    size_gib: int
    schedule: str
    traffic: Decimal
    growth: float
    attached_to: str
    created: date
    deleted: date | None
    tags: Mapping[str, str]
    state: str = "running"
    stopped_on: date | None = None
    attached_on: date | None = None
    quiet_since: date | None = None
    is_root: bool = False
    iops: int = 0
    throughput: int = 0
    source_id: str = ""
    image_id: str = ""
    last_launched: date | None = None
    snapshot_ids: tuple[str, ...] = ()
    shared_with: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    has_pools: bool = True
    has_nat_rules: bool = False
    os: str = "linux"
    load: Load = IDLE
    description: str = ""
    findings: tuple[str, ...] = ()
    near_misses: tuple[str, ...] = ()
    story: str = ""

    def is_off_on(self, day: date) -> bool:
        """Return whether the machine, or the disk's machine, is off on a day."""
        return self.stopped_on is not None and day >= self.stopped_on

    def exists_on(self, day: date) -> bool:
        """Return whether it exists on a day."""
        return self.created <= day and (self.deleted is None or day < self.deleted)


@dataclass(frozen=True, slots=True)
class Commitment:
    """A reservation or savings plan, for one or three years.

    Attributes:
        commitment_id: ARN or ARM id.
        kind: `reservation` or `savings_plan`.
        size: Size it reserves; empty for a savings plan.
        units: Machines reserved; 1 for a savings plan.
        recurring: Recurring fee per unit and hour, in pricing currency.
        upfront: Upfront fee per unit and hour of the term, in pricing currency.
        start: Day it was bought.
    """

    commitment_id: str
    name: str
    kind: str
    account: Account
    region: str
    size: str
    units: int
    recurring: Decimal
    upfront: Decimal
    start: date

    @property
    def hourly(self) -> Decimal:
        """Amortized cost per unit and hour."""
        return self.recurring + self.upfront


@dataclass(frozen=True, slots=True)
class Export:
    """A cost export that the customer has set up.

    Attributes:
        format: cur_legacy, cur_2_0, azure_ea, azure_mca, focus_1_0, focus_1_1 or focus_1_2.
        container: csv, csv.gz, zip or parquet.
        name: Its name, which its folder bears.
        keeps_versions: Whether each delivery has a folder of its own.
    """

    format: str
    container: str
    name: str
    keeps_versions: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """What a customer pays for besides use, and what moves its bill.

    Attributes:
        discount: Part of the public price that a private rate takes off.
        exchange_rate: Billing currency per unit of pricing currency.
        tax_rate: Tax on what is invoiced; AWS only, as Azure's exports hold none.
        traits: Any of credits, refunds, support, restated.
        mover: What changes on event_date: usage, price, new, gone, or empty.
        event_date: Day of that change.
    """

    discount: Decimal
    exchange_rate: Decimal
    tax_rate: Decimal
    traits: frozenset[str]
    mover: str
    event_date: date

    def discount_on(self, day: date) -> Decimal:
        """Return the private rate's discount on use; a price change ends it."""
        has_ended = self.mover == "price" and day >= self.event_date
        return Decimal(0) if has_ended else self.discount


@dataclass(frozen=True, slots=True)
class BillingScope:
    """What one bill is written for, with everything that it charges.

    Attributes:
        provider: aws or azure.
        scope: Payer account, or the resource id of the billing account or profile.
        billing_account_id: The same as lines of cost name it.
    """

    partner_id: str
    tenant_id: str
    provider: str
    scope: str
    billing_account_id: str
    name: str
    currency: str
    accounts: tuple[Account, ...]
    resources: tuple[Resource, ...]
    commitments: tuple[Commitment, ...]
    terms: Terms
    export: Export


@dataclass(frozen=True, slots=True)
class Tenant:
    """A client company."""

    tenant_id: str
    name: str
    scopes: tuple[BillingScope, ...]


@dataclass(frozen=True, slots=True)
class Partner:
    """Who serves tenants."""

    partner_id: str
    name: str
    tenants: tuple[Tenant, ...]
