"""Connects an AWS account by a role that proved, in a test, to be this connection's.

A role counts as proved when it opens with our External ID, and neither without one nor with
another. Whoever enters somebody else's role fails that test, for the role asks for the External ID
of its owner's connection; and learns no more than of a role that does not exist.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing

from control import records
from control.directory import Directory
from control.onboarding import SetupKind
from ingestion.errors import InvalidAccessError
from ingestion.model import AwsAccess
from ingestion.names import connection_name
from ingestion.probes import ConnectionTest, Outcome
from pipeline.connect import checked_role, existing_access, make_tenant, register, required_access
from pipeline.connecting import Connected, probe, record, record_refusal, sentence
from pipeline.settings import Settings

_TAKEN = (
    "this role cannot be connected here, for it is connected already; whoever connected it "
    "disconnects it first"
)
_TRIED_SETUPS = 5


def begin(
    settings: Settings,
    partner_id: str,
    tenant_id: str,
    kind: SetupKind,
    *,
    started_by: str,
    makes_tenant: bool = False,
) -> records.ConnectionSetup:
    """Begin to connect an account or organization: an External ID is made.

    Args:
        settings: Where state lies.
        partner_id: Whose tenant.
        tenant_id: Whose account.
        kind: Account or organization.
        started_by: Who begins.
        makes_tenant: Make partner and tenant where they are new, as only the operator does.

    Raises:
        InvalidNameError: A name that cannot become a path.
        UnknownParentError: There is no such tenant.
    """
    if makes_tenant:
        make_tenant(settings, partner_id, tenant_id)
    with closing(Directory(settings.control)) as directory:
        return directory.begin_setup(partner_id, tenant_id, kind, started_by=started_by)


def connect_role(
    settings: Settings,
    partner_id: str,
    tenant_id: str,
    role_arn: str,
    *,
    actor: str,
    setup_id: str | None = None,
    kind: SetupKind = SetupKind.ACCOUNT,
    makes_tenant: bool = False,
) -> Connected:
    """Test a role, and connect it if it proved to be this connection's.

    Args:
        settings: Where state lies.
        partner_id: Whose tenant.
        tenant_id: Whose account.
        role_arn: Role to assume.
        actor: Who connects, for the access log.
        setup_id: The setup whose External ID the role asks for; otherwise each of the tenant's
            that waits for a role is tried, or a new one is begun.
        kind: What is begun where none waits.
        makes_tenant: Make partner and tenant where they are new, as only the operator does.

    Raises:
        InvalidAccessError: It is no role, or there is no such setup.
        InvalidNameError: A name that cannot become a path.
        UnknownParentError: There is no such tenant.
    """
    role_arn = checked_role(role_arn)
    connection_id = connection_name("aws", AwsAccess(role_arn, "").account_id)
    with closing(Directory(settings.control)) as directory:
        external_ids = dict(_waiting(directory, partner_id, tenant_id, connection_id, setup_id))
    whose = (partner_id, tenant_id)
    if not external_ids:
        begun = begin(settings, *whose, kind, started_by=actor, makes_tenant=makes_tenant)
        external_ids = {begun.external_id: begun.setup_id}
    access, test = _opened(settings, whose, [AwsAccess(role_arn, each) for each in external_ids])
    done = keep(settings, whose, access, test, actor=actor)
    finished = external_ids[access.external_id]
    if done.is_connected and finished:
        with closing(Directory(settings.control)) as directory:
            directory.finish_setup(partner_id, finished)
    return done


def _opened(
    settings: Settings, whose: tuple[str, str], offered: Sequence[AwsAccess]
) -> tuple[AwsAccess, ConnectionTest]:
    """Return the first that opens the role, or the last, with its test."""
    *earlier, last = offered
    for access in earlier:
        test = probe(settings, *whose, access)
        if test.identity.outcome is Outcome.OK:
            return access, test
    return last, probe(settings, *whose, last)


def keep(
    settings: Settings,
    whose: tuple[str, str],
    access: AwsAccess,
    test: ConnectionTest,
    *,
    actor: str,
    name: str | None = None,
) -> Connected:
    """Connect a role if its test allows it; otherwise say why not.

    Args:
        settings: Where state lies.
        whose: Partner and tenant.
        access: What was tested.
        test: What was found.
        actor: Who connects.
        name: What people call the account.
    """
    connection_id = connection_name("aws", access.account_id)
    with closing(Directory(settings.control)) as directory:
        refusal = _refusal(directory, whose, access, test)
        if refusal:
            record_refusal(directory, whose, connection_id, test, actor=actor)
            return Connected(connection_id, test, None, refusal, access.external_id)
        register(directory, *whose, "aws", access.account_id, name)
        directory.set_aws_access(
            *whose, connection_id, role_arn=access.role_arn, external_id=access.external_id
        )
        kept = required_access(directory, *whose, connection_id)
        record(directory, kept, test, actor=actor, what="connected")
    return Connected(connection_id, test, kept, sentence(test), access.external_id)


def _refusal(
    directory: Directory, whose: tuple[str, str], access: AwsAccess, test: ConnectionTest
) -> str:
    """Return why a role is not connected, or nothing; that it is taken is told last."""
    if test.verdict in ("bad", "open") or not test.is_proved:
        return sentence(test)
    return _TAKEN if directory.is_role_taken(*whose, access.role_arn) else ""


def _waiting(
    directory: Directory,
    partner_id: str,
    tenant_id: str,
    connection_id: str,
    setup_id: str | None,
) -> Iterator[tuple[str, str]]:
    """Yield the External IDs that the role may ask for, each with its setup."""
    if setup_id:
        setup = directory.setup(partner_id, setup_id)
        if setup is None or setup.tenant_id != tenant_id:
            raise InvalidAccessError(
                f"tenant {tenant_id} of partner {partner_id} has no such setup; begin one: "
                "cloudprune connect template aws"
            )
        yield setup.external_id, setup.setup_id
        return
    known = existing_access(directory, partner_id, tenant_id, connection_id)
    waiting = directory.setups(partner_id, tenant_id)[-_TRIED_SETUPS:]
    for setup in waiting:
        yield setup.external_id, setup.setup_id
    if known and known.external_id:
        yield known.external_id, ""
