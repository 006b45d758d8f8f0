"""Does what the demo's pages ask of clouds: of the simulated ones, started when first needed."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager

from apps.cli.demo_clouds import cloud_environment, simulated_estate
from control.directory import Directory
from estate.clouds.running import running_clouds
from pipeline.connection_worker import work
from pipeline.settings import Settings

_EVERY_S = 0.5


@contextmanager
def demo_worker(settings: Settings, *, is_simulated: bool) -> Iterator[None]:
    """Work in the background while the block lasts.

    Args:
        settings: Where state lies.
        is_simulated: Whether clouds are the simulated ones; otherwise they are real.
    """
    stopping = threading.Event()
    worker = threading.Thread(
        target=_run, args=(settings, stopping.wait, is_simulated), name="demo-worker", daemon=True
    )
    worker.start()
    try:
        yield
    finally:
        stopping.set()
        worker.join(timeout=10)


def _run(settings: Settings, wait: Callable[[float], bool], is_simulated: bool) -> None:
    with ExitStack() as opened:
        is_started = not is_simulated
        while not wait(_EVERY_S):
            if not _has_work(settings):
                continue
            if not is_started:
                partners, through = simulated_estate(settings)
                clouds = opened.enter_context(running_clouds(partners, through))
                opened.enter_context(cloud_environment(clouds.environment))
                is_started = True
            work(Settings(home=settings.home))


def _has_work(settings: Settings) -> bool:
    with closing(Directory(settings.control)) as directory:
        return bool(directory.connection_requests_waiting())
