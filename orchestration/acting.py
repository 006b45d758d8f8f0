"""Jobs as whoever acts: what they do with a partner is permitted and on record."""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from control.errors import NotPermittedError, RestrictedError, UnknownParentError
from control.permission import Actor, job, on_record
from control.roles import Action
from pipeline.settings import Settings

INSTALLATION = ""
"""In the place of a partner: the installation as a whole."""


@contextmanager
def as_job(
    settings: Settings, partner_id: str, name: str, action: Action, *, tenant_id: str = ""
) -> Iterator[Actor]:
    """Let a job do something with a partner in the block, with an entry in the access log.

    Raises:
        Failure: It may not, the processing is restricted, or it is of nobody who is there any
            more; another attempt changes nothing.
    """
    actor = job(partner_id, name)
    try:
        with on_record(settings.control, actor, action, tenant_id=tenant_id):
            yield actor
    except (NotPermittedError, RestrictedError, UnknownParentError) as error:
        raise dg.Failure(str(error), allow_retries=False) from error
