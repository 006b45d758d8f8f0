"""An Azure estate of one kind at any size, for what has to hold at scale: many equal disks."""

from datetime import date, timedelta
from decimal import Decimal

from estate.dice import guid
from estate.model import Account, BillingScope, Export, Partner, Resource, Tenant, Terms

_REGIONS = ("eastus", "westeurope")
_SUBSCRIPTIONS = 2
_GROUP_SIZE = 800  # resources of a resource group; Azure allows 800 of a type
_AGE = timedelta(days=120)


def build_fleet(disks: int, through: date) -> Partner:
    """Return a partner with one tenant that has so many disks, on a machine in each region.

    Disks are spread evenly over two subscriptions and two regions.
    """
    accounts = tuple(
        Account(f"00000000-{guid('fleet', number)[9:]}", f"Fleet {number}")
        for number in range(_SUBSCRIPTIONS)
    )
    created = through - _AGE
    machines = {
        (account.account_id, region): _resource(
            "azure_virtual_machine", f"host-{region}", account, region, created
        )
        for account in accounts
        for region in _REGIONS
    }
    made = [*machines.values()]
    for number in range(disks):
        account = accounts[number % _SUBSCRIPTIONS]
        region = _REGIONS[number // _SUBSCRIPTIONS % len(_REGIONS)]
        host = machines[account.account_id, region].resource_id
        made.append(
            _resource("azure_disk", f"disk-{number:06d}", account, region, created, number, host)
        )
    return _partner(accounts, tuple(made))


def _resource(
    kind: str,
    name: str,
    account: Account,
    region: str,
    created: date,
    number: int = 0,
    host: str = "",
) -> Resource:
    arm_type, size, size_gib = {
        "azure_virtual_machine": ("virtualMachines", "Standard_D2s_v5", 0),
        "azure_disk": ("disks", "P10", 128),
    }[kind]
    group = f"rg-fleet-{number // _GROUP_SIZE:03d}"
    resource_id = (
        f"/subscriptions/{account.account_id}/resourceGroups/{group}"
        f"/providers/Microsoft.Compute/{arm_type}/{name}"
    )
    return Resource(
        resource_id=resource_id,
        billing_id=resource_id,
        kind=kind,
        name=name,
        account=account,
        region=region,
        zone="",
        size=size,
        size_gib=size_gib,
        schedule="always",
        traffic=Decimal(0),
        growth=0.0,
        attached_to=host,
        created=created,
        deleted=None,
        tags={"Environment": "prod", "Owner": "fleet@example.com"},
    )


def _partner(accounts: tuple[Account, ...], resources: tuple[Resource, ...]) -> Partner:
    billing_account = "/providers/Microsoft.Billing/billingAccounts/99000000"
    scope = BillingScope(
        partner_id="fleet-partner",
        tenant_id="fleet",
        provider="azure",
        scope=billing_account,
        billing_account_id="99000000",
        name="Fleet",
        currency="USD",
        accounts=accounts,
        resources=resources,
        commitments=(),
        terms=Terms(Decimal(0), Decimal(1), Decimal(0), frozenset(), "", date.max),
        export=Export("azure_ea", "csv", "fleet", keeps_versions=False),
    )
    return Partner("fleet-partner", "Fleet Partner", (Tenant("fleet", "Fleet", (scope,)),))
