"""Connects an organization: its management account, and every member account that lets us in."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from control.onboarding import SetupKind
from ingestion.aws.organization import member_accounts
from ingestion.errors import ProviderError
from ingestion.model import AwsAccess
from onboarding.aws_role import member_external_id
from pipeline.connect_role import connect_role, keep
from pipeline.connecting import Connected, probe
from pipeline.settings import Settings

_AT_A_TIME = 4


@dataclass(frozen=True, slots=True)
class ConnectedOrganization:
    """What came of connecting an organization.

    Attributes:
        management: Its management account.
        members: Its other accounts, by name.
        problem: Why its accounts could not be listed, or nothing.
    """

    management: Connected
    members: tuple[tuple[str, Connected], ...] = ()
    problem: str = ""

    @property
    def message(self) -> str:
        """What came of it, in a sentence."""
        if not self.management.is_connected:
            return self.management.message
        if self.problem:
            return (
                f"the management account is connected; its member accounts are not: {self.problem}"
            )
        opened = sum(found.is_connected for _, found in self.members)
        return (
            f"the management account and {opened:,} of {len(self.members):,} member accounts are "
            "connected"
        )

    @property
    def is_whole(self) -> bool:
        """Whether every account is connected."""
        everything = (self.management, *(found for _, found in self.members))
        return not self.problem and all(found.is_connected for found in everything)

    def as_values(self) -> dict[str, Any]:
        """Return it as plain values, for JSON."""
        members = [{"name": name, **found.as_values()} for name, found in self.members]
        return {**self.management.as_values(), "message": self.message, "members": members}


def connect_organization(
    settings: Settings,
    partner_id: str,
    tenant_id: str,
    role_arn: str,
    *,
    actor: str,
    setup_id: str | None = None,
    makes_tenant: bool = False,
) -> ConnectedOrganization:
    """Connect the management account by its role, then each member account by the role of its own.

    A member account that does not let us in stops no other; run it again once it does, or when
    accounts have joined.

    Args:
        settings: Where state lies.
        partner_id: Whose tenant.
        tenant_id: Whose organization.
        role_arn: Role in the management account; those of members have its name.
        actor: Who connects, for the access log.
        setup_id: The setup whose External ID the roles ask for, if there are several.
        makes_tenant: Make partner and tenant where they are new, as only the operator does.

    Raises:
        InvalidAccessError: It is no role, or there is no such setup.
        InvalidNameError: A name that cannot become a path.
    """
    management = connect_role(
        settings,
        partner_id,
        tenant_id,
        role_arn,
        actor=actor,
        setup_id=setup_id,
        kind=SetupKind.ORGANIZATION,
        makes_tenant=makes_tenant,
    )
    if management.access is None:
        return ConnectedOrganization(management)
    own = AwsAccess(management.access.role_arn or "", management.external_id)
    try:
        accounts = member_accounts(own)
    except ProviderError as error:
        return ConnectedOrganization(management, problem=str(error))
    wanted = sorted((a, name) for a, name in accounts.items() if a != own.account_id)
    members = connect_members(settings, (partner_id, tenant_id), own, wanted, actor)
    return ConnectedOrganization(management, members)


def connect_members(
    settings: Settings,
    whose: tuple[str, str],
    own: AwsAccess,
    wanted: Sequence[tuple[str, str]],
    actor: str,
) -> tuple[tuple[str, Connected], ...]:
    """Test the roles of member accounts, and connect those that let us in.

    Args:
        settings: Where state lies.
        whose: Partner and tenant.
        own: What opens the management account.
        wanted: Id and name of each account.
        actor: Who connects, for the access log.
    """
    opening = [_member_access(own, account_id) for account_id, _ in wanted]
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        tests = list(pool.map(lambda access: probe(settings, *whose, access), opening))
    return tuple(
        (name, keep(settings, whose, access, test, actor=actor, name=name))
        for (_, name), access, test in zip(wanted, opening, tests, strict=True)
    )


def _member_access(own: AwsAccess, account_id: str) -> AwsAccess:
    role_arn = own.role_arn.replace(f"::{own.account_id}:", f"::{account_id}:")
    return AwsAccess(role_arn, member_external_id(own.external_id, account_id))
