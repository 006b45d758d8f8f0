"""Whether a partner or tenant may be processed: asked by every step, under its lock."""

from datetime import datetime

from control.directory import Directory
from pipeline.settings import Settings


def require_processing(settings: Settings, partner_id: str, tenant_id: str | None = None) -> None:
    """Check that a partner, and a tenant of it, may be processed.

    Raises:
        ControlUnavailableError: The control database cannot be read.
        RestrictedError: Its processing is restricted; the data stays as it is.
    """
    with Directory(settings.control) as directory:
        directory.require_processing(partner_id, tenant_id)


def restricted_tenants(settings: Settings, partner_id: str) -> dict[str, datetime]:
    """Return since when which tenants of a partner are left out of its marts."""
    with Directory(settings.control) as directory:
        return directory.restricted_tenants(partner_id)
