"""The operator at the command line: what it does with a partner is permitted and on record."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from control.directory import Directory
from control.permission import Actor, on_record, operator
from control.roles import Action
from pipeline.settings import Settings

_LONGEST_TARGET = 200
INSTALLATION = ""
"""In the place of a partner: the installation as a whole."""


def as_operator(
    settings: Settings, partner_id: str, action: Action, target: str = "", *, tenant_id: str = ""
) -> AbstractContextManager[Actor]:
    """Let a command do something with a partner in the block, with an entry in the access log.

    Raises:
        NotPermittedError: The operator may not.
        RestrictedError: It is processing, which is restricted.
    """
    shown = " ".join(target.split())[:_LONGEST_TARGET]
    return on_record(settings.control, operator(partner_id), action, shown, tenant_id=tenant_id)


@contextmanager
def as_operator_of_all(settings: Settings, action: Action, target: str = "") -> Iterator[None]:
    """Let a command do something with every partner, each with an entry in its access log.

    Raises:
        NotPermittedError: The operator may not.
        RestrictedError: It is processing, which is restricted for one of them.
    """
    with Directory(settings.control) as directory:
        partners = [partner.partner_id for partner in directory.partners()]
    with ExitStack() as entered:
        for partner_id in (INSTALLATION, *partners):
            entered.enter_context(as_operator(settings, partner_id, action, target))
        yield
