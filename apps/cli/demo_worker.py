"""Does what the demo's pages ask for; its simulated clouds are started when first needed."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial

from apps.cli.demo_clouds import cloud_environment, simulated_estate
from apps.cli.working import working
from control.directory import Directory
from estate.clouds.running import running_clouds
from pipeline.connection_worker import work as work_connections
from pipeline.privacy.work import work_requests
from pipeline.scan_worker import has_scan_work, work_scans
from pipeline.settings import Settings

_EVERY_S = 0.5


@contextmanager
def demo_worker(settings: Settings, *, is_simulated: bool) -> Iterator[None]:
    """Work in the background while the block lasts.

    Args:
        settings: Where state lies.
        is_simulated: Whether clouds are the simulated ones; otherwise they are real.
    """
    with ExitStack() as opened:
        clouds = _Clouds(settings, opened, is_started=not is_simulated)

        def connect() -> None:
            if _has_requests(settings):
                work_connections(clouds.reached())

        def scan() -> None:
            if has_scan_work(settings):
                work_scans(clouds.reached())

        with working(connect, scan, partial(work_requests, settings), every_s=_EVERY_S):
            yield


class _Clouds:
    """The simulated clouds, or the real ones, which need no start.

    Args:
        settings: Where state lies.
        opened: Keeps the simulated ones running.
        is_started: Whether they answer already.
    """

    def __init__(self, settings: Settings, opened: ExitStack, *, is_started: bool) -> None:
        self._settings = settings
        self._opened = opened
        self._is_started = is_started
        self._starting = threading.Lock()

    def reached(self) -> Settings:
        """Return settings by which the clouds are reached, starting them the first time."""
        with self._starting:
            if not self._is_started:
                partners, through = simulated_estate(self._settings)
                clouds = self._opened.enter_context(running_clouds(partners, through))
                self._opened.enter_context(cloud_environment(clouds.environment))
                self._is_started = True
        return Settings(home=self._settings.home)


def _has_requests(settings: Settings) -> bool:
    with closing(Directory(settings.control)) as directory:
        return bool(directory.connection_requests_waiting())
