"""What the operator does with a partner's data from the command line, in its access log."""

from control.directory import Directory
from control.permission import log, operator
from control.roles import Action
from pipeline.settings import Settings

_LONGEST_TARGET = 200


def note(
    settings: Settings, partner_id: str, action: Action, target: str = "", *, tenant_id: str = ""
) -> None:
    """Log what the operator did."""
    shown = " ".join(target.split())[:_LONGEST_TARGET]
    with Directory(settings.control) as directory:
        log(directory, operator(partner_id), action, shown, tenant_id=tenant_id)
