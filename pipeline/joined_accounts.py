"""Connects accounts that joined a connected organization since; asked for once a day."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace

from control import records
from control.directory import Directory
from control.errors import ControlError
from control.keyring import installation_key
from control.permission import Actor, on_record
from control.privacy_records import Subject, SubjectKind
from control.roles import Action
from control.tombstones import Erased
from ingestion.aws.organization import member_accounts
from ingestion.errors import IngestionError
from ingestion.model import AwsAccess
from ingestion.names import connection_name
from pipeline.connect_organization import connect_members
from pipeline.settings import Settings


@dataclass(frozen=True, slots=True)
class Joined:
    """What came of looking.

    Attributes:
        connected: How many accounts are connected now that were not.
        failed: How many organizations could not be asked; why is in their access log.
    """

    connected: int
    failed: int


def connect_joined(
    settings: Settings, worker: Actor, say: Callable[[str], None] = lambda _: None
) -> Joined:
    """Look into every organization, and connect accounts that nobody connected yet.

    One that was disconnected or erased stays so: somebody connects it by hand.

    Args:
        settings: Where state lies.
        worker: Who looks, for the access log; of no partner.
        say: Told what could not be asked, without a name.

    Raises:
        ControlUnavailableError: The control database cannot be read.
    """
    connected = failed = 0
    with closing(Directory(settings.control)) as directory:
        partners = [p.partner_id for p in directory.partners() if p.restricted_at is None]
        found = [access for each in partners for access in directory.organizations(each)]
    for access in found:
        whose = replace(worker, partner_id=access.partner_id)
        tenant_id, target = access.tenant_id, "accounts that joined"
        try:
            with on_record(
                settings.control, whose, Action.CONNECT, target, tenant_id=tenant_id
            ) as actor:
                connected += _connect(settings, access, actor)
        except (ControlError, IngestionError) as error:
            failed += 1
            say(f"an organization could not be asked: {type(error).__name__}")
    return Joined(connected, failed)


def _connect(settings: Settings, access: records.Access, actor: Actor) -> int:
    own = AwsAccess(access.role_arn or "", access.external_id or "")
    whose = (access.partner_id, access.tenant_id)
    accounts = member_accounts(own)
    with closing(Directory(settings.control)) as directory:
        known = {each.connection_id for each in directory.connections(*whose)}
        erased = Erased(installation_key(settings.keys), directory.tombstones())
    wanted = [
        (account_id, name)
        for account_id, name in sorted(accounts.items())
        for connection_id in (connection_name("aws", account_id),)
        if connection_id not in known
        and not erased.has_just(Subject(SubjectKind.CONNECTION, *whose, connection_id))
    ]
    done = connect_members(settings, whose, own, wanted, actor.name)
    return sum(each.is_connected for _, each in done)
