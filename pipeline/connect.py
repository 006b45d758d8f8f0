"""Registers what opens a tenant's clouds, and tries it."""

import re
import secrets
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

from control import records
from control.directory import Directory
from control.secrets import SecretStore
from ingestion.aws.trust import is_open_without_external_id
from ingestion.collectors import open_collector
from ingestion.errors import InvalidAccessError
from ingestion.model import AwsAccess, AzureAccess
from ingestion.names import checked_name, connection_name
from ingestion.registry import resource_types_of
from pipeline.scan import limits_of, opened
from pipeline.settings import Settings

_EXTERNAL_ID_BYTES = 16
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[\w+=,.@/-]{1,512}")
_OPEN = (
    "role {} can be assumed without the External ID, by whoever may use our principal; an "
    "administrator of the account adds the condition sts:ExternalId to its trust policy"
)
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class AccessCheck:
    """What came of trying a connection.

    Attributes:
        places: Regions or subscriptions that answered.
        problems: What did not answer, and who must do what; each once.
        warning: What is wrong although it answered, or empty.
    """

    places: int
    problems: tuple[str, ...]
    warning: str = ""

    @property
    def is_good(self) -> bool:
        """Whether a scan will read something."""
        return self.places > 0


def connect_aws(
    settings: Settings,
    partner_id: str,
    tenant_id: str,
    role_arn: str,
    *,
    external_id: str | None = None,
) -> records.Access:
    """Register a role; a connection keeps its External ID for ever.

    Args:
        settings: Where state lies.
        partner_id: Whose tenant; made when new.
        tenant_id: Whose account; made when new.
        role_arn: Role to assume.
        external_id: What the role asks for already; made here, of 128 random bits, unless given.

    Raises:
        InvalidAccessError: It is no role.
        InvalidNameError: A name that cannot become a path.
        RestrictedError: The partner or the tenant may not be processed.
    """
    if not _ROLE.fullmatch(role_arn):
        raise InvalidAccessError(
            "that is no role ARN; give one like arn:aws:iam::123456789012:role/cloudprune "
            "(access keys are never taken)"
        )
    account_id = role_arn.split(":")[4]
    connection_id = connection_name("aws", account_id)
    with closing(Directory(settings.control)) as directory:
        _register(directory, partner_id, tenant_id, connection_id, "aws", account_id)
        known = _access(directory, partner_id, tenant_id, connection_id)
        kept = known.external_id if known else None
        directory.set_aws_access(
            partner_id,
            tenant_id,
            connection_id,
            role_arn=role_arn,
            external_id=external_id or kept or secrets.token_hex(_EXTERNAL_ID_BYTES),
        )
        return _existing(directory, partner_id, tenant_id, connection_id)


def connect_azure(
    settings: Settings,
    partner_id: str,
    tenant_id: str,
    directory_id: str,
    client_id: str,
    client_secret: str,
    subscriptions: Sequence[str] = (),
) -> records.Access:
    """Register a service principal; its secret is sealed in a file.

    Raises:
        InvalidAccessError: An identifier is none, or the secret is empty.
        InvalidNameError: A name that cannot become a path.
        RestrictedError: The partner or the tenant may not be processed.
    """
    named = {"directory id": directory_id, "client id": client_id}
    named |= {f"subscription {number}": s for number, s in enumerate(subscriptions, start=1)}
    for what, identifier in named.items():
        if not _GUID.fullmatch(identifier.lower()):
            raise InvalidAccessError(
                f"the {what} is no identifier like 8f7a1c2e-0000-4000-8000-000000000000"
            )
    if not client_secret.strip():
        raise InvalidAccessError("the client secret is empty; give its value, not its id")
    connection_id = connection_name("azure", directory_id.lower())
    with closing(Directory(settings.control)) as directory:
        _register(directory, partner_id, tenant_id, connection_id, "azure", directory_id.lower())
        SecretStore(settings.secrets, settings.keys).put(
            partner_id, tenant_id, connection_id, client_secret
        )
        directory.set_azure_access(
            partner_id,
            tenant_id,
            connection_id,
            directory_id=directory_id.lower(),
            client_id=client_id.lower(),
            subscriptions=[subscription.lower() for subscription in subscriptions],
        )
        return _existing(directory, partner_id, tenant_id, connection_id)


def check_access(settings: Settings, access: records.Access) -> AccessCheck:
    """Try a connection: list one resource type everywhere, landing nothing.

    Raises:
        SecretUnreadableError: Its secret is absent or damaged.
    """
    connection = opened(settings, access)
    kinds = resource_types_of(connection.provider)
    with open_collector(connection, kinds, limits=limits_of(settings)) as collector:
        answers = list(collector.inventory(kinds[:1]))
    problems = {f"{a.message}; {a.action}": None for a in answers if not a.is_complete}
    places = sum(answer.is_complete for answer in answers)
    warning = _trust_warning(connection.access) if places else ""
    return AccessCheck(places, tuple(problems), warning)


def accesses(
    settings: Settings, partner_id: str, tenant_id: str | None
) -> tuple[records.Access, ...]:
    """Return what opens the clouds of a partner, or of one of its tenants."""
    with closing(Directory(settings.control)) as directory:
        return directory.accesses(partner_id, tenant_id)


def _trust_warning(access: AwsAccess | AzureAccess) -> str:
    if isinstance(access, AwsAccess) and is_open_without_external_id(access):
        return _OPEN.format(access.role_arn)
    return ""


def _register(
    directory: Directory,
    partner_id: str,
    tenant_id: str,
    connection_id: str,
    provider: str,
    scope: str,
) -> None:
    checked_name(partner_id, what="partner")
    checked_name(tenant_id, what="tenant")
    directory.require_processing(partner_id, tenant_id)
    directory.ensure_tenant(partner_id, tenant_id)
    directory.record_connection(
        partner_id, tenant_id, connection_id, provider=provider, scope=scope
    )


def _access(
    directory: Directory, partner_id: str, tenant_id: str, connection_id: str
) -> records.Access | None:
    found = directory.accesses(partner_id, tenant_id)
    return next((access for access in found if access.connection_id == connection_id), None)


def _existing(
    directory: Directory, partner_id: str, tenant_id: str, connection_id: str
) -> records.Access:
    (access,) = (
        a for a in directory.accesses(partner_id, tenant_id) if a.connection_id == connection_id
    )
    return access
