"""Whether a scan that somebody asked for may still be had, when its turn comes."""

from control.directory import Directory
from control.errors import NotPermittedError, RestrictedError
from control.permission import Actor, require
from control.roles import Action, Role
from pipeline.settings import Settings


def check_request(settings: Settings, partner_id: str, scan_id: str) -> str | None:
    """Check whoever asked for a scan; where it may not be had any more, the scan has failed.

    Returns:
        Who asked; None where no such scan is known.

    Raises:
        NotPermittedError: A member that is none any more, or has another role by now.
        RestrictedError: The partner or the tenant may not be processed.
    """
    with Directory(settings.control) as directory:
        asked = directory.scan(partner_id, scan_id)
        if asked is None:
            return None
        asker = Actor(partner_id, asked.requested_by, Role.ADMIN, asked.member_id)
        try:
            require(directory, asker, Action.SCAN, asked.connection_id, tenant_id=asked.tenant_id)
        except (NotPermittedError, RestrictedError) as error:
            directory.fail_request(partner_id, scan_id, str(error))
            raise
    return asked.requested_by
