"""The Entra directories of the estate: one for each Azure bill, with an application that reads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from estate.dice import digest, guid
from estate.model import Account, BillingScope, Partner


@dataclass(frozen=True, slots=True)
class Directory:
    """An Entra directory, its application with a secret, and the subscriptions in it."""

    directory_id: str
    client_id: str
    client_secret: str
    scope: BillingScope

    @property
    def subscriptions(self) -> tuple[Account, ...]:
        """The subscriptions that the application may read."""
        return self.scope.accounts


def build_directories(partners: Sequence[Partner]) -> tuple[Directory, ...]:
    """Return the directories of all Azure bills."""
    return tuple(_directory(scope) for scope in _azure_scopes(partners))


def _azure_scopes(partners: Sequence[Partner]) -> Iterator[BillingScope]:
    for partner in partners:
        for tenant in partner.tenants:
            yield from (scope for scope in tenant.scopes if scope.provider == "azure")


def _directory(scope: BillingScope) -> Directory:
    name = (scope.partner_id, scope.tenant_id, scope.scope)
    return Directory(
        directory_id=f"00000000-{guid('directory', *name)[9:]}",
        client_id=f"00000000-{guid('application', *name)[9:]}",
        client_secret=f"simulated-{digest('secret', *name, length=32)}",
        scope=scope,
    )
