"""Connects an Azure directory by an application that could sign in and read something."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date

from control.directory import Directory
from ingestion.errors import InvalidAccessError
from ingestion.model import AzureAccess
from ingestion.names import connection_name
from ingestion.probes import ConnectionTest
from pipeline.connect import checked_application, make_tenant, register_application
from pipeline.connecting import Connected, probe, record, record_refusal, sentence
from pipeline.federation import require_issuer, signs_in
from pipeline.settings import Settings

_TAKEN = (
    "this application cannot be connected here without a secret, for it is connected already; "
    "whoever connected it disconnects it first"
)


def connect_application(
    settings: Settings,
    partner_id: str,
    tenant_id: str,
    directory_id: str,
    client_id: str,
    client_secret: str,
    subscriptions: Sequence[str] = (),
    *,
    actor: str,
    expires_on: date | None = None,
    is_federated: bool = False,
    makes_tenant: bool = False,
) -> Connected:
    """Test an application, and connect it if it can read something; otherwise nothing is kept.

    Args:
        settings: Where state lies, and where Azure answers.
        partner_id: Whose tenant.
        tenant_id: Whose directory.
        directory_id: Entra tenant of the application.
        client_id: The application.
        client_secret: Its secret; empty where it is federated.
        subscriptions: What to read; empty for all it can see.
        actor: Who connects, for the access log.
        expires_on: Last day of the secret, for a reminder before it.
        is_federated: Whether it trusts tokens of ours instead, by the tenant's own subject.
        makes_tenant: Make partner and tenant where they are new, as only the operator does.

    Raises:
        InvalidAccessError: An identifier is none, or the secret is empty.
        InvalidNameError: A name that cannot become a path.
        InvalidInputError: The secret is an access key of AWS, or this installation issues no
            tokens that an application could trust.
        UnknownParentError: There is no such tenant.
    """
    access = checked_application(directory_id, client_id, client_secret, subscriptions)
    if bool(access.client_secret) == is_federated:
        raise InvalidAccessError(
            "a federated application has no client secret; leave it out"
            if is_federated
            else "the client secret is empty; give its value, not its id"
        )
    if is_federated:
        require_issuer(settings)
    if makes_tenant:
        make_tenant(settings, partner_id, tenant_id)
    with closing(Directory(settings.control)) as directory:
        directory.require_known(partner_id, tenant_id)
    if is_federated:
        access = replace(access, assertion=signs_in(settings, partner_id, tenant_id))
    test = probe(settings, partner_id, tenant_id, access)
    with closing(Directory(settings.control)) as directory:
        refusal = _refusal(directory, partner_id, access, test)
        if refusal:
            connection_id = connection_name("azure", access.directory_id)
            record_refusal(directory, (partner_id, tenant_id), connection_id, test, actor=actor)
            return Connected(connection_id, test, None, refusal)
    kept = register_application(settings, partner_id, tenant_id, access)
    with closing(Directory(settings.control)) as directory:
        record(directory, kept, test, actor=actor, what="connected")
        directory.set_secret_expiry(partner_id, tenant_id, kept.connection_id, expires_on)
    return Connected(kept.connection_id, test, kept, sentence(test))


def _refusal(
    directory: Directory, partner_id: str, access: AzureAccess, test: ConnectionTest
) -> str:
    """Return why an application is not connected, or nothing; that it is taken is told last."""
    if test.verdict == "bad":
        return sentence(test)
    is_federated = access.assertion is not None
    given = (access.directory_id, access.client_id)
    return _TAKEN if is_federated and directory.is_application_taken(partner_id, *given) else ""
