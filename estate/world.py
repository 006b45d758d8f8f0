"""Builds the estate from its plan: the same seed and days give the same resources."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from estate.commitments import build_commitments
from estate.dice import dice, guid
from estate.model import Account, BillingScope, Export, Partner, Tenant, Terms
from estate.plans import EstatePlan, PartnerPlan, ScopePlan, TenantPlan, estate_plan
from estate.planting.aws import plant_aws
from estate.planting.azure import plant_azure
from estate.resources import build_ordinary
from estate.setting import Setting

_MOVE_DAYS = 6
_TAX_RATE = Decimal("0.077")
_DISCOUNT = {"aws": Decimal("0.09"), "azure": Decimal("0.05")}
_EUR_PER_USD = Decimal("0.92")


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days that an estate shows.

    Attributes:
        first_day: First day of the first billing period.
        through: Last day with charges; it is not complete.
    """

    first_day: date
    through: date

    @property
    def periods(self) -> tuple[date, ...]:
        """First days of all billing periods."""
        found = [self.first_day]
        while month_end(found[-1]) <= self.through:
            found.append(month_end(found[-1]))
        return tuple(found)


def month_end(day: date) -> date:
    """Return the first day of the month after."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def calendar(through: date, months: int) -> Calendar:
    """Return the days of the month of `through` and of `months` whole ones before it."""
    year, month = divmod(through.year * 12 + through.month - 1 - months, 12)
    return Calendar(date(year, month + 1, 1), through)


def build_partners(seed: int, size: str, days: Calendar) -> tuple[Partner, ...]:
    """Return every partner with tenants, billing scopes, resources and commitments."""
    plan = estate_plan(size)
    return tuple(
        Partner(partner.partner_id, partner.name, tuple(_tenants(seed, plan, partner, days)))
        for partner in plan.partners
    )


def _tenants(seed: int, plan: EstatePlan, partner: PartnerPlan, days: Calendar) -> Iterator[Tenant]:
    for tenant in partner.tenants:
        scopes = tuple(
            build_scope(
                f"{seed}/{partner.partner_id}/{tenant.tenant_id}/{number}",
                plan.resources,
                days,
                partner.partner_id,
                tenant,
                scope,
            )
            for number, scope in enumerate(tenant.scopes)
        )
        yield Tenant(tenant.tenant_id, tenant.name, scopes)


def build_scope(
    seed: str, resources: int, days: Calendar, partner_id: str, tenant: TenantPlan, plan: ScopePlan
) -> BillingScope:
    """Return one billing scope and all that it charges."""
    accounts = tuple(
        _account(seed, plan.provider, tenant, number) for number in range(plan.accounts)
    )
    event_date = days.through - timedelta(days=_MOVE_DAYS)
    setting = Setting(
        seed, plan.provider, accounts, days.first_day, days.through, plan.mover, event_date
    )
    ordinary = build_ordinary(setting, resources)
    planted = plant_aws(setting) if plan.provider == "aws" else plant_azure(setting)
    traits = frozenset(plan.traits.split())
    scope, billing_account_id = _scope_ids(seed, plan, accounts)
    return BillingScope(
        partner_id=partner_id,
        tenant_id=tenant.tenant_id,
        provider=plan.provider,
        scope=scope,
        billing_account_id=billing_account_id,
        name=tenant.name,
        currency=plan.currency,
        accounts=accounts,
        resources=ordinary + planted,
        commitments=build_commitments(
            seed, plan.provider, accounts[0], ordinary, traits, days.first_day
        ),
        terms=_terms(plan, traits, event_date),
        export=Export(
            plan.format,
            plan.container,
            f"{tenant.tenant_id}-{plan.format.replace('_', '-')}",
            plan.keeps_versions,
        ),
    )


def _terms(plan: ScopePlan, traits: frozenset[str], event_date: date) -> Terms:
    return Terms(
        discount=_DISCOUNT[plan.provider] if "private_rate" in traits else Decimal(0),
        exchange_rate=_EUR_PER_USD if plan.currency == "EUR" else Decimal(1),
        tax_rate=_TAX_RATE if "tax" in traits else Decimal(0),
        traits=traits,
        mover=plan.mover,
        event_date=event_date,
    )


def _account(seed: str, provider: str, tenant: TenantPlan, number: int) -> Account:
    label = ("main", "platform", "sandbox")[number]
    if provider == "azure":
        return Account(f"00000000-{guid(seed, number)[9:]}", f"{tenant.name} {label}")
    return Account(
        f"0000{dice(seed, 'account', number).randrange(10**8):08d}", f"{tenant.tenant_id}-{label}"
    )


def _scope_ids(seed: str, plan: ScopePlan, accounts: tuple[Account, ...]) -> tuple[str, str]:
    if plan.provider == "aws":
        return (accounts[0].account_id,) * 2
    root = "/providers/Microsoft.Billing/billingAccounts"
    roll = dice(seed, "billing")
    if plan.format == "azure_ea":
        enrolment = f"99{roll.randrange(10**6):06d}"
        return f"{root}/{enrolment}", enrolment
    account = f"00000000-{guid(seed, 'billing')[9:]}:{guid(seed, 'organization')}_2019-05-31"
    profile = "".join(roll.choices("ABCDEFGHJKLMNPQRSTUVWXYZ", k=4)) + "-0000-BG7-PGB"
    path = f"{root}/{account}/billingProfiles/{profile}"
    return path, path if plan.format.startswith("focus") else profile
