"""Options that several commands take, and the partner they must name."""

from contextlib import closing
from difflib import get_close_matches
from typing import Annotated

import typer

from apps.cli.errors import CommandError
from control.directory import Directory
from ingestion.names import checked_name
from pipeline.settings import Settings

PartnerOption = Annotated[
    str, typer.Option("--partner", "-p", help="Whose data; a name such as northwind.")
]
TenantOption = Annotated[
    str, typer.Option("--tenant", "-t", help="Which client of the partner; a name such as contoso.")
]


def require_partner(settings: Settings, partner_id: str) -> None:
    """Check that a partner exists, for a command that needs its data.

    Raises:
        CommandError: It does not; the message names those that do.
        InvalidNameError: It cannot be a partner's name.
    """
    advice = f"land a bill first: cloudprune ingest PATH --partner {partner_id} --tenant TENANT"
    known_partner(settings, partner_id, advice)


def known_partner(settings: Settings, partner_id: str, advice: str) -> None:
    """Check that a partner exists.

    Args:
        settings: Where the state lies.
        partner_id: Its name.
        advice: What to do where it does not.

    Raises:
        CommandError: It does not; the message names those that do.
        InvalidNameError: It cannot be a partner's name.
    """
    checked_name(partner_id, what="partner")
    with closing(Directory(settings.control)) as directory:
        known = [partner.partner_id for partner in directory.partners()]
    if partner_id in known:
        return
    close = get_close_matches(partner_id, known, n=1)
    hint = f"did you mean {close[0]}?" if close else f"known are: {', '.join(known) or 'none'}"
    raise CommandError(
        f"there is no partner {partner_id} under {settings.home.resolve()} ({hint}); {advice}"
    )
