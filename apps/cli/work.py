"""`cloudprune work`: does what pages ask for, where no orchestrator does."""

import signal
import time
from functools import partial
from typing import Annotated

import typer
from rich.markup import escape

from apps.cli.acting import INSTALLATION, as_operator
from apps.cli.console import err
from apps.cli.dashboard import stop
from apps.cli.working import working
from control.roles import Action
from pipeline.connection_worker import work as work_connections
from pipeline.privacy.work import work_requests
from pipeline.scan_worker import work_scans
from pipeline.settings import Settings

_EVERY_S = 2.0


def work(
    is_watching: Annotated[
        bool, typer.Option("--watch", help="Go on until Ctrl-C, looking every two seconds.")
    ] = False,
) -> None:
    """Do what pages ask for: connect, disconnect and scan clouds, rebuild findings, erase, export.

    The orchestrator does the same; this is for an installation without it.

    Example: [bold]cloudprune work --watch[/]
    """
    settings = Settings()
    connecting = partial(work_connections, settings, say=_say)
    keeping_privacy = partial(work_requests, settings, say=_say)
    with as_operator(settings, INSTALLATION, Action.RUN_PLATFORM, "work"):
        if not is_watching:
            count = connecting() + work_scans(settings, say=_say) + keeping_privacy().done
            err.print(f"{count:,} done" if count else "nothing waits")
            return
        signal.signal(signal.SIGTERM, stop)
        with working(connecting, keeping_privacy, every_s=_EVERY_S):
            while True:  # scans run here: Ctrl-C ends one, and its record says so
                work_scans(settings, say=_say)
                time.sleep(_EVERY_S)


def _say(line: str) -> None:
    err.print(escape(line))
