"""Does the scans that pages ask for, and rebuilds and publishes the findings after them.

For an installation without the orchestrator: called by `cloudprune work`, and by the demo.
"""

import logging
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from itertools import groupby

from control import records
from control.directory import Directory
from control.errors import ControlError
from control.permission import on_record, operator
from control.roles import Action
from ingestion.errors import IngestionError
from pipeline.build import build_warehouse
from pipeline.errors import BuildError
from pipeline.publish import publish_marts
from pipeline.scan import scan_tenant
from pipeline.scan_requests import check_request
from pipeline.settings import Settings
from serving.errors import ServingError

logger = logging.getLogger(__name__)

Say = Callable[[str], None]
_UNFORESEEN = "something unforeseen went wrong; the log of the worker has the details"


def has_scan_work(settings: Settings) -> bool:
    """Return whether a scan waits, or one ended that no build has seen."""
    with closing(Directory(settings.control)) as directory:
        if directory.requested_scans():
            return True
        return bool(directory.partners_to_publish(datetime.now(UTC)))


def work_scans(settings: Settings, say: Say = lambda _: None) -> int:
    """Do all scans that wait, partner by partner; one that fails stops no other.

    Returns:
        How many were taken.
    """
    with closing(Directory(settings.control)) as directory:
        waiting = directory.requested_scans()
        first = {scan.partner_id: number for number, scan in reversed([*enumerate(waiting)])}
        in_turn = sorted(waiting, key=lambda scan: first[scan.partner_id])
        for partner_id, scans in groupby(in_turn, key=lambda scan: scan.partner_id):
            for scan in scans:
                say(f"scan of {partner_id}/{scan.tenant_id} {scan.connection_id}")
                _scan(settings, directory, scan)
            _publish_waiting(settings, directory, say)
        _publish_waiting(settings, directory, say)
    return len(waiting)


def _scan(settings: Settings, directory: Directory, scan: records.Scan) -> None:
    whose = (scan.partner_id, scan.tenant_id)
    worker = operator(scan.partner_id)
    try:
        check_request(settings, scan.partner_id, scan.scan_id)
        with on_record(
            settings.control, worker, Action.SCAN, scan.connection_id, tenant_id=scan.tenant_id
        ):
            scan_tenant(
                settings,
                *whose,
                connection_id=scan.connection_id,
                scan_id=scan.scan_id,
            )
    except (ControlError, IngestionError) as error:
        logger.warning("scan failed scan_id=%s reason=%s", scan.scan_id, error)
    except Exception:
        logger.exception("scan failed scan_id=%s", scan.scan_id)
        told = f"{_UNFORESEEN} (scan {scan.scan_id})"
        directory.fail_request(scan.partner_id, scan.scan_id, told)


def _publish_waiting(settings: Settings, directory: Directory, say: Say) -> None:
    """Build and publish for each partner of whom a scan ended that no build has seen."""
    for partner_id in directory.partners_to_publish(datetime.now(UTC)):
        say(f"findings of {partner_id}")
        try:
            with on_record(settings.control, operator(partner_id), Action.RUN_PLATFORM, "work"):
                build_warehouse(settings, partner_id)
                publish_marts(settings, partner_id)
        except (BuildError, ControlError, IngestionError, ServingError) as error:
            logger.warning("findings not rebuilt partner_id=%s reason=%s", partner_id, error)
            _give_up(directory, partner_id, str(error))
        except Exception:
            logger.exception("findings not rebuilt partner_id=%s", partner_id)
            _give_up(directory, partner_id, _UNFORESEEN)


def _give_up(directory: Directory, partner_id: str, message: str) -> None:
    """Let a build that could not even begin be tried again by the next scan, and not at once."""
    if partner_id in directory.partners_to_publish(datetime.now(UTC)):
        directory.begin_build(partner_id)
        directory.fail_marts(partner_id, message)
