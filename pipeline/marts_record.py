"""Records builds and publications as they go, for pages that wait for a scan's findings."""

from collections.abc import Iterator
from contextlib import contextmanager

from control.directory import Directory
from control.errors import ControlError
from ingestion.errors import IngestionError
from pipeline.errors import BuildError
from pipeline.heartbeat import beating
from pipeline.settings import Settings
from serving.errors import ServingError


@contextmanager
def recorded_build(settings: Settings, partner_id: str) -> Iterator[None]:
    """Record the build that the block is."""
    with Directory(settings.control) as directory:
        directory.begin_build(partner_id)
        with _recorded(directory, partner_id):
            yield
        directory.end_build(partner_id)


@contextmanager
def recorded_publication(settings: Settings, partner_id: str) -> Iterator[None]:
    """Record the publication that the block is."""
    with Directory(settings.control) as directory:
        directory.begin_publication(partner_id)
        with _recorded(directory, partner_id):
            yield
        directory.end_publication(partner_id)


@contextmanager
def _recorded(directory: Directory, partner_id: str) -> Iterator[None]:
    try:
        with beating(lambda: directory.keep_marts_alive(partner_id)):
            yield
    except BaseException as error:
        is_told = isinstance(error, (BuildError, ControlError, IngestionError, ServingError))
        stopped = f"it was stopped ({type(error).__name__}); the next scan tries again"
        directory.fail_marts(partner_id, str(error) if is_told else stopped)
        raise
