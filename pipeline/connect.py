"""Registers what opens a tenant's clouds, and tries it.

`connect_aws` and `connect_azure` take a customer's word; what people connect goes through
`pipeline.connect_role` and `pipeline.connect_application`, which register what passed its test.
"""

import re
import secrets
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

from control import records
from control.directory import Directory
from control.onboarding import EXTERNAL_ID_BYTES, refuse_access_key
from ingestion.aws.trust import is_open_without_external_id
from ingestion.collectors import open_collector
from ingestion.errors import InvalidAccessError
from ingestion.model import AwsAccess, AzureAccess
from ingestion.names import checked_name, connection_name
from ingestion.registry import resource_types_of
from pipeline.scan_run import limits_of, opened
from pipeline.secret_stores import secret_store
from pipeline.settings import Settings

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


def checked_role(role_arn: str) -> str:
    """Return an ARN if it is a role's, without the white space around it.

    Raises:
        InvalidAccessError: It is no role; what was given is not repeated.
    """
    found = role_arn.strip()
    if not _ROLE.fullmatch(found):
        raise InvalidAccessError(
            "that is no role ARN; give one like arn:aws:iam::123456789012:role/cloudprune "
            "(access keys are never taken)"
        )
    return found


def checked_application(
    directory_id: str, client_id: str, client_secret: str, subscriptions: Sequence[str]
) -> AzureAccess:
    """Return what opens an Azure directory, identifiers in lower case.

    Raises:
        InvalidAccessError: An identifier is none.
        InvalidInputError: The secret is an access key of AWS.
    """
    named = {"directory id": directory_id, "client id": client_id}
    named |= {f"subscription {number}": s for number, s in enumerate(subscriptions, start=1)}
    for what, identifier in named.items():
        if not _GUID.fullmatch(identifier.strip().lower()):
            raise InvalidAccessError(
                f"the {what} is no identifier like 8f7a1c2e-0000-4000-8000-000000000000"
            )
    refuse_access_key(client_secret)
    return AzureAccess(
        directory_id.strip().lower(),
        client_id.strip().lower(),
        client_secret.strip(),
        tuple(subscription.strip().lower() for subscription in subscriptions),
    )


def connect_aws(
    settings: Settings,
    partner_id: str,
    tenant_id: str,
    role_arn: str,
    *,
    external_id: str | None = None,
) -> records.Access:
    """Register a role untested; a connection keeps its External ID for ever.

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
    access = AwsAccess(checked_role(role_arn), external_id or "")
    connection_id = connection_name("aws", access.account_id)
    make_tenant(settings, partner_id, tenant_id)
    with closing(Directory(settings.control)) as directory:
        register(directory, partner_id, tenant_id, "aws", access.account_id)
        known = existing_access(directory, partner_id, tenant_id, connection_id)
        kept = known.external_id if known else None
        directory.set_aws_access(
            partner_id,
            tenant_id,
            connection_id,
            role_arn=access.role_arn,
            external_id=external_id or kept or secrets.token_hex(EXTERNAL_ID_BYTES),
        )
        return required_access(directory, partner_id, tenant_id, connection_id)


def connect_azure(
    settings: Settings,
    partner_id: str,
    tenant_id: str,
    directory_id: str,
    client_id: str,
    client_secret: str,
    subscriptions: Sequence[str] = (),
) -> records.Access:
    """Register a service principal untested; its secret is sealed.

    Raises:
        InvalidAccessError: An identifier is none, or the secret is empty.
        InvalidNameError: A name that cannot become a path.
        RestrictedError: The partner or the tenant may not be processed.
    """
    access = checked_application(directory_id, client_id, client_secret, subscriptions)
    if not access.client_secret:
        raise InvalidAccessError("the client secret is empty; give its value, not its id")
    make_tenant(settings, partner_id, tenant_id)
    return register_application(settings, partner_id, tenant_id, access)


def register_application(
    settings: Settings, partner_id: str, tenant_id: str, access: AzureAccess
) -> records.Access:
    """Keep what opens an Azure directory, the secret in its store."""
    with closing(Directory(settings.control)) as directory:
        connection_id = register(directory, partner_id, tenant_id, "azure", access.directory_id)
        secret_store(settings).put(partner_id, tenant_id, connection_id, access.client_secret)
        directory.set_azure_access(
            partner_id,
            tenant_id,
            connection_id,
            directory_id=access.directory_id,
            client_id=access.client_id,
            subscriptions=access.subscriptions,
        )
        return required_access(directory, partner_id, tenant_id, connection_id)


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


def make_tenant(settings: Settings, partner_id: str, tenant_id: str) -> None:
    """Make a tenant and its partner where they are new, as only the operator does.

    Raises:
        ErasureUnderWayError: The partner is being erased.
        InvalidNameError: A name that cannot become a path.
    """
    checked_name(partner_id, what="partner")
    checked_name(tenant_id, what="tenant")
    with closing(Directory(settings.control)) as directory:
        directory.ensure_partner(partner_id)
        directory.add_tenant(partner_id, tenant_id)


def register(
    directory: Directory,
    partner_id: str,
    tenant_id: str,
    provider: str,
    scope: str,
    name: str | None = None,
) -> str:
    """Make a connection where it is new, and return its id.

    Raises:
        RestrictedError: The partner or the tenant may not be processed.
        UnknownParentError: There is no such tenant; one that was erased meanwhile stays so.
    """
    directory.require_processing(partner_id, tenant_id)
    connection_id = connection_name(provider, scope)
    directory.record_connection(
        partner_id, tenant_id, connection_id, provider=provider, scope=scope, name=name
    )
    return connection_id


def existing_access(
    directory: Directory, partner_id: str, tenant_id: str, connection_id: str
) -> records.Access | None:
    """Return what opens a connection, or None."""
    found = directory.accesses(partner_id, tenant_id)
    return next((access for access in found if access.connection_id == connection_id), None)


def required_access(
    directory: Directory, partner_id: str, tenant_id: str, connection_id: str
) -> records.Access:
    """Return what opens a connection.

    Raises:
        InvalidAccessError: Nothing does.
    """
    found = existing_access(directory, partner_id, tenant_id, connection_id)
    if found is None:
        raise InvalidAccessError(
            f"tenant {tenant_id} of partner {partner_id} has no connection {connection_id} that "
            "can be opened; `cloudprune connect list` shows those that can"
        )
    return found


def _trust_warning(access: AwsAccess | AzureAccess) -> str:
    if isinstance(access, AwsAccess) and is_open_without_external_id(access):
        return _OPEN.format(access.role_arn)
    return ""
