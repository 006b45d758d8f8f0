"""Publishes a partner's marts: the step after the build."""

from collections.abc import Callable

from pipeline.marts_record import recorded_publication
from pipeline.processing import require_processing
from pipeline.settings import Settings
from pipeline.warehouse import is_complete
from serving.keys import checked_partner
from serving.publish import PublishReport, Warehouse, publish_warehouse

_SCHEMA = "marts"


def publish_marts(
    settings: Settings, partner_id: str, *, say: Callable[[str], None] = lambda _: None
) -> PublishReport:
    """Publish what the last build made, unless it is served already.

    Args:
        settings: Where everything lies, and what the copy may use.
        partner_id: Whose marts.
        say: Told one line per table copied.

    Raises:
        RestrictedError: The partner may not be processed.
        ServingError: The marts cannot be published; the current generation stands.
        UnknownParentError: There is no such partner; one that was erased stays so.
    """
    work = settings.work(checked_partner(partner_id))
    require_processing(settings, partner_id)
    with recorded_publication(settings, partner_id):
        return publish_warehouse(
            Warehouse(
                path=work / "warehouse.duckdb",
                schema=_SCHEMA,
                scratch=work / "publish",
                memory=settings.work_memory,
                threads=settings.work_threads,
                is_whole=is_complete,
            ),
            serving_root=settings.serving,
            keys_root=settings.keys,
            partner_id=partner_id,
            say=say,
        )
